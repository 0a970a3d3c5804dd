"""EventLog: appends events and dead letters. One per process, used by the writer thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from claude_mpm_monitor.model.event import Event, Raw

_STORED_FIELDS = (
    "session_id",
    "kind",
    "at",
    "source",
    "agent_id",
    "tool_use_id",
    "prompt_id",
    "project",
    "branch",
    "tool_name",
    "summary",
)
HEAD_COLUMNS = f"seq, hex(event_id), {', '.join(_STORED_FIELDS)}, ''"
COLUMNS = f"seq, hex(event_id), {', '.join(_STORED_FIELDS)}, payload"
#: Long enough to see what was wrong with it, short enough not to fill a disk.
DEAD_LETTER_BYTES = 256 * 1024

_INSERT = (
    "INSERT INTO events (event_id, delivery_id, session_id, kind, at, source, agent_id, "
    "tool_use_id, prompt_id, project, branch, tool_name, summary, payload) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


class EventLog:
    """Appends to the log through one connection. The caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def append(self, event: Event) -> int | None:
        """Insert the event and return its seq, or None when the store has it already."""
        cursor = self._connection.execute(_INSERT, _row(event))
        return cursor.lastrowid if cursor.rowcount == 1 else None

    def stored_at(self, event_id: str) -> int | None:
        """Return the time (µs) of the event with this id, or None."""
        row = self._connection.execute(
            "SELECT at FROM events WHERE event_id = ?", (bytes.fromhex(event_id),)
        ).fetchone()
        return None if row is None else int(row[0])

    def delivered(self, delivery_id: str) -> bool:
        """Tell whether this very delivery was stored before."""
        return (
            self._connection.execute(
                "SELECT 1 FROM events WHERE delivery_id = ?", (delivery_id,)
            ).fetchone()
            is not None
        )

    def supersede(self, seqs: Iterable[int], by: int) -> None:
        """Mark poorer reports of the fact that the event `by` tells in full."""
        self._connection.executemany(
            "UPDATE events SET superseded_by = ? WHERE seq = ?", [(by, seq) for seq in seqs]
        )

    def bury(self, raw: Raw, reason: str) -> None:
        """Keep a delivery that could not be understood, with the reason."""
        self._connection.execute(
            "INSERT INTO dead_letters (at, dialect, source, reason, body) VALUES (?, ?, ?, ?, ?)",
            (raw.at, raw.dialect, raw.source, reason, raw.body[:DEAD_LETTER_BYTES]),
        )


def _row(event: Event) -> tuple[object, ...]:
    return (
        bytes.fromhex(event.event_id),
        event.delivery_id or None,
        event.session_id,
        event.kind,
        event.at,
        event.source,
        event.agent_id,
        event.tool_use_id,
        event.prompt_id,
        event.project,
        event.branch,
        event.tool_name,
        event.summary,
        event.payload.decode(),
    )


def event_from_row(row: tuple[Any, ...]) -> Event:
    """Build an Event from a row of `COLUMNS`; the payload is "" when it was not asked for."""
    seq, event_id, *fields, payload = row
    return Event(
        seq=seq,
        event_id=event_id.lower(),
        payload=payload.encode(),
        **dict(zip(_STORED_FIELDS, fields, strict=True)),
    )
