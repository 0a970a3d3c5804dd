"""The fields of documents that an index leads to, and which index a list is read by.

SQLite would have to know how often each value occurs to choose well, and what it knows (ANALYZE)
says nothing of a single value. So they are counted, up to a bound: what is left may be read whole
and put in order, or all is read in the order wanted until the page is full, whichever takes less.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt, prod
from operator import attrgetter
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.search.calls import Bound
from claude_mpm_monitor.storage.rows import Read

Name = str | tuple[str, ...]

#: Calls that are counted at most (50 ns each), or a part of all: of what more have, enough is found
#: soon.
COUNTED = 100_000
#: Values that are looked at one after another (4 µs each) before every call is (200 ns each), and
#: that may fit a pattern: what more do is not rare.
LOOKED_AT, MATCHED = 5_000, 5_000
#: Conditions that more calls fulfil, and more than this part of all, are not brought together with
#: others (200 ns each).
BROUGHT_TOGETHER, PART = 60_000, 10
#: As many calls are few as the root of so many times all: to find the events of one takes 8 µs, to
#: come upon a page of them by looking 170 µs for each event that the log has for one that fits.
FEW = 60
_TOPIC = "tool_call"
_IS_CALL = f"topic = '{_TOPIC}'"
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
    """A condition, and the index that answers it.

    `is_list`: it is one of several values; `are_many`: so many fulfil it that nobody counts.
    """

    by: str
    condition: str
    values: Sequence[object]
    is_list: bool = False
    are_many: bool = False


def has_indexes(topic: str) -> bool:
    """Tell whether fields of the topic's documents have indexes."""
    return topic == _TOPIC


def of_topic(topic: str) -> tuple[str, list[object]]:
    """Return the condition that a document is of the topic.

    Spelt out for the topic whose fields have indexes: SQLite takes those for nothing else.
    """
    return (_IS_CALL, []) if topic == _TOPIC else ("topic = ?", [topic])


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
    return _by_outcome(narrowings, [best]) or best


def among(field: Name, values: Sequence[object]) -> Narrowing:
    """Return the condition that a field has one of the values; the field has an index."""
    index, expression = index_of(field), _expression(field, "value")
    if len(values) == 1:
        return Narrowing(index, f"{expression} = ?", values)
    # In one value: there may be more than SQLite takes.
    listed = msgspec.json.encode(values).decode()
    condition = f"{expression} IN (SELECT value FROM json_each(?))"
    return Narrowing(index, condition, [listed], is_list=True)


def narrowing_of(bound: Bound, read: Read) -> Narrowing:
    """Return what a query says of one field of a tool call."""
    expression = _expression(bound.field, "value")
    index, condition = index_of(bound.field), bound.condition.format(expression)
    if not bound.by_pattern:
        return Narrowing(index, condition, bound.values)
    found = _values_that_fit(bound, read)
    if found is None:
        return Narrowing(index, condition, bound.values, are_many=True)
    # Without a value SQLite could not go by the index.
    return among(bound.field, found or [None])


def few(bounds: Sequence[Bound], read: Read) -> list[int] | None:
    """Return the rowids of all calls that may be as a query wants them, None when they may be many.

    `bounds` are what it says of their fields.
    """
    total = _tool_calls(read)
    most, limit = max(BROUGHT_TOGETHER, total // PART), isqrt(FEW * total)
    rare: list[Narrowing] = []
    narrowings: list[Narrowing] = []
    # What fits a pattern is only looked for where nothing else tells that they are few.
    for bound in sorted(bounds, key=attrgetter("by_pattern")):
        narrowings.append(narrowing_of(bound, read))
        count = _count(narrowings[-1], total, read)
        if count <= most:
            rare.append(narrowings[-1])
        if count <= limit:
            rare = narrowings = [narrowings[-1]]
            break
    if not rare:
        return None
    together = _by_outcome(narrowings, rare)
    if together is not None:
        rare = [together, *(one for one in rare if one.by not in _OF_OUTCOME)]
    parts = [
        f"SELECT rowid FROM documents INDEXED BY {one.by} WHERE {_IS_CALL} AND {one.condition}"
        for one in rare
    ]
    values = [value for one in rare for value in one.values]
    found = read(f"{' INTERSECT '.join(parts)} LIMIT ?", (*values, limit + 1))
    return [rowid for (rowid,) in found] if len(found) <= limit else None


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

    The index is asked for the next value each time, instead of looking at every call's, unless
    there are too many.
    """
    value = _expression(bound.field, "documents.value")
    calls = f"FROM documents INDEXED BY {index_of(bound.field)} WHERE {_IS_CALL}"
    found = read(
        f"WITH RECURSIVE each(name) AS (SELECT * FROM (SELECT {value} {calls} "
        f"ORDER BY {value} LIMIT 1) UNION ALL SELECT (SELECT {value} {calls} "
        f"AND {value} > each.name ORDER BY {value} LIMIT 1) "
        f"FROM each WHERE each.name IS NOT NULL LIMIT {LOOKED_AT}) "
        f"SELECT name, {bound.condition.format('name')} FROM each",
        bound.values,
    )
    fitting: list[object] = [name for name, fits in found if fits]
    if len(found) == LOOKED_AT:
        sql = f"SELECT DISTINCT {value} {calls} AND {bound.condition.format(value)} LIMIT ?"
        fitting = [name for (name,) in read(sql, (*bound.values, MATCHED + 1))]
    return fitting if len(fitting) <= MATCHED else None


def _tool_calls(read: Read) -> int:
    return int(read("SELECT coalesce(sum(tool_calls), 0) FROM sessions", ())[0][0])


def _count(narrowing: Narrowing, total: int, read: Read) -> int:
    """Return how many there are, all of them when there are many."""
    if narrowing.are_many:
        return total
    most = max(COUNTED, total // PART + 1)
    found = read(
        f"SELECT count(*) FROM (SELECT 1 FROM documents INDEXED BY {narrowing.by} "
        f"WHERE {_IS_CALL} AND {narrowing.condition} LIMIT ?)",
        (*narrowing.values, most),
    )
    count = int(found[0][0])
    return total if count == most else min(count, total)
