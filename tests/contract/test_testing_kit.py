"""The testing kit is documented, and what its documentation shows is true."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from claude_mpm_monitor import testing
from claude_mpm_monitor.testing import RECORDED, Session, plugin

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "testing-plugins.md").read_text()


def names_in(section: str) -> set[str]:
    """The code words in the first cell of each row of a section's table."""
    part = TEXT.split(f"## {section}\n", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| (.*?) \|", part, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`(\w+)", cell)}


def test_every_fixture_is_documented() -> None:
    fixtures = {
        name
        for name, value in vars(plugin).items()
        if type(value).__name__ == "FixtureFunctionDefinition"
    }

    assert names_in("Fixtures") == fixtures


def test_every_public_name_is_documented() -> None:
    assert names_in("What else there is") == set(testing.__all__)


def test_every_moment_of_a_session_is_documented() -> None:
    methods = {name for name, value in vars(Session).items() if callable(value)}
    public = {name for name in methods if not name.startswith("_")} - {"tell", "replay"}

    assert names_in("Sessions") == public


def test_every_recorded_session_is_named() -> None:
    part = TEXT.split("`recorded(name)`", 1)[1].split("\n\n", 1)[0]

    assert set(re.findall(r"`(\w+)` \(", part)) == set(RECORDED)


def example(number: int) -> dict[str, Any]:
    block = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)[number]
    module = ModuleType("example")
    module.__dict__.update(vars(testing))
    exec(block, module.__dict__)
    return module.__dict__


def test_the_first_test_in_the_page_passes(
    start_monitor: Any, claude_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "examples/slow_tools"))
    shown = example(0)
    settings = {"slow_tools": {"limit_seconds": 5.0}}

    shown["test_a_slow_call_is_counted"](
        start_monitor([shown["slow_tools"]], settings), claude_session
    )


def test_the_bench_in_the_page_counts_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "examples/slow_tools"))
    shown = example(1)
    import slow_tools  # type: ignore[import-not-found]

    shown["SlowTools"] = slow_tools.SlowTools
    shown["test_the_analyzer_keeps_to_the_contract"]()
