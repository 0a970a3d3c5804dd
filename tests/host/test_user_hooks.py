"""Hooks registered for good in the user's Claude Code settings, and taken out again."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.host import user_hooks

EVENTS = ["PreToolUse", "PostToolUse", "SessionStart", "Stop"]
THEIRS = {"type": "command", "command": "theirs"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(home=tmp_path / "monitor")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Claude Code's configuration folder, with a claude on PATH that knows EVENTS."""
    programs = tmp_path / "bin"
    programs.mkdir()
    package = programs / "cli.js"
    package.write_text("x" * 100_000 + json.dumps(EVENTS, separators=(",", ":")))
    command = programs / "claude"
    command.write_text(f"#!/bin/sh\necho 2.1.330\n# exec {package}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    configuration = tmp_path / "dot-claude"
    configuration.mkdir()
    return configuration


def written(folder: Path, settings: Any) -> str:
    """The text of a settings file that holds `settings`."""
    text = settings if isinstance(settings, str) else json.dumps(settings, indent=2) + "\n"
    (folder / "settings.json").write_text(text)
    return text


def read(folder: Path) -> Any:
    return json.loads((folder / "settings.json").read_text())


def test_every_event_the_installed_version_knows_is_registered(
    config: Config, folder: Path
) -> None:
    state = user_hooks.install_user_hooks(config, folder)

    assert state.events == tuple(EVENTS)
    assert state.backup is None
    assert user_hooks.inspect_user_hooks(config, folder) == state
    assert {groups[0]["hooks"][0]["type"] for groups in read(folder)["hooks"].values()} == {
        "command"
    }


def test_the_registered_command_keeps_events_while_no_monitor_runs(
    config: Config, folder: Path
) -> None:
    user_hooks.install_user_hooks(config, folder)
    command = read(folder)["hooks"]["Stop"][0]["hooks"][0]["command"]

    subprocess.run(["sh", "-c", command], input=b'{"a":1}', check=True)

    (kept,) = config.spool.iterdir()
    assert kept.read_bytes().endswith(b'\n{"a":1}')


def test_everything_else_stays_as_it_was(config: Config, folder: Path) -> None:
    before = {"model": "opus", "hooks": {"Stop": [{"matcher": "x", "hooks": [THEIRS]}]}, "é": "ü"}
    text = written(folder, before)

    state = user_hooks.install_user_hooks(config, folder)

    after = read(folder)
    assert list(after) == list(before)
    assert after["hooks"]["Stop"][0] == {"matcher": "x", "hooks": [THEIRS]}
    assert len(after["hooks"]["Stop"]) == 2
    assert state.backup is not None
    assert state.backup.read_text() == text


def test_installing_twice_changes_nothing_the_second_time(config: Config, folder: Path) -> None:
    user_hooks.install_user_hooks(config, folder)
    before = (folder / "settings.json").read_bytes()

    again = user_hooks.install_user_hooks(config, folder)

    assert again.backup is None
    assert (folder / "settings.json").read_bytes() == before


@pytest.mark.parametrize(
    "before",
    [
        {"model": "opus"},
        {"hooks": {"Stop": [{"hooks": [THEIRS]}]}, "model": "opus"},
        {"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [THEIRS]}]}},
    ],
    ids=["no hooks", "theirs", "theirs with a matcher"],
)
def test_removing_gives_back_the_file_as_it_was(config: Config, folder: Path, before: Any) -> None:
    text = written(folder, before)
    user_hooks.install_user_hooks(config, folder)

    state = user_hooks.remove_user_hooks(config, folder)

    assert (folder / "settings.json").read_text() == text
    assert state.events == ()
    assert not state.programs_current


@pytest.mark.parametrize("before", [{"hooks": {}}, {"hooks": {"Stop": []}}, {}])
def test_removing_what_was_never_there_leaves_the_file_alone(
    config: Config, folder: Path, before: Any
) -> None:
    text = written(folder, before)

    assert user_hooks.remove_user_hooks(config, folder).backup is None
    assert (folder / "settings.json").read_text() == text


def test_our_hook_in_a_group_of_the_users_is_taken_out_alone(config: Config, folder: Path) -> None:
    user_hooks.install_user_hooks(config, folder)
    ours = read(folder)["hooks"]["Stop"][0]["hooks"][0]
    written(folder, {"hooks": {"Stop": [{"hooks": [THEIRS, ours]}]}})

    user_hooks.remove_user_hooks(config, folder)

    assert read(folder) == {"hooks": {"Stop": [{"hooks": [THEIRS]}]}}


@pytest.mark.parametrize("text", ["{", "[1]", '{"hooks": []}', '{"hooks": {"Stop": 1}}', "\udcff"])
def test_a_file_that_is_not_understood_is_left_alone(
    config: Config, folder: Path, text: str
) -> None:
    (folder / "settings.json").write_bytes(text.encode(errors="surrogateescape"))
    before = (folder / "settings.json").read_bytes()

    for action in (user_hooks.install_user_hooks, user_hooks.remove_user_hooks):
        with pytest.raises(ConfigError, match=r"settings\.json"):
            action(config, folder)

    assert (folder / "settings.json").read_bytes() == before


def test_a_linked_file_stays_a_link_and_keeps_its_mode(
    config: Config, folder: Path, tmp_path: Path
) -> None:
    real = tmp_path / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_text("{}")
    real.chmod(0o640)
    (folder / "settings.json").symlink_to(real)

    user_hooks.install_user_hooks(config, folder)

    assert (folder / "settings.json").is_symlink()
    assert "Stop" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_without_claude_there_is_nothing_to_register_with(
    config: Config, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))

    with pytest.raises(ConfigError, match="no `claude` on PATH"):
        user_hooks.install_user_hooks(config, folder)


def test_programs_that_are_not_the_current_ones_are_noticed(config: Config, folder: Path) -> None:
    user_hooks.install_user_hooks(config, folder)
    (config.home / "hook" / "emit.sh").write_text("older")

    assert not user_hooks.inspect_user_hooks(config, folder).programs_current
    assert user_hooks.install_user_hooks(config, folder).programs_current


def test_hooks_switched_off_altogether_are_noticed(config: Config, folder: Path) -> None:
    written(folder, {"disableAllHooks": True})

    assert user_hooks.inspect_user_hooks(config, folder).disabled
