"""Finding out what the installed Claude Code understands."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from claude_mpm_monitor.host import cli, cli_package, hook_entries
from claude_mpm_monitor.host.cli import CliFacts

EVENTS = ["PreToolUse", "PostToolUse", "Stop", "SessionStart", "Brandnew"]


def program(path: Path, events: list[str] = EVENTS, padding: int = 100_000) -> Path:
    """A file that holds lists of events as the package does, among other text."""
    text = json.dumps(events, separators=(",", ":"))
    other = '["PreToolUse","PostToolUse"]'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{'x' * padding}var a={other},b={text};{'y' * padding}")
    return path


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_longest_list_with_the_events_of_every_version_is_the_one(tmp_path: Path) -> None:
    assert cli_package.events_in(program(tmp_path / "cli.js")) == tuple(EVENTS)


@pytest.mark.parametrize("offset", range(-60, 10, 7))
def test_a_list_across_two_pieces_is_seen(tmp_path: Path, offset: int) -> None:
    path = program(tmp_path / "cli.js", padding=1024 * 1024 + offset)

    assert cli_package.events_in(path) == tuple(EVENTS)


def test_a_program_without_a_list_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "cli.js"
    path.write_text("nothing here")

    assert cli_package.events_in(path) == ()


@pytest.mark.parametrize(
    "text",
    [
        '#!/bin/sh\nexec node {package}/cli.js "$@"\n',
        '#!/bin/bash\nexec "{package}/cli.js" "$@"\n',
        '@ECHO off\r\n"%~dp0\\package\\cli.js" %*\r\n',
        'basedir=$(dirname "$0")\nexec node "$basedir/package/cli.js" "$@"\n',
    ],
    ids=["sh", "quoted", "cmd", "npm"],
)
def test_wrappers_are_followed_to_the_program(tmp_path: Path, text: str) -> None:
    behind = program(tmp_path / "package" / "cli.js")
    wrapper = executable(tmp_path / "claude", text.replace("{package}", str(behind.parent)))

    assert cli_package.program_behind(wrapper) == behind


def test_links_and_wrappers_of_wrappers_are_followed(tmp_path: Path) -> None:
    behind = program(tmp_path / "package" / "cli.js")
    inner = executable(tmp_path / "inner" / "claude", f'exec "{behind}" "$@"\n')
    outer = executable(tmp_path / "outer" / "claude", f'exec "{inner}" "$@"\n')
    link = tmp_path / "bin-claude"
    link.symlink_to(outer)

    assert cli_package.program_behind(link) == behind


def test_wrappers_that_call_each_other_end(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "claude", tmp_path / "two" / "claude"
    executable(one, f"exec {two}\n")
    executable(two, f"exec {one}\n")

    assert cli_package.program_behind(one) in (one, two)


def asked(tmp_path: Path, version: str, events: list[str] | None = EVENTS) -> CliFacts:
    """What is found out about a claude of that version; its program lists `events`."""
    behind = tmp_path / "package" / "cli.js"
    if events is None:
        behind.parent.mkdir()
        behind.write_text("x" * 100_000)
    else:
        program(behind, events)
    command = executable(tmp_path / "claude", f"#!/bin/sh\necho '{version}'\n# exec {behind}\n")
    return cli.examine(command, tmp_path / "cache", os.environ)


def test_version_and_events_are_found(tmp_path: Path) -> None:
    facts = asked(tmp_path, "2.1.330 (Claude Code)")

    assert facts == CliFacts(version="2.1.330", events=tuple(EVENTS))


def test_the_table_stands_in_for_a_list_that_is_not_found(tmp_path: Path) -> None:
    assert asked(tmp_path, "2.0.80", events=None).events == cli.MEASURED[1][1]


def test_the_answer_is_remembered_until_a_file_changes(tmp_path: Path) -> None:
    asked(tmp_path, "2.1.330")
    command, behind = tmp_path / "claude", tmp_path / "package" / "cli.js"
    calls = tmp_path / "calls"
    executable(command, f"#!/bin/sh\necho x >>{calls}\necho 2.2.0\n# exec {behind}\n")

    first = cli.examine(command, tmp_path / "cache", os.environ)
    second = cli.examine(command, tmp_path / "cache", os.environ)
    program(behind, [*EVENTS, "Another"])
    third = cli.examine(command, tmp_path / "cache", os.environ)

    assert first == second
    assert first.version == "2.2.0"
    assert third.events[-1] == "Another"
    assert calls.read_text() == "x\nx\n"


def test_a_damaged_memory_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "claude-cli.json").write_text("{")

    assert asked(tmp_path, "2.1.330").version == "2.1.330"


def test_a_claude_that_does_not_say_its_version_gets_the_hooks_all_versions_know(
    tmp_path: Path,
) -> None:
    facts = asked(tmp_path, "oops", events=None)

    assert facts.version == ""
    assert facts.events == cli.MEASURED[0][1]
    assert not facts.http_hooks


@pytest.mark.parametrize(
    ("version", "count"),
    [
        ("0.9.1", 9),
        ("1.0.128", 9),
        ("1.0.200", 9),
        ("2.0.76", 12),
        ("2.1.99", 12),
        ("2.1.100", 27),
        ("2.1.329", 27),
        ("2.1.330", 33),
        ("9.0.0", 33),
    ],
)
def test_a_version_in_between_gets_the_set_before_it(version: str, count: int) -> None:
    assert len(cli.events_of(cli.parse_version(version))) == count


@pytest.mark.parametrize(
    ("version", "http", "settings"),
    [
        ("1.0.100", False, False),
        ("1.0.128", False, True),
        ("2.1.62", False, True),
        ("2.1.63", True, True),
        ("3.0.0", True, True),
        ("", False, True),
    ],
)
def test_what_a_version_takes(version: str, http: bool, settings: bool) -> None:
    facts = CliFacts(version=version, events=())

    assert (facts.http_hooks, facts.settings_hooks) == (http, settings)


def test_events_that_would_change_what_claude_does_are_never_hooked() -> None:
    facts = CliFacts(version="2.1.330", events=cli.MEASURED[-1][1])

    hooked = hook_entries.hooked_events(facts)

    assert set(facts.events) - set(hooked) == {"WorktreeCreate", "MessageDisplay"}


def test_hooks_go_over_http_but_for_the_events_that_are_not_sent_so(tmp_path: Path) -> None:
    facts = CliFacts(version="2.1.330", events=("PreToolUse", "SessionStart", "Setup"))

    hooks = hook_entries.run_hooks(facts, "http://127.0.0.1:4711", tmp_path, http=True)

    kinds = {event: groups[0]["hooks"][0]["type"] for event, groups in hooks.items()}
    assert kinds == {"PreToolUse": "http", "SessionStart": "command", "Setup": "command"}
    assert hooks["PreToolUse"][0]["hooks"][0] == {
        "type": "http",
        "url": "http://127.0.0.1:4711/hooks/claude",
        "timeout": 2,
    }
    assert "emit.sh 4711 " in hooks["Setup"][0]["hooks"][0]["command"]


def test_an_older_version_gets_command_hooks_only(tmp_path: Path) -> None:
    facts = CliFacts(version="2.0.76", events=("PreToolUse", "SessionStart"))

    hooks = hook_entries.run_hooks(facts, "http://127.0.0.1:4711", tmp_path, http=False)

    assert {groups[0]["hooks"][0]["type"] for groups in hooks.values()} == {"command"}
