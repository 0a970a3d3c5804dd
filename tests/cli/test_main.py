"""The command line as a whole: help, versions, exit codes, and how little it loads."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import claude_mpm_monitor
from claude_mpm_monitor.cli.main import COMMANDS, group


def mpm_monitor(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "claude_mpm_monitor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_the_version_is_that_of_the_package() -> None:
    result = mpm_monitor("--version")

    assert result.returncode == 0
    assert result.stdout.strip() == f"mpm-monitor, version {claude_mpm_monitor.__version__}"


def test_asking_for_the_version_loads_no_server_and_no_store() -> None:
    script = (
        "import sys; from claude_mpm_monitor.cli.main import group;"
        "group.main(['--version'], standalone_mode=False);"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd="/"
    ).stdout.split()

    assert not {"eventlet", "socketio", "werkzeug", "sqlite3", "rich", "structlog"} & set(loaded)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(group, [name, "--help"])

    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 5


def test_the_overview_names_every_command_with_a_sentence() -> None:
    result = CliRunner().invoke(group, ["--help"])

    for name in COMMANDS:
        lines = [line.split(maxsplit=1) for line in result.output.splitlines()]
        assert any(len(line) == 2 and line[0] == name and line[1][0].isupper() for line in lines)


def test_a_wrong_option_is_a_usage_error() -> None:
    assert mpm_monitor("status", "--nonsense").returncode == 2


def test_a_setting_that_cannot_be_used_is_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLAUDE_MPM_MONITOR_PORT", "eighty")

    result = mpm_monitor("status")

    assert result.returncode == 1
    assert result.stderr.startswith("mpm-monitor: CLAUDE_MPM_MONITOR_PORT is 'eighty'")
    assert len(result.stderr.splitlines()) == 1


def test_commands_that_read_the_store_say_when_there_is_none(tmp_path: Path) -> None:
    for name in ("tail", "sessions"):
        result = mpm_monitor(name, "--home", str(tmp_path / "none"))

        assert result.returncode == 1
        assert "Nothing has been stored" in result.stderr
    assert not (tmp_path / "none").exists()


def test_status_without_a_monitor_exits_with_3(tmp_path: Path) -> None:
    result = mpm_monitor("status", "--home", str(tmp_path))

    assert result.returncode == 3
    assert "No monitor is running" in result.stdout


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = mpm_monitor("import", "--home", str(tmp_path / "file" / "monitor"))

    assert result.returncode == 1
    assert result.stderr == f"mpm-monitor: {tmp_path / 'file' / 'monitor'}: Not a directory\n"


def test_a_store_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as newer:
        newer.execute("PRAGMA user_version = 999")

    for name in ("import", "sessions", "tail"):
        result = mpm_monitor(name, "--home", str(tmp_path))

        assert result.returncode == 1
        assert result.stderr.startswith("mpm-monitor: The event store")
        assert "Traceback" not in result.stderr
