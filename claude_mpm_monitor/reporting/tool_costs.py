"""What tools cost: an estimate, as the API bills calls of the model and not of tools.

An answer that asks for tools spends its output on asking: each of them has an equal part of it.
What a tool hands back is new in the next prompt of the same agent, by which the prompt has grown
since the answer: that part of what the next call paid for new tokens (input and cache writes) is
that of the tools asked for, in equal parts. All else is the conversation's: reading what is in the
cache already, answers that ask for no tool, what the user writes. No money is lost or counted
twice: the rows come to the total of the calls, to the last picodollar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json

#: The row of what is no tool's.
CONVERSATION = ""
_NEW = ("input", "cache_write_5m", "cache_write_1h")
_NEW_COSTS = ("input", "cache_write")

#: (time, key) of a call, the tools it asked for, its prompt in tokens, and its figures.
_Call = tuple[tuple[int, str], list[str], int, Json]


def by_tool(calls: Iterable[Json], session_id: str = "") -> dict[str, Json]:
    """Return figures by tool, with `tool_calls`; of a session when its id is given.

    A call is counted among the `calls` of each tool it asks for, and of the conversation.
    """
    rows: dict[str, Json] = {}
    for conversation in _conversations(calls, session_id).values():
        before: _Call | None = None
        for call in sorted(conversation, key=lambda call: call[0]):
            for tool, value, times in _parts(before, call):
                row = rows.setdefault(tool, {**sums.empty(), "tool_calls": 0})
                sums.merge(row, value)
                row["tool_calls"] += times
            before = call
    return rows


def _conversations(calls: Iterable[Json], session_id: str) -> dict[tuple[str, str], list[_Call]]:
    """Sort calls by whose they are: one agent's prompts grow from call to call."""
    found: dict[tuple[str, str], list[_Call]] = {}
    for call in calls:
        place = (session_id or call["session_id"], call["agent_id"])
        tools = [name for _, name in call["tools"]]
        when = (call["at"], call["message_id"])
        entry = (when, tools, call["prompt_tokens"], sums.of_call(call))
        found.setdefault(place, []).append(entry)
    return found


def _parts(before: _Call | None, call: _Call) -> Iterator[tuple[str, Json, int]]:
    """Yield tools with their parts of a call, and how often it asked for them."""
    _, tools, prompt, figures = call
    parts = [
        (tool, value, 1) for tool, value in zip(tools, _of_asking(figures, tools), strict=True)
    ]
    if before is not None and before[1]:
        grown = prompt - before[2] - before[3]["output"]
        results = _of_results(grown, figures, len(before[1]))
        parts += [(tool, value, 0) for tool, value in zip(before[1], results, strict=True)]
    left = sums.empty()
    sums.merge(left, figures)
    for _, value, _ in parts:
        _take_away(left, value)
    yield CONVERSATION, left, 0
    yield from parts


def _of_results(grown: int, call: Json, number: int) -> list[Json]:
    """Return each tool's part of what the call paid for tokens that were new in its prompt."""
    new = sum(call[name] for name in _NEW)
    moved = max(0, min(grown, new))
    values = [sums.empty() for _ in range(number)]
    if moved:
        for name in _NEW:
            _deal(values, name, call[name] * moved // new)
        for name in _NEW_COSTS:
            _deal_cost(values, name, call["cost"][name] * moved // new)
    return values


def _of_asking(call: Json, tools: list[str]) -> list[Json]:
    """Return each tool's part of the answer; a call is counted once for a tool."""
    values = [sums.empty() for _ in tools]
    _deal(values, "output", call["output"])
    _deal_cost(values, "output", call["cost"]["output"])
    for number, tool in enumerate(tools):
        if tool not in tools[:number]:
            counted = ("calls", "unpriced", "low_confidence", "unpriced_models", "sources")
            values[number] |= {name: call[name] for name in counted}
    return values


def _deal(values: list[Json], name: str, amount: int) -> None:
    for number, value in enumerate(values):
        value[name] += amount // len(values) + (number < amount % len(values))


def _deal_cost(values: list[Json], name: str, amount: int) -> None:
    for number, value in enumerate(values):
        part = amount // len(values) + (number < amount % len(values))
        value["cost"][name] += part
        value["cost"]["total"] += part


def _take_away(left: Json, value: Json) -> None:
    for name in sums.TOKENS:
        left[name] -= value[name]
    for name in sums.COST_PARTS:
        left["cost"][name] -= value["cost"][name]
