"""Hooks registered for good in the user's own Claude Code settings, for those who run plain claude.

Only when the user asks for it. Everything else in the file stays, a copy of it is kept beside it,
and what is not understood is left alone with a sentence saying why.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.host import hook_entries
from claude_mpm_monitor.host.cli import examine

Settings = dict[str, Any]

_PROGRAMS = ("emit.sh", "emit.py")


class UserHooks(msgspec.Struct, frozen=True, kw_only=True):
    """What a settings file holds of ours. Immutable."""

    #: The settings file, there or not.
    path: Path
    #: Events our hook is registered for.
    events: tuple[str, ...]
    #: Whether the programs they start are there, and the same as ours.
    programs_current: bool
    #: Whether the file switches all hooks off.
    disabled: bool
    #: The copy made before the file was changed; None when it was not changed.
    backup: Path | None = None


def inspect_user_hooks(config: Config, claude_config_dir: Path) -> UserHooks:
    """What is registered in ``settings.json`` of `claude_config_dir`. Changes nothing.

    Raises ConfigError when the file cannot be understood.
    """
    path = claude_config_dir / "settings.json"
    return _state(config, path, _read(path), None)


def install_user_hooks(config: Config, claude_config_dir: Path) -> UserHooks:
    """Register our hook for every event the installed Claude Code knows, or bring it up to date.

    Raises ConfigError when there is no Claude Code, or the settings cannot be understood.
    """
    path = claude_config_dir / "settings.json"
    settings = _read(path)
    command = shutil.which("claude")
    if command is None:
        raise ConfigError("there is no `claude` on PATH: install Claude Code first")
    config.create_folders()
    facts = examine(Path(command), config.cache, os.environ)
    scripts = _scripts(config)
    ours = hook_entries.permanent_hooks(facts, scripts, config.runtime, config.spool)
    _copy_programs(scripts)
    changed = _without_ours(settings)
    hooks = changed.setdefault("hooks", {})
    for event, entries in ours.items():
        hooks[event] = [*hooks.get(event, []), *entries]
    return _state(config, path, changed, _write(path, settings, changed))


def remove_user_hooks(config: Config, claude_config_dir: Path) -> UserHooks:
    """Take our hooks out again, and leave everybody else's.

    Raises ConfigError when the settings cannot be understood.
    """
    path = claude_config_dir / "settings.json"
    settings = _read(path)
    changed = _without_ours(settings)
    backup = _write(path, settings, changed)
    shutil.rmtree(_scripts(config), ignore_errors=True)
    return _state(config, path, changed, backup)


def _scripts(config: Config) -> Path:
    """Where permanent hooks find their programs, whatever becomes of this installation."""
    return config.home / "hook"


def _copy_programs(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in _PROGRAMS:
        draft = folder / f"{name}.{os.getpid()}"
        shutil.copyfile(hook_entries.SCRIPTS / name, draft)
        draft.replace(folder / name)


def _programs_current(folder: Path) -> bool:
    try:
        return all(
            (folder / name).read_bytes() == (hook_entries.SCRIPTS / name).read_bytes()
            for name in _PROGRAMS
        )
    except FileNotFoundError:
        return False


def _state(config: Config, path: Path, settings: Settings, backup: Path | None) -> UserHooks:
    events = tuple(
        event
        for event, groups in settings.get("hooks", {}).items()
        if any(hook_entries.is_ours(hook) for group in groups for hook in _hooks_of(group))
    )
    return UserHooks(
        path=path,
        events=events,
        programs_current=_programs_current(_scripts(config)),
        disabled=settings.get("disableAllHooks") is True,
        backup=backup,
    )


def _read(path: Path) -> Settings:
    """The settings in `path`, {} when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    try:
        settings = json.loads(text) if text.strip() else {}
    except ValueError as error:
        raise ConfigError(
            f"{path} is no JSON ({error}), so Claude Code ignores it and it stays as it is"
        ) from error
    hooks = settings.get("hooks", {}) if isinstance(settings, dict) else None
    if not isinstance(hooks, dict) or not all(
        isinstance(groups, list) for groups in hooks.values()
    ):
        raise ConfigError(f"{path}: not laid out as Claude Code wants it, so it stays as it is")
    return dict(settings)


def _hooks_of(group: object) -> list[object]:
    hooks = group.get("hooks") if isinstance(group, dict) else None
    return hooks if isinstance(hooks, list) else []


def _without_ours(settings: Settings) -> Settings:
    """A copy of `settings` without our hooks, and without the groups that held nothing else."""
    kept: Settings = {}
    for event, groups in settings.get("hooks", {}).items():
        left = []
        for group in groups:
            others = [hook for hook in _hooks_of(group) if not hook_entries.is_ours(hook)]
            if len(others) == len(_hooks_of(group)):
                left.append(group)
            elif others:
                left.append({**group, "hooks": others})
        if left or not groups:
            kept[event] = left
    rest = {key: value for key, value in settings.items() if key != "hooks"}
    if kept or settings.get("hooks") == {}:
        # In its old place, so that the file reads as before.
        return {key: kept if key == "hooks" else value for key, value in settings.items()}
    return rest


def _write(path: Path, before: Settings, after: Settings) -> Path | None:
    """Replace `path` in one step, if there is a difference; the copy of what was there."""
    if before == after:
        return None
    # The user's settings may be a link into a folder they keep under version control.
    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup = None
    if target.exists():
        backup = target.with_name(f"{target.name}.before-mpm-monitor")
        shutil.copy2(target, backup)
    handle, name = tempfile.mkstemp(".json", f".{target.name}-", target.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(after, file, indent=2, ensure_ascii=False)
        file.write("\n")
    if backup is not None:
        shutil.copymode(target, name)
    os.replace(name, target)
    return backup
