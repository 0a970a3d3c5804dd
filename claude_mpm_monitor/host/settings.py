"""Give one start of claude our hooks through ``--settings``, beside the user's own if any.

Nothing of the user's is edited: what they pass is read, joined with ours and written to a file of
its own, which lives as long as the run.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from claude_mpm_monitor.errors import ConfigError

Settings = dict[str, Any]

_OPTION = "--settings"
#: Rules of these tools name files; others (Bash) name commands.
_FILE_RULE = re.compile(
    r"^(Read|Edit|Write|MultiEdit|NotebookEdit|Glob|Grep)\((?P<path>/[^/].*)\)$"
)


class UserSettings(NamedTuple):
    """What the user passed with --settings."""

    #: Position of the option in the command, and how many words it takes.
    at: int
    words: int
    value: str


def add_hooks(command: list[str], hooks: Settings, folder: Path) -> tuple[list[str], Path]:
    """`command` with `hooks` in its settings, and the file that holds them.

    :param command: as claude is about to be started, the program first. Not changed.
    :param folder: where the file goes; only its owner can read it.

    Raises ConfigError when the user's own settings cannot be read: they are Claude Code's to
    complain about then.
    """
    own = find_option(command)
    settings: Settings = {"hooks": hooks}
    if own is not None:
        settings = merge(read_settings(own.value), settings)
    path = write_private(settings, folder)
    if own is None:
        return [command[0], _OPTION, str(path), *command[1:]], path
    return [*command[: own.at], _OPTION, str(path), *command[own.at + own.words :]], path


def find_option(command: list[str]) -> UserSettings | None:
    """The --settings that counts in `command`: the last one before ``--``."""
    found = None
    for at, word in enumerate(command):
        if word == "--":
            break
        if word == _OPTION and at + 1 < len(command):
            found = UserSettings(at, 2, command[at + 1])
        elif word.startswith(f"{_OPTION}="):
            found = UserSettings(at, 1, word.removeprefix(f"{_OPTION}="))
    return found


def read_settings(value: str) -> Settings:
    """The settings in `value`, a path or the JSON itself, as Claude Code would read them."""
    inline = value.strip().startswith("{")
    try:
        text = value if inline else Path(value).expanduser().read_text(encoding="utf-8-sig")
        settings = json.loads(text)
    except (OSError, ValueError) as error:
        raise ConfigError(f"--settings {_shorten(value)}: {error}") from error
    if not isinstance(settings, dict) or not isinstance(settings.get("hooks", {}), dict):
        raise ConfigError(f"--settings {_shorten(value)}: not an object as Claude Code wants it")
    return settings if inline else _rooted(settings, Path(value).expanduser().resolve().parent)


def merge(user: Settings, ours: Settings) -> Settings:
    """`user` with what only `ours` has; for each event the user's hooks, then ours."""
    hooks = dict(user.get("hooks", {}))
    for event, entries in ours["hooks"].items():
        present = hooks.get(event, [])
        hooks[event] = [*present, *entries] if isinstance(present, list) else present
    return {**user, "hooks": hooks}


def write_private(settings: Settings, folder: Path) -> Path:
    """Write `settings` to a new file in `folder` that its owner alone can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Created with mode 0600. The process id tells a file whose run is over.
    handle, name = tempfile.mkstemp(".json", f"settings-{os.getpid()}-", folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(settings, file, indent=1)
    return Path(name)


def remove_leftovers(folder: Path) -> None:
    """Remove settings files of runs that were killed before they could."""
    for path in folder.glob("settings-*-*.json"):
        owner = path.name.split("-")[1]
        if owner.isdigit() and not _is_alive(int(owner)):
            path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _rooted(settings: Settings, root: Path) -> Settings:
    """`settings` with file rules that mean the same from another folder.

    In `Read(/src/**)` the first slash stands for the folder of the settings file; absolute paths
    begin with two.
    """
    permissions = settings.get("permissions")
    if not isinstance(permissions, dict):
        return settings
    moved = {
        key: [_rooted_rule(rule, root) for rule in rules] if isinstance(rules, list) else rules
        for key, rules in permissions.items()
    }
    return {**settings, "permissions": moved}


def _rooted_rule(rule: object, root: Path) -> object:
    match = _FILE_RULE.match(rule) if isinstance(rule, str) else None
    if match is None:
        return rule
    return f"{match[1]}(/{root.as_posix()}{match['path']})"


def _shorten(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:57]}..."
