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


PLUGIN = """
import click
from claude_mpm_monitor import CommandSpec, hookimpl

with open({loads!r}, "a") as file:
    file.write("x")

def greet():
    return click.Command("greet", callback=lambda: click.echo("hello"), short_help="Greets.")

def leave():
    raise SystemExit(3)

@hookimpl
def monitor_register_commands():
    return [
        CommandSpec(name="greet", load=greet),
        CommandSpec(name="broken", load=lambda: 1 / 0),
        CommandSpec(name="leave", load=leave),
        CommandSpec(name="wrong", load=lambda: 5),
    ]
"""


@pytest.fixture
def with_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Plugins with commands, most of which cannot be loaded; a file tells how often they were."""
    monkeypatch.setenv("CLAUDE_MPM_MONITOR_HOME", str(tmp_path / "home"))
    plugins = tmp_path / "home" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "commands.py").write_text(PLUGIN.format(loads=str(tmp_path / "loads")))
    return tmp_path / "loads"


def test_a_plugins_command_runs_and_is_in_the_overview(with_commands: Path) -> None:
    assert mpm_monitor("greet").stdout == "hello\n"
    assert with_commands.read_text() == "x"

    overview = mpm_monitor("--help")

    assert "Greets." in overview.stdout
    assert with_commands.read_text() == "xx"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("broken", "ZeroDivisionError"), ("leave", "SystemExit: 3"), ("wrong", "no click.Command")],
)
@pytest.mark.usefixtures("with_commands")
def test_a_command_that_cannot_be_loaded_costs_that_command_alone(name: str, reason: str) -> None:
    overview, run = mpm_monitor("--help"), mpm_monitor(name, "--some", "thing")

    assert overview.returncode == 0
    assert f"{name} " in overview.stdout
    assert run.returncode == 1
    assert f"the command {name} of commands cannot be loaded: " in run.stderr
    assert reason in run.stderr
