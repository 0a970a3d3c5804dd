"""Recognising a monitored run of the host from the command line Python was started with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from claude_mpm_monitor import host
from claude_mpm_monitor.host.boot import host_arguments, own_arguments

PTH = Path(host.__file__).with_name("claude_mpm_monitor.pth")


@pytest.mark.parametrize(
    "start",
    [
        ["python", "/venv/bin/claude-mpm"],
        ["python", "claude-mpm"],
        ["python", "-sE", "/usr/bin/claude-mpm"],
        ["python", "-X", "dev", "-W", "error", "/home/u/.local/bin/claude-mpm"],
        ["python.exe", "C:\\Tools\\Scripts\\claude-mpm.exe"],
        ["python", "-m", "claude_mpm"],
        ["python", "-m", "claude_mpm.cli"],
        ["python", "-mclaude_mpm"],
        ["python", "-Im", "claude_mpm"],
    ],
    ids=" ".join,
)
def test_every_way_to_start_the_host_is_recognised(start: list[str]) -> None:
    arguments = host_arguments([*start, "run", "--monitor"])

    assert arguments == ["run", "--monitor"]


@pytest.mark.parametrize(
    "start",
    [
        ["python"],
        ["python", "script.py", "claude-mpm", "--monitor"],
        ["python", "/venv/bin/claude-mpm-monitor", "--monitor"],
        ["python", "/venv/bin/claude-mpm-doctor", "--monitor"],
        ["python", "/projects/claude-mpm/setup.py", "--monitor"],
        ["python", "-c", "pass", "claude-mpm", "--monitor"],
        ["python", "-m", "pytest", "claude_mpm", "--monitor"],
        ["python", "-m"],
    ],
    ids=" ".join,
)
def test_other_programs_are_left_alone(start: list[str]) -> None:
    assert host_arguments(start) is None


def test_what_follows_two_dashes_is_not_the_hosts() -> None:
    assert own_arguments(["run", "--", "--monitor"]) == ["run"]


def python_with_pth(site: Path, *arguments: str, **environment: str) -> str:
    """Whether a Python with our line in its site folder `site` watches for the host's modules."""
    line = PTH.read_text()
    program = (
        "import site, sys; "
        f"site.addsitedir({str(site)!r}); "
        "print(any(type(f).__name__ == 'PostImportFinder' for f in sys.meta_path))"
    )
    (site / "claude_mpm_monitor.pth").write_text(line)
    (site / "claude-mpm").write_text(program)
    return subprocess.run(
        [sys.executable, "-S", str(site / "claude-mpm"), *arguments],
        env={"PYTHONPATH": str(Path(host.__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_the_pth_line_watches_a_monitored_run(tmp_path: Path) -> None:
    assert python_with_pth(tmp_path, "run", "--monitor") == "True"


def test_the_pth_line_does_nothing_without_monitor(tmp_path: Path) -> None:
    assert python_with_pth(tmp_path, "run") == "False"


def test_the_pth_line_does_nothing_when_the_monitor_is_switched_off(tmp_path: Path) -> None:
    assert python_with_pth(tmp_path, "run", "--monitor", CLAUDE_MPM_MONITOR="0") == "False"


def test_the_pth_line_outlives_the_package_without_a_word(tmp_path: Path) -> None:
    assert python_with_pth(tmp_path, "run", "--monitor", PYTHONPATH="") == "False"


def test_the_pth_line_is_one_line_that_python_executes() -> None:
    text = PTH.read_text()

    assert text.startswith("import ")
    assert text.count("\n") == 1
