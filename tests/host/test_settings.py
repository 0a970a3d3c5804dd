"""Our hooks beside the user's own settings in one start of claude."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.host import settings

OURS = {"Stop": [{"hooks": [{"type": "command", "command": "ours"}]}]}


def given(command: list[str], folder: Path) -> tuple[list[str], Any]:
    """The command with our hooks, its settings file's name replaced by FILE, and what is in it."""
    words, path = settings.add_hooks(command, OURS, folder)
    return [("FILE" if word == str(path) else word) for word in words], json.loads(path.read_text())


def test_without_settings_of_the_users_ours_are_the_first_option(tmp_path: Path) -> None:
    command, content = given(["claude", "--model", "opus", "hello"], tmp_path)

    assert command == ["claude", "--settings", "FILE", "--model", "opus", "hello"]
    assert content == {"hooks": OURS}


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    _, path = settings.add_hooks(["claude"], OURS, tmp_path / "run")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("joined", [True, False], ids=["--settings=x", "--settings x"])
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "file"])
def test_the_users_settings_keep_their_place_and_their_say(
    tmp_path: Path, joined: bool, inline: bool
) -> None:
    own = {
        "model": "haiku",
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "theirs"}]}]},
    }
    file = tmp_path / "own.json"
    file.write_text(json.dumps(own))
    value = json.dumps(own) if inline else str(file)
    option = [f"--settings={value}"] if joined else ["--settings", value]

    command, content = given(["claude", "-p", *option, "hello"], tmp_path)

    assert command == ["claude", "-p", "--settings", "FILE", "hello"]
    assert content["model"] == "haiku"
    assert [hook["hooks"][0]["command"] for hook in content["hooks"]["Stop"]] == ["theirs", "ours"]
    assert json.loads(file.read_text()) == own


def test_the_last_of_several_counts_as_it_does_for_claude(tmp_path: Path) -> None:
    command, content = given(
        ["claude", "--settings", '{"model": "a"}', "--settings", '{"model": "b"}'], tmp_path
    )

    assert command == ["claude", "--settings", '{"model": "a"}', "--settings", "FILE"]
    assert content["model"] == "b"


def test_a_prompt_is_not_taken_for_an_option(tmp_path: Path) -> None:
    command, _ = given(["claude", "--", "--settings", "x"], tmp_path)

    assert command == ["claude", "--settings", "FILE", "--", "--settings", "x"]


@pytest.mark.parametrize("value", ["absent.json", "{not json", "[]", '{"hooks": []}'])
def test_settings_that_cannot_be_read_are_left_to_claude(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match="--settings"):
        settings.add_hooks(["claude", "--settings", value], OURS, tmp_path / "run")

    assert not (tmp_path / "run").exists()


def test_rules_for_files_mean_the_same_from_another_folder(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    rules = ["Read(/src/**)", "Edit(//etc/hosts)", "Write(~/x)", "Bash(/bin/ls:*)", "WebFetch"]
    own.write_text(json.dumps({"permissions": {"deny": rules, "defaultMode": "plan"}}))

    _, content = given(["claude", "--settings", str(own)], tmp_path / "run")

    root = tmp_path.resolve()
    assert content["permissions"] == {
        "deny": [f"Read(/{root}/src/**)", *rules[1:]],
        "defaultMode": "plan",
    }


def test_files_of_runs_that_were_killed_are_removed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = tmp_path / "run"
    _, alive = settings.add_hooks(["claude"], OURS, folder)
    (folder / f"settings-{ended.pid}-abc.json").write_text("{}")

    settings.remove_leftovers(folder)

    assert list(folder.iterdir()) == [alive]
    assert str(os.getpid()) in alive.name
