"""EventFilter: which events to read, and what that is in SQL."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.noise import NO_NOISE_KIND, TOLD_ONCE
from claude_mpm_monitor.storage.rows import marks

#: Where a session has been at work changes; its project does not.
IS_PROJECT = "project = ?"
OF_PROJECT = f"session_id IN (SELECT session FROM sessions WHERE {IS_PROJECT})"
MAX_LIMIT = 1_000
DEFAULT_LIMIT = 200


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events to read. Empty fields do not filter; `after` and `before` are exclusive seqs.

    `text` is a query as people write it (docs/search.md).
    """

    session_id: str = ""
    project: str = ""
    kinds: tuple[str, ...] = ()
    #: Kinds that are left out.
    but_kinds: tuple[str, ...] = ()
    agent_id: str | None = None
    tool_use_id: str = ""
    text: str = ""
    event_ids: tuple[str, ...] = ()
    after: int = 0
    before: int = 0
    newest_first: bool = True
    noise: bool = False
    limit: int = DEFAULT_LIMIT


def conditions(wanted: EventFilter) -> Sql:
    """Return the filter, but for its text, as a condition about the table `events`."""
    parts: list[str] = ["events.superseded_by IS NULL"]
    values: list[object] = []
    pairs: tuple[tuple[str, object], ...] = (
        ("events.session_id = ?", wanted.session_id or None),
        # Read in the log's order, not session by session: the plus keeps the index out of it.
        (f"+events.{OF_PROJECT}", wanted.project or None),
        ("events.agent_id = ?", wanted.agent_id),
        ("events.tool_use_id = ?", wanted.tool_use_id or None),
        ("events.seq > ?", wanted.after or None),
        ("events.seq < ?", wanted.before or None),
    )
    for part, value in pairs:
        if value is not None:
            parts.append(part)
            values.append(value)
    if wanted.kinds:
        parts.append(f"events.kind IN ({marks(wanted.kinds)})")
        values += wanted.kinds
    elif not wanted.noise and not wanted.event_ids:
        parts.append(NO_NOISE_KIND)
    if wanted.but_kinds:
        parts.append(f"events.kind NOT IN ({marks(wanted.but_kinds)})")
        values += wanted.but_kinds
    if not wanted.noise and not wanted.event_ids:
        # A list of kinds asks for those kinds, not for each of them twice.
        parts.append(TOLD_ONCE)
    if wanted.event_ids:
        parts.append(f"events.event_id IN ({marks(wanted.event_ids)})")
        values += map(_event_id, wanted.event_ids)
    return " AND ".join(parts), values


def _event_id(text: str) -> bytes:
    """Return the id as it is stored; no event has b""."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
