"""One monitored run in this process: the monitor's start, the launches of claude, the end."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claude_mpm_monitor.config import DEFAULT_PORT, Config
from claude_mpm_monitor.host import boot
from claude_mpm_monitor.host.claude_hooks import ClaudeHooks
from claude_mpm_monitor.host.guard import guard, log_to, say
from claude_mpm_monitor.model.run import ClaudeLaunch, RunOptions

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor

_CLOSE_SECONDS = 1.0
_PORT_OPTION = "--websocket-port"


class MonitoredRun:
    """The run this process is about. Main thread, except where noted."""

    def __init__(self, host_name: str) -> None:
        config = Config.from_environment()
        config.create_folders()
        log_to(config.log)
        #: The settings; the port in it is not yet the one asked for.
        self.config = config
        self._host_name = host_name
        self._hooks = ClaudeHooks(config)
        self._hooks.look_ahead()
        self._monitor: Monitor | None = None
        self._options: RunOptions | None = None
        self._failed = False
        self._ended = False
        self._exit_code = 0

    @property
    def url(self) -> str:
        """The dashboard's address, without a slash at the end; "" before the start."""
        return self._monitor.url.rstrip("/") if self._monitor else ""

    @property
    def demands_token(self) -> bool:
        """Whether a browser needs the token to get in."""
        return bool(self._monitor and self._monitor.status()["token_demanded"])

    @property
    def port(self) -> int:
        """The dashboard's port."""
        return urlsplit(self.url).port or 0

    def start(self, preferred_port: int = DEFAULT_PORT) -> bool:
        """Start the monitor, once; whether it runs. A failure is reported, once, not raised."""
        if self._monitor is None and not self._failed and not self._ended:
            self._failed = True
            consequence = f"{self._host_name} goes on without it"
            with guard("starting the monitor", consequence=consequence):
                self._start(wanted_port(preferred_port))
                self._failed = False
        return self._monitor is not None

    def _start(self, port: int) -> None:
        # Not before it is needed: this is what takes time to import.
        from claude_mpm_monitor.monitor import Monitor

        config = Config.from_environment(port=port)
        monitor = Monitor(config, plugins=[self._hooks])
        monitor.start()
        self._monitor = monitor
        atexit.register(self.end)
        for notice in monitor.notices():
            say(notice)
        self._options = RunOptions(
            host_name=self._host_name,
            host_version=version_of(self._host_name),
            arguments=tuple(sys.argv[1:]),
            directory=os.getcwd(),
            port=port,
        )
        self._call("monitor_run_starting")
        self._call("monitor_server_chosen", url=self.url)

    def launching(self, command: Sequence[str], environment: Mapping[str, str]) -> ClaudeLaunch:
        """How to start claude instead of by `command` in `environment`, which stay as they are."""
        launch = ClaudeLaunch(command=list(command), environment=dict(environment))
        with guard("preparing the launch", consequence="claude runs unobserved"):
            self._call("monitor_claude_launching", launch=launch)
            return launch
        return ClaudeLaunch(command=list(command), environment=dict(environment))

    def claude_exited(self, exit_code: int) -> None:
        """Tell everybody that claude has ended with `exit_code`, 0 to 255."""
        self._exit_code = exit_code
        with guard("closing the run"):
            self._call("monitor_claude_exited", exit_code=exit_code)

    def end(self) -> None:
        """End the run and stop the monitor, once, within about a second."""
        if self._monitor is None or self._ended:
            return
        self._ended = True
        with guard("stopping the monitor"):
            self._call("monitor_run_ended", exit_code=self._exit_code)
            self._monitor.close(timeout=_CLOSE_SECONDS)

    def _call(self, hook: str, **arguments: object) -> None:
        if self._monitor is not None:
            self._monitor.plugins.call(hook, run=self._options, **arguments)


def wanted_port(preferred: int) -> int:
    """The port asked for on the command line or in the environment, else `preferred`.

    The host limits what it passes on to a range of its own.
    """
    arguments = boot.own_arguments(sys.argv)
    for at, word in enumerate(arguments):
        name, _, value = word.partition("=")
        if name != _PORT_OPTION:
            continue
        value = value or next(iter(arguments[at + 1 :]), "")
        if value.isdigit():
            return int(value)
    return Config.from_environment().port if preferred == DEFAULT_PORT else preferred


def version_of(distribution: str) -> str:
    """The installed version of a distribution, "" when it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


_current: MonitoredRun | None = None


def current(host_name: str = "claude-mpm") -> MonitoredRun:
    """This process's run, made when first asked for."""
    global _current
    if _current is None:
        _current = MonitoredRun(host_name)
    return _current
