"""What tools cost: an estimate, as the API bills calls of the model and not of tools.

An answer that asks for tools spends its output on asking: each of them has an equal part of it.
What a tool hands back is new in the next prompt of the same agent, by which the prompt has grown
since the answer: that part of what the next call paid for new tokens (input and cache writes) is
that of the tools asked for, in equal parts. All else is the conversation's: reading what is in the
cache already, answers that ask for no tool, what the user writes. No money is lost or counted
twice: the rows come to the total of the calls, to the last picodollar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import add, itemgetter
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.storage.request_sums import COUNTED, FIGURES_AT, Group, Request

#: The row of what is no tool's.
CONVERSATION = ""
_NONE = (0,) * len(COUNTED)
_OUTPUT, _OUTPUT_COST = COUNTED.index("output"), COUNTED.index("cost_output")
_LOW = COUNTED.index("low_confidence")
#: What is paid for tokens that are new in a prompt: figures in tokens, and in money.
_NEW = tuple(map(COUNTED.index, ("input", "cache_write_5m", "cache_write_1h")))
_NEW_COSTS = tuple(map(COUNTED.index, ("cost_input", "cost_cache_write")))
_KNOWN = slice(FIGURES_AT - 2, FIGURES_AT)


class ToolGroup(NamedTuple):
    """A tool's part of the requests that are known alike; its name is that of the group."""

    group: Group
    tool_calls: int


class _Row:
    """What a tool has of the calls so far: the figures of `COUNTED`, and its calls."""

    __slots__ = ("figures", "known", "tool_calls")

    def __init__(self) -> None:
        self.figures = [0] * len(COUNTED)
        self.tool_calls = 0
        #: How many calls are known by what, and have no price for which model.
        self.known: Counter[tuple[str, str | None]] = Counter()

    def groups(self, name: str) -> Iterator[ToolGroup]:
        """Yield it by how its calls are known. The figures, which are in no such parts, are in the
        first of them."""
        figures, tool_calls = tuple(self.figures), self.tool_calls
        for (evidence, unpriced), calls in self.known.items():
            yield ToolGroup(Group((name,), evidence, unpriced, calls, figures), tool_calls)
            figures, tool_calls = _NONE, 0


def by_tool(calls: Iterable[Request]) -> Iterator[ToolGroup]:
    """Yield the sums by tool; calls come as `request_sums.in_order` has them.

    A call is counted among the `calls` of each tool it asks for, and of the conversation.
    """
    rows = {CONVERSATION: _Row()}
    for _, of_session in groupby(calls, key=itemgetter(0)):
        _count(list(of_session), rows)
    for name, row in rows.items():
        yield from row.groups(name)


def _count(calls: list[Request], rows: dict[str, _Row]) -> None:
    """Count a session's calls: all they come to is the conversation's until a tool has it."""
    conversation = rows[CONVERSATION]
    totals = map(sum, list(zip(*calls, strict=True))[FIGURES_AT:])
    left = conversation.figures = list(map(add, conversation.figures, totals))
    conversation.known.update(call[_KNOWN] for call in calls)
    whose, size, asked = "", 0, list[_Row]()
    for call in calls:
        _, agent_id, prompt, tools, *known = call[:FIGURES_AT]
        figures = call[FIGURES_AT:]
        if asked and whose == agent_id:
            _hand_out_results(prompt - size, figures, left, asked)
        whose, size = agent_id, prompt + figures[_OUTPUT]
        asked = [rows.get(name) or rows.setdefault(name, _Row()) for name in _names(tools)]
        if asked:
            _deal(_OUTPUT, figures[_OUTPUT], left, asked)
            _deal(_OUTPUT_COST, figures[_OUTPUT_COST], left, asked)
            for row in dict.fromkeys(asked):
                row.known[known[0], known[1]] += 1
                row.figures[_LOW] += figures[_LOW]
                row.tool_calls += asked.count(row)


def _hand_out_results(
    grown: int, figures: Sequence[int], left: list[int], asked: list[_Row]
) -> None:
    """Give the tools asked for before their parts of what a call paid for new tokens."""
    new = sum(figures[place] for place in _NEW)
    moved = max(0, min(grown, new))
    if moved:
        for place in (*_NEW, *_NEW_COSTS):
            if figures[place]:
                _deal(place, figures[place] * moved // new, left, asked)


def _deal(place: int, amount: int, left: list[int], to: list[_Row]) -> None:
    """Take an amount from what is left, and give each an equal part; the first have the rest."""
    left[place] -= amount
    if len(to) == 1:
        to[0].figures[place] += amount
        return
    part, rest = divmod(amount, len(to))
    for number, row in enumerate(to):
        row.figures[place] += part + (number < rest)


@lru_cache(1_000)
def _names(tools: str | None) -> tuple[str, ...]:
    return tuple(msgspec.json.decode(tools)) if tools else ()
