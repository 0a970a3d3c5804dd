"""Documents of topic `usage` by what they come to: there may be one for each of many agents."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage.event_filter import OF_PROJECT
from claude_mpm_monitor.storage.rows import Read

_CALLS, _COST = "json_extract(value, '$.calls')", "json_extract(value, '$.cost.total')"
#: steps/013_calls_side_by_side.sql has them in the order of what they cost.
_INDEX = "usage_by_cost"
#: Fewer of a session are read (4 µs each) rather than the whole index (0.1 µs for each of all).
FEW = 1_000


def dearest(
    read: Read, by: str, session_id: str, project: str, most: int
) -> tuple[list[dict[str, Any]], int]:
    """Return at most so many of one kind, the dearest first, and how many there are: of one
    session, of those of a project, or of all ("")."""
    source, values = _source(read, by, session_id, project)
    count = read(f"SELECT count(*) FROM {source}", values)[0][0]
    found = read(
        f"SELECT value FROM {source} ORDER BY {_COST} DESC, {_CALLS} DESC LIMIT ?", (*values, most)
    )
    return [msgspec.json.decode(value) for (value,) in found], int(count)


def _source(read: Read, by: str, session_id: str, project: str) -> Sql:
    """Return what to read from, and the condition.

    The keys of a session lead to its own; where they are many, and of all sessions, the index has
    them in the order wanted, so that none is read but those returned.
    """
    of_session: Sql = ("topic = 'usage' AND key >= ? AND key < ?", list(_keys(by, session_id)))
    counted = f"SELECT count(*) FROM (SELECT 1 FROM documents WHERE {of_session[0]} LIMIT {FEW})"
    if session_id and read(counted, of_session[1])[0][0] < FEW:
        source, values = f"documents WHERE {of_session[0]}", of_session[1]
    else:
        kind = "topic = 'usage' AND json_extract(value, '$.by') = ?"
        source, values = f"documents INDEXED BY {_INDEX} WHERE {kind}", [by]
    source += f" AND {_CALLS} > 0"
    for condition, value in (("session_id = ?", session_id), (OF_PROJECT, project)):
        if value:
            source += f" AND {condition}"
            values.append(value)
    return source, values


def _keys(by: str, session_id: str) -> tuple[str, str]:
    """Return where the keys of a session begin and end, with those of sessions it is named like."""
    prefix = f"{by}/{session_id}"
    return prefix, f"{prefix}\U0010ffff"
