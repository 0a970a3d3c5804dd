"""The plugin that connects a run with the monitor, by the same hooks any plugin can use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.hookspecs import hookimpl
from claude_mpm_monitor.host import hook_entries, settings, telemetry
from claude_mpm_monitor.host.cli import CliFacts, Examination
from claude_mpm_monitor.host.guard import guard, note, say
from claude_mpm_monitor.model.run import ClaudeLaunch, RunOptions

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor

#: Tells hooks installed for good that this claude has hooks of its own.
RUN_VARIABLE = "CLAUDE_MPM_MONITOR_RUN"
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
#: How long the launch waits for the examination, which has had all of the host's start for it.
_PATIENCE_SECONDS = 4.0


class ClaudeHooks:
    """Registers our hooks with each claude the host starts, for that start only.

    What it does goes wrong for the run alone: the host and claude go on without.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._examination = Examination(config.cache)
        self._ingest_url = ""
        self._files: list[Path] = []

    def look_ahead(self) -> None:
        """Begin to find out what the installed Claude Code understands; other threads do it."""
        self._examination.start()
        settings.remove_leftovers(self._config.run)

    @hookimpl
    def monitor_started(self, monitor: Monitor) -> None:
        """Remember where this process takes deliveries."""
        self._ingest_url = monitor.ingest_url

    @hookimpl
    def monitor_run_starting(self, run: RunOptions) -> None:
        """Have the host's own hooks, which inherit the environment, report here.

        To this process's own listener: the dashboard may be another process's and go with it.
        """
        port = str(urlsplit(self._ingest_url).port)
        os.environ["CLAUDE_MPM_SERVER_HOST"] = "127.0.0.1"
        os.environ["CLAUDE_MPM_SOCKETIO_PORT"] = port
        os.environ["CLAUDE_MPM_SERVER_PORT"] = port

    @hookimpl
    def monitor_server_chosen(self, run: RunOptions, url: str) -> None:
        """Say where the dashboard is, if it is not where the user wanted it."""
        if run.port and urlsplit(url).port != run.port:
            say(f"port {run.port} is taken: the dashboard is at {url}")

    @hookimpl
    def monitor_claude_launching(self, run: RunOptions, launch: ClaudeLaunch) -> None:
        """Add our hooks to the command, and tell permanent ones to keep quiet."""
        with guard("adding the hooks", consequence="claude runs unobserved"):
            facts = self._examination.result(_PATIENCE_SECONDS)
            note(f"Claude Code {facts.version or 'of unknown version'}: {len(facts.events)} events")
            if not facts.settings_hooks:
                say(
                    f"Claude Code {facts.version} takes no hooks for a single run. "
                    "`mpm-monitor hooks install` registers them in your settings."
                )
                return
            self._add(facts, launch)
            launch.environment[RUN_VARIABLE] = "1"
        if self._config.telemetry:
            with guard("switching on telemetry", consequence="claude runs without it"):
                self._add_telemetry(launch)

    @hookimpl
    def monitor_claude_exited(self, run: RunOptions, exit_code: int) -> None:
        """Keep in our log how claude ended: a session that was killed tells nobody."""
        note(f"claude ended with exit code {exit_code} in {run.directory}")

    @hookimpl
    def monitor_run_ended(self, run: RunOptions, exit_code: int) -> None:
        """Remove what was written for this run."""
        for path in self._files:
            path.unlink(missing_ok=True)

    def _add_telemetry(self, launch: ClaudeLaunch) -> None:
        others = _other_settings(launch.environment)
        own = telemetry.users_own(launch.environment, launch.command, others)
        if own:
            say(f"{own} is set: your telemetry goes where it did, none of it comes here.")
            return
        telemetry.add_to(launch.environment, self._ingest_url)

    def _add(self, facts: CliFacts, launch: ClaudeLaunch) -> None:
        others = list(_other_settings(launch.environment))
        if any(content.get("disableAllHooks") is True for content in others):
            say("your Claude Code settings switch off all hooks: claude runs unobserved")
            return
        http = facts.http_hooks and _loopback_is_open(launch.environment, others)
        hooks = hook_entries.run_hooks(facts, self._ingest_url, self._config.spool, http=http)
        try:
            command, path = settings.add_hooks(launch.command, hooks, self._config.run)
        except ConfigError as error:
            say(f"your settings cannot be joined with ours, claude runs unobserved: {error}")
            return
        self._files.append(path)
        launch.command[:] = command


def _loopback_is_open(environment: Mapping[str, str], others: list[dict[str, Any]]) -> bool:
    """Whether HTTP hooks to 127.0.0.1 arrive there: otherwise they are lost without a word.

    Claude Code limits them to a list of addresses if there is one in the settings `others`, and
    sends them through a proxy unless told not to.
    """
    variables = dict(environment)
    for content in others:
        if "allowedHttpHookUrls" in content:
            return False
        if isinstance(content.get("env"), dict):
            variables.update(content["env"])
    lower = {name.lower(): value for name, value in variables.items() if value}
    spared = {host.strip() for host in str(lower.get("no_proxy", "")).replace(" ", ",").split(",")}
    return bool({"127.0.0.1", "*"} & spared) or not _PROXIES & lower.keys()


def _other_settings(environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What Claude Code reads besides --settings when it is started so from here."""
    home = environment.get("HOME") or Path.home()
    user = Path(environment.get("CLAUDE_CONFIG_DIR") or f"{home}/.claude")
    for path in (
        user / "settings.json",
        Path(".claude/settings.json"),
        Path(".claude/settings.local.json"),
        Path("/etc/claude-code/managed-settings.json"),
        Path("/Library/Application Support/ClaudeCode/managed-settings.json"),
    ):
        try:
            content = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            continue  # not there, or not for us to complain about
        if isinstance(content, dict):
            yield content
