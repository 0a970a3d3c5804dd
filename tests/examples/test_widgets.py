"""The examples' widgets show what the documents say."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.testing import Session, check_widget, recorded

Load = Callable[[str], ModuleType]


def documents(monitor: Monitor, *topics: str) -> dict[str, dict[str, Any]]:
    return {t: {d.key: d.value for d in monitor.query.documents(t)} for t in topics}


def test_the_burn_is_that_of_the_last_calls(example: Load, monitor: Monitor) -> None:
    (widget,) = example("token_burn").monitor_register_widgets()
    session = Session().start().prompt("Go").answer(input_tokens=1_000, output_tokens=500)
    session.wait(3_600).answer(input_tokens=30, output_tokens=20).tell(monitor)

    found = check_widget(widget, documents(monitor, "api_call"), settings={"minutes": 10})

    assert found.problems == []
    assert "Tokens 50 Most in a minute 50" in found.text


def test_the_space_has_a_lane_for_each_agent(example: Load, monitor: Monitor) -> None:
    (widget,) = example("session_space").monitor_register_widgets()
    recorded("recipes").tell(monitor)

    found = check_widget(widget, documents(monitor, "tool_call"))

    assert found.problems == []
    assert "main" in found.text
    assert "23 tool calls of 4 agents" in found.text


def test_the_failure_board_lists_failures_by_tool(example: Load, monitor: Monitor) -> None:
    (widget,) = example("failure_board").monitor_register_widgets()
    recorded("loop").tell(monitor)

    found = check_widget(widget, documents(monitor, "tool_call"))

    assert found.problems == []
    assert "Bash: 8" in found.text


@pytest.mark.parametrize("name", ["token_burn", "session_space", "failure_board"])
def test_a_widget_shows_that_there_is_nothing_yet(example: Load, name: str) -> None:
    (widget,) = example(name).monitor_register_widgets()

    assert check_widget(widget).problems == []
