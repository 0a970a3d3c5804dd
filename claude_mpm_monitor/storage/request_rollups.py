"""RequestRollups: keeps the sums of requests by session, and answers from them where they hold.

Whatever changes a session's requests says that its sums do not hold (`changed`), in the same
transaction; they are made anew when there has been quiet for a while. Until then its requests are
added up for each question.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage import rows, tool_sums
from claude_mpm_monitor.storage.request_sums import (
    COUNTED,
    QUARTER_US,
    Chosen,
    Group,
    added_up,
    condition_of,
    grouped,
    holding,
    in_order,
)
from claude_mpm_monitor.storage.rows import Each, Read, marks
from claude_mpm_monitor.storage.tool_sums import ToolGroup

#: How long nothing of a session has to have changed (µs) until its sums are made.
QUIET_US = 5_000_000
#: Of fewer sessions only their own agents are looked at.
FEW = 100
#: The type of an agent that is none: the session's own.
MAIN = "main"

_CHANGED = (
    "UPDATE sessions_added_up SET changed_at = "
    "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER) WHERE session_id = ?"
)
_PUT = (
    "INSERT INTO request_sums (session_id, by, name, model, evidence, unpriced, calls, "
    f"tool_calls, {', '.join(COUNTED)})"
)
_TYPES = (
    "SELECT key, coalesce(json_extract(value, '$.agent_type'), '') FROM documents "
    "WHERE topic = 'agent'"
)
#: Requests that a session shares with the one it is a fork of.
_SHARES = "SELECT 1 FROM documents WHERE topic = '_api_call_of' AND session_id = ? LIMIT 1"
_Row = tuple[object, ...]


def changed(connection: sqlite3.Connection, session_ids: Iterable[str]) -> None:
    """Say that sessions have other agents from now on. In a transaction.

    Of requests the table itself says so, whoever writes them.
    """
    connection.executemany(_CHANGED, [(session_id,) for session_id in session_ids])


class RequestRollups:
    """Makes the sums of one session at a time, through one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def next(self, now: int) -> tuple[str, int] | None:
        """Return a session whose sums are to be made, and since when they do not hold (µs)."""
        found = self._connection.execute(
            "SELECT session_id, changed_at FROM sessions_added_up "
            "WHERE changed_at IS NOT NULL AND changed_at < ? ORDER BY changed_at LIMIT 1",
            (now - QUIET_US,),
        ).fetchone()
        return found if found is None else (str(found[0]), int(found[1]))

    def made(self, session_id: str) -> list[_Row]:
        """Return the sums of a session, as they are to be kept. Takes 15 µs a request."""
        chosen = Chosen(session_id=session_id)
        quarters = added_up(self._read, (f"at / {QUARTER_US}", "model"), chosen, kept=False)
        return [
            *(_row(session_id, "quarter", group) for group in quarters),
            *(
                _row(session_id, "agent_type", group)
                for group in _of_agent_types(self._read, chosen)
            ),
            *(
                _row(session_id, "tool", *one)
                for one in tool_sums.by_tool(in_order(self._each, chosen))
            ),
        ]

    def _read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    def _each(self, sql: str, values: Sequence[object]) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(sql, values)

    def postpone(self, session_id: str) -> None:
        """Have others come first: the sums of this session cannot be made. In a transaction."""
        changed(self._connection, [session_id])

    def keep(self, session_id: str, changed_at: int, made: list[_Row]) -> None:
        """Keep sums unless the session changed meanwhile. The caller holds the transaction."""
        held = self._connection.execute(
            "UPDATE sessions_added_up SET changed_at = NULL WHERE session_id = ? "
            "AND changed_at = ?",
            (session_id, changed_at),
        )
        if not held.rowcount:
            return
        self._connection.execute(
            "DELETE FROM request_sums WHERE by IN ('quarter', 'agent_type', 'tool') "
            "AND session_id = ?",
            (session_id,),
        )
        rows.write(self._connection, _PUT, made)
        if not made:  # it was deleted, or has no requests any more
            self._connection.execute(
                "DELETE FROM sessions_added_up WHERE session_id = ?", (session_id,)
            )


def by_agent_type(read: Read, chosen: Chosen) -> list[Group]:
    """Return the sums by type of agent: "main" is the session's own, "" one that is not known."""
    if not _are_kept(read, chosen):
        return _of_agent_types(read, chosen)
    found = grouped(read, ("name",), _kept("agent_type", chosen))
    return [*found, *_of_agent_types(read, _changed(chosen))]


def by_tool(read: Read, each: Each, chosen: Chosen) -> Iterable[ToolGroup]:
    """Return the sums by tool (`tool_sums`)."""
    if not _are_kept(read, chosen):
        return tool_sums.by_tool(in_order(each, chosen))
    found = grouped(read, ("name",), _kept("tool", chosen), (*COUNTED, "tool_calls"))
    kept = (ToolGroup(group._replace(sums=group.sums[:-1]), group.sums[-1]) for group in found)
    return chain(kept, tool_sums.by_tool(in_order(each, _changed(chosen))))


def _are_kept(read: Read, chosen: Chosen) -> bool:
    """Tell whether sums by session answer what is asked: of all times, without forks' shares."""
    if chosen.span is not None or not chosen.shared:
        return chosen.span is None
    return bool(chosen.session_id) and not read(_SHARES, (chosen.session_id,))


def _changed(chosen: Chosen) -> Chosen:
    return holding(msgspec.structs.replace(chosen, shared=False), False)


def _kept(by: str, chosen: Chosen) -> Sql:
    condition, values = condition_of("r", holding(chosen, True))
    return f"SELECT * FROM request_sums AS r WHERE r.by = ? AND {condition}", [by, *values]


def _of_agent_types(read: Read, chosen: Chosen) -> list[Group]:
    found = added_up(read, ("owner", "agent_id"), chosen)
    types = _types(read, {group.names[0] for group in found})
    sums: dict[tuple[object, ...], Group] = {}
    for group in found:
        owner, agent_id = group.names
        name = types.get(f"{owner}/{agent_id}", "") or ("" if agent_id else MAIN)
        key = (name, group.evidence, group.unpriced)
        sums[key] = group._replace(names=(name,)).plus(sums.get(key))
    return list(sums.values())


def _types(read: Read, owners: set[str]) -> dict[str, str]:
    """Return the types of agents of some sessions, by the keys of their documents."""
    few = len(owners) < FEW
    of_owners = f" AND session_id IN ({marks(owners)})" if few else ""
    return dict(read(_TYPES + of_owners, list(owners) if few else ()))


def _row(session_id: str, by: str, group: Group, tool_calls: int = 0) -> _Row:
    name, model = (*group.names, None)[:2]
    known = (group.evidence, group.unpriced, group.calls, tool_calls)
    return (session_id, by, name, model, *known, *group.sums)
