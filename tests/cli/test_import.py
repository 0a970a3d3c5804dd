"""`import` brings in each line once, and `tail` and `sessions` show it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from claude_mpm_monitor.cli.importing import transcripts

from .conftest import PROGRAM, Program

Run = Callable[..., "CompletedProcess[str]"]
SESSION = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def line(number: int, text: str) -> str:
    return json.dumps(
        {
            "type": "user",
            "uuid": f"0f3c8b9e-52c5-4f35-9ad0-{number:012}",
            "sessionId": SESSION,
            "timestamp": f"2026-03-01T10:00:{number:02}.000Z",
            "cwd": "/sample",
            "message": {"role": "user", "content": text},
        }
    )


@pytest.fixture
def claude(private_environment: Path) -> Path:
    """Claude's own folder, with one session of three prompts."""
    folder = private_environment / ".claude" / "projects" / "-sample"
    folder.mkdir(parents=True)
    lines = [line(number, f"Prompt {number}") for number in range(3)]
    (folder / f"{SESSION}.jsonl").write_text("\n".join(lines) + "\n")
    return private_environment / ".claude"


def test_a_second_import_brings_only_what_is_new(
    mpm_monitor: Run, home: Path, claude: Path
) -> None:
    first = json.loads(mpm_monitor("import", "--json", "--home", home).stdout)
    again = json.loads(mpm_monitor("import", "--json", "--home", home).stdout)
    with (claude / "projects" / "-sample" / f"{SESSION}.jsonl").open("a") as file:
        file.write(line(3, "One more") + "\n")
    later = json.loads(mpm_monitor("import", "--json", "--home", home).stdout)

    assert (first["stored"], again["stored"], later["stored"]) == (3, 0, 1)
    assert (again["lines"], later["lines"]) == (0, 1)


def test_where_claude_code_has_never_been_that_is_said(mpm_monitor: Run, home: Path) -> None:
    done = mpm_monitor("import", "--home", home)

    assert done.returncode == 1
    assert "Claude Code has kept nothing here: there is no " in done.stderr


def test_what_the_host_wrote_down_in_known_projects_comes_with_it_once(
    mpm_monitor: Run, home: Path, claude: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "work" / ".claude-mpm" / "responses"
    folder.mkdir(parents=True)
    (folder / f"{SESSION}-qa-1.json").write_text('{"session_id": "x", "response": "Done."}')
    transcript = claude / "projects" / "-sample" / f"{SESSION}.jsonl"
    transcript.write_text(transcript.read_text().replace("/sample", str(tmp_path / "work")))
    costs = claude.parent / ".claude-mpm" / "commit-costs.jsonl"
    costs.parent.mkdir(exist_ok=True)
    costs.write_text('{"commit_sha": "abc1234"}\n')

    first = json.loads(mpm_monitor("import", "--json", "--home", home).stdout)
    again = json.loads(mpm_monitor("import", "--json", "--home", home).stdout)
    sessions = json.loads(mpm_monitor("sessions", "--json", "--home", home).stdout)

    assert (first["files"], first["stored"], again["stored"]) == (3, 5, 0)
    assert len(sessions) == 1


def test_what_was_imported_can_be_listed_and_printed(
    mpm_monitor: Run, home: Path, claude: Path
) -> None:
    assert "3 new events" in mpm_monitor("import", "--home", home).stdout

    (session,) = json.loads(mpm_monitor("sessions", "--json", "--home", home).stdout)
    table = mpm_monitor("sessions", "--home", home).stdout
    lines = mpm_monitor("tail", "--no-follow", "-n", "2", "--home", home).stdout.splitlines()
    events = [
        json.loads(text)
        for text in mpm_monitor(
            "tail", "--no-follow", "--json", "--session", SESSION[:4], "--home", home
        ).stdout.splitlines()
    ]

    assert session["session_id"] == SESSION
    assert SESSION[:8] in table
    assert [text.rpartition("  ")[2] for text in lines] == ["Prompt 1", "Prompt 2"]
    assert [event["payload"]["message"]["content"] for event in events] == [
        "Prompt 0",
        "Prompt 1",
        "Prompt 2",
    ]


def test_tail_shows_what_comes_while_it_waits(
    mpm_monitor: Run, started: Callable[..., Program], home: Path, claude: Path
) -> None:
    mpm_monitor("import", "--home", home)
    tail = started("tail", "-n", "1", "--home", home)
    tail.line("Prompt 2")
    (claude / "projects" / "-sample" / "b.jsonl").write_text(line(9, "A new one") + "\n")

    mpm_monitor("import", "--home", home)

    assert tail.line("A new one")


def test_tail_ends_when_nobody_reads_any_more(
    mpm_monitor: Run, started: Callable[..., Program], home: Path, claude: Path
) -> None:
    mpm_monitor("import", "--home", home)
    reading, writing = os.pipe()
    with subprocess.Popen([*PROGRAM, "tail", "--home", home], stdout=writing, cwd="/") as tail:
        os.close(writing)
        assert os.read(reading, 1) != b""
        os.close(reading)

        assert tail.wait(timeout=10) in (0, 1)


def test_a_session_nobody_knows_is_one_sentence(mpm_monitor: Run, home: Path, claude: Path) -> None:
    mpm_monitor("import", "--home", home)

    result = mpm_monitor("tail", "--session", "ffff", "--home", home)

    assert result.returncode == 1
    assert result.stderr.startswith("mpm-monitor: No session begins with 'ffff'")


@pytest.mark.parametrize(
    "place", ["..", "", "projects", "projects/-sample", f"projects/-sample/{SESSION}.jsonl"]
)
def test_a_path_may_be_claudes_folder_or_anything_round_or_in_it(claude: Path, place: str) -> None:
    assert [path.name for path in transcripts([claude / place])] == [f"{SESSION}.jsonl"]


def test_old_files_can_be_left_out(claude: Path) -> None:
    (path,) = transcripts([claude])
    os.utime(path, (1_000, 1_000))

    assert transcripts([claude], since=1_001) == []
    assert transcripts([claude], since=1_000) == [path]


def test_a_date_that_is_none_is_a_usage_error(mpm_monitor: Run, home: Path) -> None:
    result = mpm_monitor("import", "--since", "yesterday", "--home", home)

    assert result.returncode == 2
    assert "neither like 12h" in result.stderr
