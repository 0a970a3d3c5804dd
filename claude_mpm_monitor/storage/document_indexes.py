"""The fields of documents that an index leads to, and which index a list is read by.

SQLite would have to know how often each value occurs to choose well, and what it knows (ANALYZE)
says nothing of a single value. So they are counted, up to a bound: what is left may be read whole
and put in order, or all is read in the order wanted until the page is full, whichever takes less.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from claude_mpm_monitor.search.calls import Bound
from claude_mpm_monitor.storage.rows import Read, marks

Name = str | tuple[str, ...]

#: Documents that are counted at most (50 ns each): of what more have, enough is found soon.
COUNTED = 100_000
#: Values of a field that are looked at for a pattern at most (1 µs each), and that may fit it.
LOOKED_AT, MATCHED = 50_000, 500
#: Conditions that more documents fulfil are not brought together with others (200 ns each); what
#: fulfils them all is few when it is no more than this (6 µs each for its events).
BROUGHT_TOGETHER, FEW = 60_000, 3_000
_TOPIC = "tool_call"
#: Fields of a tool call that have an index (steps/009 and 013), and what stands for
#: a field that it has not.
_FIELDS: dict[Name, str] = {
    "status": "''",
    "tool_name": "''",
    "agent_type": "''",
    "detail": "''",
    ("file", "path"): "''",
    "started_at": "0",
    "duration_us": "-1",
}


#: The index that has some of these side by side, and the indexes that each of them has of its own.
_OUTCOME = "tool_calls_by_outcome"
_OF_OUTCOME = ("tool_calls_by_status", "tool_calls_by_tool_name", "tool_calls_by_duration_us")


class Narrowing(NamedTuple):
    """A condition, and the index that answers it."""

    by: str
    condition: str
    values: Sequence[object]
    #: How many fulfil it, None when that has to be counted.
    known: int | None = None


def has_indexes(topic: str) -> bool:
    """Tell whether fields of the topic's documents have indexes."""
    return topic == _TOPIC


def of_topic(topic: str) -> tuple[str, list[object]]:
    """Return the condition that a document is of the topic.

    Spelt out for the topic whose fields have indexes: SQLite takes those for nothing else.
    """
    return (f"topic = '{_TOPIC}'", []) if topic == _TOPIC else ("topic = ?", [topic])


def indexed(topic: str, field: Name) -> str | None:
    """Return a field of documents as its index has it, None where there is no index."""
    if topic != _TOPIC or field not in _FIELDS:
        return None
    return _expression(field, "value")


def _expression(field: Name, value: str) -> str:
    path = field if isinstance(field, str) else ".".join(field)
    return f"coalesce(json_extract({value}, '$.{path}'), {_FIELDS[field]})"


def index_of(field: Name) -> str:
    """Return the name of a field's index."""
    return f"tool_calls_by_{field if isinstance(field, str) else field[-1]}"


def narrowest(
    narrowings: Sequence[Narrowing], limit: int, *, in_order: bool, read: Read
) -> Narrowing | None:
    """Return by which condition to read a page of so many, None: in the order wanted.

    `in_order`: there is an index that has them in that order.
    """
    if not narrowings:
        return None
    total = max(1, _tool_calls(read))
    counts = [_count(one, total, read) for one in narrowings]
    fitting = total * prod(count / total for count in counts)
    # As if those that fit were spread evenly: so many are read before the page is full.
    if in_order and min(counts) * fitting > limit * total:
        return None
    best = narrowings[counts.index(min(counts))]
    together = _by_outcome(narrowings, [one for one in narrowings if one is best])
    return together or best


def among(field: Name, values: Sequence[object]) -> Narrowing:
    """Return the condition that a field has one of the values; the field has an index."""
    wanted = f"IN ({marks(values)})" if len(values) > 1 else "= ?"
    return Narrowing(index_of(field), f"{indexed(_TOPIC, field)} {wanted}", values)


def narrowing_of(bound: Bound, read: Read) -> Narrowing:
    """Return what a query says of one field of a tool call."""
    expression = indexed(_TOPIC, bound.field)
    index, condition = index_of(bound.field), bound.condition.format(expression)
    if not bound.by_pattern:
        return Narrowing(index, condition, bound.values)
    found = _values_that_fit(bound, read)
    if found is None:
        return Narrowing(index, condition, bound.values, COUNTED)
    # Without a value SQLite could not go by the index.
    return among(bound.field, found or [None])


def are_at_most(most: int, narrowings: Sequence[Narrowing], read: Read) -> bool:
    """Tell whether so many fulfil one of the conditions, each of which has an index."""
    total = _tool_calls(read)
    return any(_count(one, total, read) <= most for one in narrowings)


def few(narrowings: Sequence[Narrowing], read: Read) -> list[int] | None:
    """Return the rowids of all that may fulfil the conditions, None when they may be many.

    Each of them has an index.
    """
    if not narrowings:
        return None
    total = _tool_calls(read)
    fitting = [one for one in narrowings if _count(one, total, read) <= BROUGHT_TOGETHER]
    if not fitting:
        return None
    together = _by_outcome(narrowings, fitting)
    if together is not None:
        fitting = [together, *(one for one in fitting if one.by not in _OF_OUTCOME)]
    is_of_topic, more = of_topic(_TOPIC)
    parts = [
        f"SELECT rowid FROM documents INDEXED BY {one.by} WHERE {is_of_topic} AND {one.condition}"
        for one in fitting
    ]
    values = [value for one in fitting for value in (*more, *one.values)]
    found = read(f"{' INTERSECT '.join(parts)} LIMIT ?", (*values, FEW + 1))
    return [rowid for (rowid,) in found] if len(found) <= FEW else None


def _by_outcome(narrowings: Sequence[Narrowing], rare: Sequence[Narrowing]) -> Narrowing | None:
    """Return as one what an index has side by side, None where it would not help: the status has to
    be among what is `rare`, since the index goes by it first."""
    parts = [one for one in narrowings if one.by in _OF_OUTCOME]
    if len(parts) < 2 or not any(one.by == _OF_OUTCOME[0] for one in rare):
        return None
    condition = " AND ".join(one.condition for one in parts)
    return Narrowing(_OUTCOME, condition, [value for one in parts for value in one.values])


def _values_that_fit(bound: Bound, read: Read) -> list[object] | None:
    """Return the values that a field has and that fit a pattern, None where they are many.

    The index is asked for the next value each time, instead of looking at every call's.
    """
    value = _expression(bound.field, "documents.value")
    of_it, more = of_topic(_TOPIC)
    following = f"SELECT {value} FROM documents INDEXED BY {index_of(bound.field)} WHERE {of_it}"
    found = read(
        f"WITH RECURSIVE each(name) AS (SELECT * FROM ({following} ORDER BY {value} LIMIT 1) "
        f"UNION ALL SELECT ({following} AND {value} > each.name ORDER BY {value} LIMIT 1) "
        f"FROM each WHERE each.name IS NOT NULL LIMIT {LOOKED_AT}) "
        f"SELECT name, {bound.condition.format('name')} FROM each WHERE name IS NOT NULL",
        (*more, *more, *bound.values),
    )
    fitting: list[object] = [name for name, fits in found if fits]
    return None if len(found) >= LOOKED_AT - 1 or len(fitting) > MATCHED else fitting


def _tool_calls(read: Read) -> int:
    return int(read("SELECT coalesce(sum(tool_calls), 0) FROM sessions", ())[0][0])


def _count(narrowing: Narrowing, total: int, read: Read) -> int:
    """Return how many there are, all of them when there are many."""
    count = narrowing.known
    if count is None:
        condition, values = of_topic(_TOPIC)
        found = read(
            f"SELECT count(*) FROM (SELECT 1 FROM documents INDEXED BY {narrowing.by} "
            f"WHERE {condition} AND {narrowing.condition} LIMIT ?)",
            (*values, *narrowing.values, COUNTED),
        )
        count = int(found[0][0])
    return total if count == COUNTED else min(count, total)
