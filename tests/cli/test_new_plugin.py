"""What `plugins new` writes works as it is, and nothing is overwritten."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from testkit.wire import get

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.new_plugin import command
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.testing import recorded


def new(*arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments], catch_exceptions=False, standalone_mode=False)


@pytest.mark.timeout(120)
def test_a_new_package_passes_its_own_tests(tmp_path: Path) -> None:
    said = new("retry-finder", "--directory", str(tmp_path / "new")).output

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
        cwd=tmp_path / "new" / "retry-finder",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "new" / "retry-finder")},
    )
    assert "3 passed" in result.stdout, result.stdout + result.stderr
    assert f"cd {tmp_path}/new/retry-finder" in said


def test_a_new_package_declares_what_it_has(tmp_path: Path) -> None:
    new("retry_finder", "--directory", str(tmp_path / "new"))

    project = (tmp_path / "new" / "retry-finder" / "pyproject.toml").read_text()
    assert 'retry_finder = "retry_finder"' in project
    assert (
        tmp_path / "new" / "retry-finder" / "retry_finder" / "static" / "retry-finder.js"
    ).is_file()
    for path in (tmp_path / "new" / "retry-finder").rglob("*.*"):
        assert "@@" not in path.name + (path.read_text() if path.is_file() else "")


def test_a_new_single_file_is_loaded_at_the_next_start(tmp_path: Path) -> None:
    new("retry-finder", "--single-file", "--home", str(tmp_path / "new"))

    with Monitor(home=tmp_path / "new", port=0) as monitor:
        (state,) = [s for s in monitor.plugins.states() if s["name"] == "retry_finder"]
        recorded("loop").tell(monitor)
        answer = get(monitor.port, "/api/v1/analysis/retry-finder").json

    assert (state["state"], state["error"]) == ("active", "")
    (found,) = answer["sections"][0]["findings"]
    assert found["title"] == "Bash: pytest -q tests/test_price.py", json.dumps(answer)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", [[], ["--single-file"]])
def test_nothing_is_overwritten(tmp_path: Path, form: list[str]) -> None:
    new("mine", *form, "--directory", str(tmp_path / "new"))
    before = contents(tmp_path)

    with pytest.raises(MonitorError, match="exists already"):
        new("mine", *form, "--directory", str(tmp_path / "new"))
    assert {
        path: path.read_bytes() for path in (tmp_path / "new").rglob("*") if path.is_file()
    } == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Mine", "cannot be a plugin's name"),
        ("../mine", "cannot be a plugin's name"),
        ("1st", "cannot be a plugin's name"),
        ("json", "is the name of a module that exists"),
        ("claude-mpm-monitor", "is the name of a module that exists"),
        ("lambda", "is a word of Python's own"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(MonitorError, match=message):
        new(name, "--directory", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()
