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
from claude_mpm_monitor.storage.rows import Read

Name = str | tuple[str, ...]

#: Documents that are counted at most (50 ns each), and those that are found by a pattern at most;
#: of what more have, enough is found soon.
COUNTED, MATCHED = 100_000, 2_000
#: Conditions that more documents fulfil are not brought together with others (200 ns each); what
#: fulfils them all is few when it is no more than this.
BROUGHT_TOGETHER, FEW = 30_000, 1_000
_TOPIC = "tool_call"
#: Fields of a tool call that have an index (steps/009_order_of_tool_calls.sql), and what stands for
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


class Narrowing(NamedTuple):
    """A condition, and the index that answers it ("": a list of rowids does)."""

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
    path = field if isinstance(field, str) else ".".join(field)
    return f"coalesce(json_extract(value, '$.{path}'), {_FIELDS[field]})"


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
    return narrowings[counts.index(min(counts))]


def narrowing_of(bound: Bound, read: Read) -> Narrowing:
    """Return what a query says of one field of a tool call."""
    condition = bound.condition.format(indexed(_TOPIC, bound.field))
    if bound.by_pattern:
        return _by_pattern(bound.field, condition, bound.values, read)
    return Narrowing(index_of(bound.field), condition, bound.values)


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
    is_of_topic, more = of_topic(_TOPIC)
    parts = [
        f"SELECT rowid FROM documents INDEXED BY {one.by} WHERE {is_of_topic} AND {one.condition}"
        for one in fitting
    ]
    values = [value for one in fitting for value in (*more, *one.values)]
    found = read(f"{' INTERSECT '.join(parts)} LIMIT ?", (*values, FEW + 1))
    return [rowid for (rowid,) in found] if len(found) <= FEW else None


def _by_pattern(field: Name, condition: str, values: Sequence[object], read: Read) -> Narrowing:
    """Return a condition that each value of a field has to be looked at for (200 ns)."""
    of_it, more = of_topic(_TOPIC)
    found = read(
        f"SELECT rowid FROM documents INDEXED BY {index_of(field)} "
        f"WHERE {of_it} AND {condition} LIMIT {MATCHED}",
        (*more, *values),
    )
    if len(found) == MATCHED:
        return Narrowing(index_of(field), condition, values, COUNTED)
    # There is no row 0, and without any number SQLite cannot be told to go by another index.
    rowids = ", ".join(str(rowid) for (rowid,) in found) or "0"
    return Narrowing("", f"call.rowid IN ({rowids})", [], len(found))


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
