"""Documents of topic `usage` by what they come to: there may be one for each of many agents."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage.event_filter import OF_PROJECT
from claude_mpm_monitor.storage.rows import Read

_CALLS, _COST = "json_extract(value, '$.calls')", "json_extract(value, '$.cost.total')"
#: Those of one session are few: their keys lead to them. Of all others an index (see
#: steps/013_calls_side_by_side.sql) has them in the order wanted.
_INDEX = "usage_by_cost"
_OF_SESSION = f"topic = 'usage' AND key >= ? AND key < ? AND session_id = ? AND {_CALLS} > 0"
_OF_KIND = f"topic = 'usage' AND json_extract(value, '$.by') = ? AND {_CALLS} > 0"


def dearest(
    read: Read, by: str, session_id: str, project: str, most: int
) -> tuple[list[dict[str, Any]], int]:
    """Return at most so many of one kind, the dearest first, and how many there are: of one
    session, of those of a project, or of all ("").

    An index has them in that order, so that only those returned are read.
    """
    condition, values = _chosen(by, session_id, project)
    tables = "documents" if session_id else f"documents INDEXED BY {_INDEX}"
    count = read(f"SELECT count(*) FROM {tables} WHERE {condition}", values)[0][0]
    found = read(
        f"SELECT value FROM {tables} WHERE {condition} "
        f"ORDER BY {_COST} DESC, {_CALLS} DESC LIMIT ?",
        (*values, most),
    )
    return [msgspec.json.decode(value) for (value,) in found], int(count)


def _chosen(by: str, session_id: str, project: str) -> Sql:
    condition, values = _OF_KIND, list[object]([by])
    if session_id:
        prefix = f"{by}/{session_id}"
        condition = _OF_SESSION
        values = [prefix, f"{prefix}\U0010ffff", session_id]
    return (f"{condition} AND {OF_PROJECT}", [*values, project]) if project else (condition, values)
