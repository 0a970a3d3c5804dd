"""What the tutorial has its readers type does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from claude_mpm_monitor.cli.main import group

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "writing-plugins.md").read_text()
TUTORIAL = TEXT.split("## In half an hour", 1)[1].split("\n## ", 1)[0]


def test_the_tutorials_commands_are_those_that_there_are(tmp_path: Path) -> None:
    commands = re.findall(r"^    mpm-monitor (\w+)(?: (new))?", TUTORIAL, re.MULTILINE)

    for name, sub in commands:
        arguments = [name, *([sub] if sub else []), "--help"]
        assert CliRunner().invoke(group, arguments).exit_code == 0, arguments


def test_the_tutorials_report_passes_the_tutorials_test(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        group, ["plugins", "new", "retry-finder", "--directory", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    folder = tmp_path / "retry-finder"
    report, expected = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    (folder / "retry_finder" / "analysis.py").write_text(report)
    tests = folder / "tests" / "test_retry_finder.py"
    first, last = tests.read_text().split("def test_a_call_that_failed_again", 1)
    tests.write_text(
        first + expected + "\n\ndef test_the_widget" + last.split("def test_the_widget")[1]
    )

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert "2 passed" in done.stdout, done.stdout + done.stderr
