"""EventLog: appends events and dead letters. One per process, used by the writer thread.

And `read_slice`, by which the log is followed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw

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
#: Payloads that `read_slice` returns at once (characters), so that large ones do not pile up.
SLICE_CHARACTERS = 16 * 1024 * 1024

_INSERT = (
    f"INSERT INTO events (event_id, {', '.join(_STORED_FIELDS)}, payload) "
    f"VALUES (?, {', '.join('?' * len(_STORED_FIELDS))}, ?) ON CONFLICT DO NOTHING"
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

    def receive(self, delivery_id: str) -> bool:
        """Note that a delivery came; False when this very one came before."""
        cursor = self._connection.execute(
            "INSERT INTO deliveries (delivery_id) VALUES (?) ON CONFLICT DO NOTHING",
            (delivery_id,),
        )
        return cursor.rowcount == 1

    def supersede(self, seqs: Iterable[int], by: int) -> None:
        """Mark poorer reports of the fact that the event `by` tells in full."""
        self._connection.executemany(
            "UPDATE events SET superseded_by = ? WHERE seq = ?", [(by, seq) for seq in seqs]
        )

    def bury(self, raw: Raw, reason: str) -> None:
        """Keep a delivery that could not be understood, with the reason."""
        self._connection.execute(
            "INSERT INTO dead_letters (at, dialect, source, reason, body) VALUES (?, ?, ?, ?, ?)",
            # Its time may be what is wrong with it.
            (
                max(0, min(raw.at, LATEST_AT)),
                raw.dialect,
                raw.source,
                reason.encode(errors="replace").decode(),
                raw.body[:DEAD_LETTER_BYTES],
            ),
        )


def check_storable(event: Event) -> None:
    """Raise DecodeError when the store could not take the event as a plugin's decoder built it."""
    if not isinstance(event.at, int) or not 0 <= event.at <= LATEST_AT:
        raise DecodeError(f"at is {event.at!r}, microseconds since the epoch were expected")
    for name in (*_STORED_FIELDS, "event_id"):
        value = getattr(event, name)
        if name != "at" and not isinstance(value, str):
            raise DecodeError(f"{name} is {value!r}, a text was expected")
    try:
        _row(event)
        "\x1f".join(_texts(event)).encode()
    except (AttributeError, ValueError) as error:
        raise DecodeError(f"the event cannot be stored: {error}") from None


def read_slice(
    connection: sqlite3.Connection, after: int, limit: int, until: int = 2**62
) -> list[Event]:
    """Return at most `limit` events with payloads: those after one seq, up to another."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        (after, until, limit),
    )
    events: list[Event] = []
    characters = 0
    for row in rows:
        events.append(event_from_row(row))
        characters += len(row[-1])
        if characters > SLICE_CHARACTERS:
            break
    rows.close()
    return events


def _texts(event: Event) -> list[str]:
    return [getattr(event, name) for name in _STORED_FIELDS if name != "at"]


def _row(event: Event) -> tuple[object, ...]:
    fields = (getattr(event, name) for name in _STORED_FIELDS)
    return (bytes.fromhex(event.event_id), *fields, event.payload.decode())


def event_from_row(row: tuple[Any, ...]) -> Event:
    """Build an Event from a row of `COLUMNS`; the payload is "" when it was not asked for."""
    seq, event_id, *fields, payload = row
    return Event(
        seq=seq,
        event_id=event_id.lower(),
        payload=payload.encode(),
        **dict(zip(_STORED_FIELDS, fields, strict=True)),
    )
