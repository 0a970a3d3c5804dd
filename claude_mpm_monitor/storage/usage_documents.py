"""Documents of topic `usage` by what they come to: there may be one for each of many agents."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.storage.rows import Read

_CHOSEN = (
    "FROM documents WHERE topic = 'usage' AND key >= ? AND key < ? AND ? IN ('', session_id) "
    "AND json_extract(value, '$.calls') > 0"
)
_DEAREST = (
    f"SELECT value {_CHOSEN} ORDER BY json_extract(value, '$.cost.total') DESC, "
    "json_extract(value, '$.calls') DESC LIMIT ?"
)


def dearest(read: Read, by: str, session_id: str, most: int) -> tuple[list[dict[str, Any]], int]:
    """Return at most so many of one kind, of one session if one is given, the dearest first; and
    how many there are.

    Reading all of 24,500 takes 300 ms, this 60.
    """
    prefix = f"{by}/{session_id}"
    chosen = (prefix, f"{prefix}\U0010ffff", session_id)
    found = [msgspec.json.decode(value) for (value,) in read(_DEAREST, (*chosen, most))]
    if len(found) < most:
        return found, len(found)
    ((count,),) = read(f"SELECT count(*) {_CHOSEN}", chosen)
    return found, count
