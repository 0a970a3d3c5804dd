"""What the tutorial has its readers type does what it says."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from testkit.wire import get

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.main import group
from claude_mpm_monitor.testing import Session

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "writing-plugins.md").read_text()
TUTORIAL = TEXT.split("## In half an hour", 1)[1].split("\n## ", 1)[0]


def test_the_tutorials_commands_are_those_that_there_are(tmp_path: Path) -> None:
    commands = re.findall(r"^    mpm-monitor (\w+)(?: (new))?", TUTORIAL, re.MULTILINE)

    for name, sub in commands:
        arguments = [name, *([sub] if sub else []), "--help"]
        assert CliRunner().invoke(group, arguments).exit_code == 0, arguments


def test_the_tutorials_report_finds_what_is_read_over_and_over(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    start_monitor: Callable[..., Monitor],
) -> None:
    result = CliRunner().invoke(
        group, ["plugins", "new", "retry-finder", "--directory", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    folder = tmp_path / "retry-finder"
    (code,) = re.findall(r"```python\n(.*?)```", TUTORIAL, re.DOTALL)
    (folder / "retry_finder" / "analysis.py").write_text(code)
    monkeypatch.syspath_prepend(str(folder))
    for name in ("retry_finder", "retry_finder.analysis"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monitor = start_monitor([importlib.import_module("retry_finder")])

    session = Session().start().prompt("Look")
    for path in ("a.py", "a.py", "b.py"):
        session.tool("Read", {"file_path": path}, {"type": "text", "file": {"content": ""}})
    session.tell(monitor)

    (section,) = get(monitor.port, "/api/v1/analysis/retry-finder").json["sections"]
    assert [(one["title"], one["detail"]) for one in section["findings"]] == [
        ("a.py", "read 2 times")
    ]
