"""The hook entries themselves, as Claude Code's settings want them."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

from claude_mpm_monitor import hook
from claude_mpm_monitor.host.cli import CliFacts

Settings = dict[str, Any]

#: WorktreeCreate hooks replace the making of worktrees; MessageDisplay comes with every line.
NEVER_HOOKED = frozenset({"WorktreeCreate", "MessageDisplay"})
#: Claude Code sends no HTTP hook for these.
COMMAND_ONLY = frozenset({"SessionStart", "Setup"})
#: Claude Code's own limit is minutes; ours give up after one second by themselves.
TIMEOUT_SECONDS = 2

#: The hook programs as they are installed with us.
SCRIPTS = Path(hook.__file__).resolve().parent


def hooked_events(facts: CliFacts) -> tuple[str, ...]:
    """The events to register hooks for."""
    return tuple(event for event in facts.events if event not in NEVER_HOOKED)


def run_hooks(facts: CliFacts, ingest_url: str, spool: Path, *, http: bool) -> Settings:
    """The `hooks` setting for one run: HTTP where `http` allows it, else the command hook.

    :param ingest_url: where this run's monitor takes deliveries, such as http://127.0.0.1:41234.
    """
    port = ingest_url.rstrip("/").rpartition(":")[2]
    command = _command_hook(command_line(port, spool))
    over_http = {
        "type": "http",
        "url": f"{ingest_url.rstrip('/')}/hooks/claude",
        "timeout": TIMEOUT_SECONDS,
    }
    return {
        event: [{"hooks": [over_http if http and event not in COMMAND_ONLY else command]}]
        for event in hooked_events(facts)
    }


def permanent_hooks(facts: CliFacts, scripts: Path, runtime: Path, spool: Path) -> Settings:
    """The `hooks` setting for good: command hooks, which keep events when no monitor runs.

    :param scripts: the folder of the hook programs that outlives this installation of ours.
    """
    command = _command_hook(command_line(str(runtime), spool, scripts))
    return {event: [{"hooks": [command]}] for event in hooked_events(facts)}


def command_line(place: str, spool: Path, scripts: Path = SCRIPTS) -> str:
    """The shell command that delivers one event; `place` is a port or the runtime file.

    `exec` spares the shell that Claude Code starts it with a second process, and `LC_ALL=C` spares
    bash two dozen files of the user's language.
    """
    bash = shutil.which("bash")
    if bash is not None:
        program = [bash, str(scripts / "emit.sh")]
    else:
        program = [sys.executable, "-I", "-S", str(scripts / "emit.py")]
    return "LC_ALL=C exec " + shlex.join([*program, place, str(spool)])


def is_ours(entry: object) -> bool:
    """Whether a single hook of a settings file is one `permanent_hooks` has written."""
    command = entry.get("command") if isinstance(entry, dict) else None
    if not isinstance(command, str):
        return False
    command = command.replace("\\", "/")
    return "monitor.json" in command and ("/hook/emit.sh" in command or "/hook/emit.py" in command)


def _command_hook(command: str) -> Settings:
    return {"type": "command", "command": command, "timeout": TIMEOUT_SECONDS}
