"""The cost of tools is an estimate whose parts come to the exact total."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from testkit.usage import START, answer, applied, event

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.reporting.tool_costs import by_tool
from claude_mpm_monitor.storage import migrations, requests, tool_sums
from claude_mpm_monitor.storage.request_sums import Chosen, in_order
from claude_mpm_monitor.storage.tool_sums import CONVERSATION, ToolGroup

Json = dict[str, Any]


def asking(name: str, at: int, *tools: str, **usage: int) -> Json:
    line = answer(name, usage={"input_tokens": 0, "output_tokens": 10, **usage})
    line["message"]["content"] = [
        {"type": "tool_use", "id": f"{name}-{number}", "name": tool}
        for number, tool in enumerate(tools)
    ]
    ((_, call),) = applied([event(line, at=START + at)]).of("api_call").items()
    return call


def requests_of(calls: list[Json]) -> list[ToolGroup]:
    """The calls as a store would have them, by tool."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("".join(migrations.steps()))
        documents = [
            ("api_call", call["session_id"], call["message_id"], json.dumps(call)) for call in calls
        ]
        requests.put(connection, documents)
        return list(tool_sums.by_tool(in_order(connection.execute, Chosen())))


def test_asking_and_the_result_are_a_tools_and_the_rest_is_the_conversations() -> None:
    first = asking("m1", 1, "Read", cache_creation_input_tokens=1_000)
    second = asking("m2", 2, cache_read_input_tokens=1_000, cache_creation_input_tokens=310)

    rows = by_tool(requests_of([second, first]))

    assert rows["Read"]["output"] == 10
    assert rows["Read"]["cache_write_5m"] == 300  # 310 more in the prompt, 10 of them the answer
    assert rows["Read"]["tool_calls"] == rows["Read"]["calls"] == 1
    assert rows[CONVERSATION]["cache_write_5m"] == 1_010
    assert rows[CONVERSATION]["cache_read"] == 1_000
    assert rows["Read"]["cost"]["total"] == 10 * 25 * 10**6 + 300 * 625 * 10**4


def test_several_tools_of_one_answer_have_equal_parts() -> None:
    first = asking("m1", 1, "Read", "Read", "Bash", output_tokens=11)
    rows = by_tool(requests_of([first, asking("m2", 2, input_tokens=41)]))

    assert (rows["Read"]["output"], rows["Bash"]["output"]) == (8, 3)
    assert (rows["Read"]["input"], rows["Bash"]["input"]) == (20, 10)
    assert (rows["Read"]["tool_calls"], rows["Read"]["calls"]) == (2, 1)


def test_a_cache_written_anew_is_not_the_tools() -> None:
    first = asking("m1", 1, "Read", cache_read_input_tokens=100_000)
    rows = by_tool(requests_of([first, asking("m2", 2, cache_creation_input_tokens=100_110)]))

    assert rows["Read"]["cache_write_5m"] == 100


def test_a_prompt_that_shrank_gives_a_tool_no_part() -> None:
    first = asking("m1", 1, "Read", cache_read_input_tokens=100_000)
    rows = by_tool(requests_of([first, asking("m2", 2, input_tokens=5_000)]))

    assert rows["Read"]["input"] == 0


FEW = st.integers(0, 5)
CALLS = st.lists(
    st.builds(
        lambda at, tools, **usage: (at, tools, usage),
        FEW,
        st.lists(st.sampled_from(["Read", "Bash", "Edit"]), max_size=3),
        input_tokens=FEW,
        output_tokens=FEW,
        cache_creation_input_tokens=FEW,
        cache_read_input_tokens=FEW,
    ),
    max_size=8,
)


@given(CALLS)
def test_nothing_is_lost_or_counted_twice(drawn: list[Any]) -> None:
    calls = [asking(f"m{n}", at, *tools, **usage) for n, (at, tools, usage) in enumerate(drawn)]
    expected, found = sums.empty(), sums.empty()
    for call in calls:
        sums.merge(expected, sums.of_call(call))
    rows = by_tool(requests_of(calls))
    for row in rows.values():
        sums.merge(found, row)

    names = (*sums.TOKENS, "cost")
    assert {name: found[name] for name in names} == {name: expected[name] for name in names}
    assert all(row["cost"][part] >= 0 for row in rows.values() for part in row["cost"])
