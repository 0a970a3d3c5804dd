"""Config: where the monitor keeps its things and where it listens.

Settings come from, in this order: what the caller passes, the environment, the defaults.

=====================================  ======================================================
variable                               meaning
=====================================  ======================================================
``CLAUDE_MPM_MONITOR``                 ``0`` switches the monitor off inside claude-mpm
``CLAUDE_MPM_MONITOR_HOME``            folder for the store, logs and spool
                                       (default ``~/.claude-mpm/monitor``)
``CLAUDE_MPM_MONITOR_PORT``            dashboard port (default 8765)
``CLAUDE_MPM_MONITOR_BIND``            the IPv4 address the dashboard listens on
                                       (default 127.0.0.1; others need the token in the home)
``CLAUDE_MPM_MONITOR_TELEMETRY``       ``1`` has claude report its own telemetry to the monitor
``CLAUDE_MPM_MONITOR_DISABLE_PLUGINS`` names of plugins to leave out, separated by commas
``CLAUDE_MPM_MONITOR_PLUGIN_FILES``    further plugins of a single file, paths separated as in PATH
``CLAUDE_MPM_MONITOR_KEEP_DAYS``       sessions not active for so many days are given up
                                       (default 0: none are for their age)
``CLAUDE_MPM_MONITOR_KEEP_GB``         the oldest sessions are given up when the store is larger
                                       (default 10; 0: however large it gets)
``CLAUDE_MPM_MONITOR_SWITCH_US``       after how many microseconds a busy thread of the host gives
                                       the interpreter away (default 0: as Python has it, 5,000)
``CLAUDE_MPM_NO_BROWSER``              ``1`` keeps the browser closed
=====================================  ======================================================
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from claude_mpm_monitor.errors import ConfigError

DEFAULT_PORT = 8765
LOOPBACK = "127.0.0.1"
GB = 1_000_000_000
DEFAULT_KEEP_GB = 10
#: Ports tried after the wanted one, as the host does; then any free one.
PORT_RANGE = range(8765, 8786)
#: A larger request body is refused with 413 before it is read.
MAX_BODY_BYTES = 32 * 1024 * 1024


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The monitor's settings. Immutable; any thread."""

    home: Path
    bind: str = LOOPBACK
    port: int = DEFAULT_PORT
    disabled_plugins: frozenset[str] = frozenset()
    plugin_files: tuple[Path, ...] = ()
    open_browser: bool = True
    telemetry: bool = False
    keep_days: int = 0
    switch_us: int = 0
    keep_bytes: int = DEFAULT_KEEP_GB * GB

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] = os.environ,
        *,
        home: Path | str | None = None,
        port: int | None = None,
        bind: str | None = None,
    ) -> Config:
        """Build a Config from `environ`, with `home`, `port` and `bind` winning when given.

        Raises ConfigError when a variable has a value that cannot be used.
        """
        chosen_home = home or environ.get("CLAUDE_MPM_MONITOR_HOME") or "~/.claude-mpm/monitor"
        if port is None:
            text = environ.get("CLAUDE_MPM_MONITOR_PORT", str(DEFAULT_PORT))
            port = _port("CLAUDE_MPM_MONITOR_PORT", text)
        else:
            port = _port("The port", str(port))
        chosen = Path(chosen_home).expanduser().absolute()
        names = environ.get("CLAUDE_MPM_MONITOR_DISABLE_PLUGINS", "").split(",")
        files = environ.get("CLAUDE_MPM_MONITOR_PLUGIN_FILES", "").split(os.pathsep)
        return cls(
            home=chosen,
            bind=_address(bind or environ.get("CLAUDE_MPM_MONITOR_BIND") or LOOPBACK),
            port=port,
            disabled_plugins=frozenset(name.strip() for name in names if name.strip()),
            plugin_files=tuple(Path(name).expanduser().absolute() for name in files if name),
            open_browser=environ.get("CLAUDE_MPM_NO_BROWSER") != "1",
            telemetry=environ.get("CLAUDE_MPM_MONITOR_TELEMETRY") == "1",
            switch_us=_whole(environ, "CLAUDE_MPM_MONITOR_SWITCH_US", 0),
            keep_days=_whole(environ, "CLAUDE_MPM_MONITOR_KEEP_DAYS", 0),
            keep_bytes=_whole(environ, "CLAUDE_MPM_MONITOR_KEEP_GB", DEFAULT_KEEP_GB) * GB,
        )

    @property
    def is_shared(self) -> bool:
        """Whether other machines can reach the dashboard."""
        return not ipaddress.ip_address(self.bind).is_loopback

    @property
    def token(self) -> Path:
        """The token of whoever the system does not vouch for."""
        return self.home / "token"

    @property
    def entry(self) -> Path:
        """The page that leads the owner's browser in where a token is needed."""
        return self.run / "dashboard.html"

    @property
    def database(self) -> Path:
        """The event store's file."""
        return self.home / "monitor.db"

    @property
    def spool(self) -> Path:
        """Folder where the command hook leaves what nobody took."""
        return self.home / "spool"

    @property
    def cache(self) -> Path:
        """Folder for what can be worked out again (which hooks a Claude Code version knows)."""
        return self.home / "cache"

    @property
    def run(self) -> Path:
        """Folder for what lives as long as one run (its hook settings)."""
        return self.home / "run"

    @property
    def log(self) -> Path:
        """The monitor's log file."""
        return self.home / "logs" / "monitor.log"

    @property
    def runtime(self) -> Path:
        """JSON about the process that owns the dashboard port."""
        return self.home / "monitor.json"

    @property
    def prices(self) -> Path:
        """The user's own prices, in TOML or JSON; mostly there is no such file."""
        toml = self.home / "prices.toml"
        return toml if toml.exists() else self.home / "prices.json"

    @property
    def plugins_folder(self) -> Path:
        """Folder for plugins of a single file."""
        return self.home / "plugins"

    @property
    def plugin_settings(self) -> Path:
        """The settings of plugins; mostly there is no such file."""
        return self.home / "plugins.toml"

    @property
    def board(self) -> Path:
        """The board of widgets; there is none before it was changed."""
        return self.home / "board.json"

    @property
    def searches(self) -> Path:
        """The saved searches; there is no such file before one was saved."""
        return self.home / "searches.json"

    @property
    def disabled_file(self) -> Path:
        """Which plugins `mpm-monitor plugins disable` has switched off, one name a line."""
        return self.home / "plugins.disabled"

    def create_folders(self) -> None:
        """Create the monitor's folders, readable by their owner only."""
        for folder in (self.home, self.spool, self.cache, self.run, self.log.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The home may be older than this rule, or made under a wider umask by something else.
        self.home.chmod(0o700)


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()):
        raise ConfigError(f"{name} is {text!r}: it must be a whole number, 0 for no limit")
    return int(text)


def _address(text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError:
        raise ConfigError(
            f"{text!r} cannot be listened on: give an IPv4 address of this machine, such as "
            "127.0.0.1, or 0.0.0.0 for all it has"
        ) from None


def _port(name: str, text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise ConfigError(f"{name} is {text!r}: it must be a number, 0 to 65535")
    return port
