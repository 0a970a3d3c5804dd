"""The examples' widgets show what the documents say."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from testkit.colours import FILLS, SERIES, SURFACES, TEXTS, too_close
from testkit.page import Page

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


def drawing(example: Load, response: object) -> str:
    """What the drawing of results shows of this one."""
    (widget,) = example("json_tables").monitor_register_widgets()
    call = {"name": "mcp__db__query", "input": {"table": "orders"}, "response": response}

    found = check_widget(widget, subject={"type": "tool_call", "call": call})

    assert found.problems == []
    return found.text


ROWS = [{"id": 1, "name": "<b>Tea</b>"}, {"id": 2, "price": None, "tags": ["a"]}]
TABLE = 'Result 2 rows id name price tags 1 <b>Tea</b> \u2013 \u2013 2 \u2013 \u2013 ["a"]'


@pytest.mark.parametrize(
    "response",
    [
        ROWS,
        json.dumps(ROWS),
        [{"type": "text", "text": json.dumps(ROWS)}],
        {"content": [{"type": "text", "text": json.dumps(ROWS)}]},
        [{"type": "text", "text": json.dumps(row)} for row in ROWS],
    ],
    ids=["list", "text", "block", "content", "block for each"],
)
def test_a_result_that_is_a_list_of_objects_is_a_table(example: Load, response: object) -> None:
    assert drawing(example, response) == f"Input table orders {TABLE}"


@pytest.mark.parametrize("as_text", [False, True])
def test_a_list_with_figures_beside_it_is_a_table_with_them_below(
    example: Load, as_text: bool
) -> None:
    found = {"total_count": 812, "next": None, "items": ROWS}

    text = drawing(example, [{"type": "text", "text": json.dumps(found)}] if as_text else found)

    assert text == f"Input table orders {TABLE} total_count 812 \u00b7 next \u2013"


@pytest.mark.parametrize(
    ("response", "text"),
    [
        ("No such <b>table</b>", "No such <b>table</b>"),
        ([{"type": "text", "text": "12 rows"}, {"type": "image", "data": "…"}], "12 rows [image]"),
        ("[]", "[]"),
        ("[1, 2]", "[1, 2]"),
        ({"rows": 2}, '{ "rows": 2 }'),
        (7, "7"),
    ],
)
def test_any_other_result_is_text(example: Load, response: object, text: str) -> None:
    assert drawing(example, response) == f"Input table orders Result {text}"


def test_a_call_that_is_not_answered_yet_shows_what_it_was_given(example: Load) -> None:
    assert drawing(example, None) == "Input table orders"


def test_a_long_result_has_its_first_rows_and_says_how_many_are_left(example: Load) -> None:
    text = drawing(example, [{"n": n, "text": "x" * 400} for n in range(50)])

    assert f"19 {'x' * 300}… Show more · 30 rows left" in text


def test_the_failure_board_counts_over_all_that_is_stored(
    example: Load, start_monitor: Callable[..., Monitor]
) -> None:
    monitor = start_monitor([example("failure_board")])
    recorded("loop").tell(monitor)
    page = Page(monitor.url)

    told = page.ask("failure_board", "totals", "")
    page.close()

    assert told["body"] == {"Edit": {"calls": 8, "failed": 0}, "Bash": {"calls": 8, "failed": 8}}


@pytest.mark.parametrize("name", ["token_burn", "session_space", "failure_board"])
def test_a_widget_shows_that_there_is_nothing_yet(example: Load, name: str) -> None:
    (widget,) = example(name).monitor_register_widgets()

    assert check_widget(widget).problems == []


def test_the_theme_of_deep_space_can_be_read(example: Load) -> None:
    (theme,) = example("session_space").monitor_register_themes()

    assert too_close(theme, 4.5, TEXTS, SURFACES) == []
    assert too_close(theme, 4.5, ("--on-accent",), ("--accent-fill",)) == []
    assert too_close(theme, 4.5, ("--on-fill",), FILLS) == []
    assert too_close(theme, 3, (*SERIES, "--focus"), SURFACES) == []
