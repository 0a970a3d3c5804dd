"""What the installed Claude Code understands: its version, its hook events, HTTP hooks or not.

An event a version does not know makes versions up to 2.1.100 drop the whole settings file, and an
unknown hook type does so in every version, so only what is known for certain is written.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

import msgspec

from claude_mpm_monitor.host import cli_package
from claude_mpm_monitor.host.guard import guard

Version = tuple[int, ...]

#: The first version with hooks of type "http".
HTTP_HOOKS_SINCE: Version = (2, 1, 63)
#: The first version that reads hooks from a file given with --settings.
SETTINGS_HOOKS_SINCE: Version = (1, 0, 128)

_V1_0 = (
    "PreToolUse PostToolUse Notification UserPromptSubmit SessionStart SessionEnd Stop"
    " SubagentStop PreCompact"
)
_V2_0 = f"{_V1_0} PostToolUseFailure SubagentStart PermissionRequest"
_V2_1_100 = (
    f"{_V2_0} StopFailure PostCompact PermissionDenied Setup TeammateIdle TaskCreated"
    " TaskCompleted Elicitation ElicitationResult ConfigChange WorktreeCreate WorktreeRemove"
    " InstructionsLoaded CwdChanged FileChanged"
)
_V2_1_330 = (
    f"{_V2_1_100} PostToolBatch UserPromptExpansion PreModelSwitch PostModelSwitch DirectoryAdded"
    " MessageDisplay"
)
#: Read out of these versions. One in between gets the set before it, a newer one the last.
MEASURED: tuple[tuple[Version, tuple[str, ...]], ...] = (
    ((1, 0, 128), tuple(_V1_0.split())),
    ((2, 0, 76), tuple(_V2_0.split())),
    ((2, 1, 100), tuple(_V2_1_100.split())),
    ((2, 1, 330), tuple(_V2_1_330.split())),
)


class CliFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What one installed Claude Code understands. Immutable; any thread."""

    #: "" when it does not say.
    version: str
    #: Every hook event it knows.
    events: tuple[str, ...]

    @property
    def http_hooks(self) -> bool:
        """Whether hooks of type "http" can be written."""
        return parse_version(self.version) >= HTTP_HOOKS_SINCE

    @property
    def settings_hooks(self) -> bool:
        """Whether hooks in a file given with --settings are run. Doubt counts as yes."""
        return not self.version or parse_version(self.version) >= SETTINGS_HOOKS_SINCE


class _Remembered(msgspec.Struct, frozen=True):
    """A cache entry: `facts` hold for the files this `fingerprint` was taken of."""

    fingerprint: tuple[str, int, int, str, int, int]
    facts: CliFacts


def parse_version(text: str) -> Version:
    """The numbers of a version such as "2.1.330 (Claude Code)"; empty when there is none."""
    match = re.match(r"\s*v?(\d+(?:\.\d+)+)", text)
    return tuple(int(part) for part in match.group(1).split(".")) if match else ()


def events_of(version: Version) -> tuple[str, ...]:
    """The events `version` knows for certain, by the table of versions looked into."""
    known = [events for measured, events in MEASURED if measured <= version]
    return known[-1] if known else MEASURED[0][1]


def examine(command: Path, cache: Path, environment: Mapping[str, str]) -> CliFacts:
    """Find out what the Claude Code started by `command` understands.

    :param cache: folder to remember the answer in, until one of the files changes.

    Takes a second or two the first time: it starts the program with --version and reads it.
    """
    program = cli_package.program_behind(command)
    fingerprint = (*_fingerprint(command), *_fingerprint(program))
    memory = cache / "claude-cli.json"
    try:
        remembered = msgspec.json.decode(memory.read_bytes(), type=_Remembered)
        if remembered.fingerprint == fingerprint:
            return remembered.facts
    except (OSError, msgspec.DecodeError):
        pass  # nothing remembered yet, or by another version of ours
    version = _ask_version(command, environment)
    events = cli_package.events_in(program) or events_of(parse_version(version))
    facts = CliFacts(version=version, events=events)
    if version:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        memory.write_bytes(msgspec.json.encode(_Remembered(fingerprint, facts)))
    return facts


def _fingerprint(path: Path) -> tuple[str, int, int]:
    status = path.stat()
    return (str(path), status.st_size, status.st_mtime_ns)


def _ask_version(command: Path, environment: Mapping[str, str]) -> str:
    try:
        answer = subprocess.run(
            [command, "--version"],
            env={**environment, "DISABLE_AUTOUPDATER": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=10,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ".".join(str(number) for number in parse_version(answer))


class Examination:
    """`examine` on a thread of its own, so that it is done by the time claude is launched."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._environment = dict(os.environ)
        self._facts: CliFacts | None = None
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-cli", daemon=True)

    def start(self) -> None:
        """Begin. Once."""
        self._thread.start()

    def result(self, timeout: float) -> CliFacts:
        """What was found, waiting up to `timeout` seconds; the least there is when it was not."""
        self._thread.join(timeout)
        return self._facts or CliFacts(version="", events=MEASURED[0][1])

    def _run(self) -> None:
        with guard("looking into the installed Claude Code"):
            command = shutil.which("claude", path=self._environment.get("PATH"))
            if command is not None:
                self._facts = examine(Path(command), self._cache, self._environment)
