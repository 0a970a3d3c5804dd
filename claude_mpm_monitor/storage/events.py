"""EventLog: appends events and dead letters. One per process, used by the writer thread.

And `read_slice`, by which the log is followed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw
from claude_mpm_monitor.storage import rows
from claude_mpm_monitor.storage.packing import pack, unpack

STORED_FIELDS = (
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
HEAD_COLUMNS = f"seq, hex(event_id), {', '.join(STORED_FIELDS)}, ''"
COLUMNS = f"seq, hex(event_id), {', '.join(STORED_FIELDS)}, payload"
#: Long enough to see what was wrong with it, short enough not to fill a disk.
DEAD_LETTER_BYTES = 256 * 1024
#: Payloads that `read_slice` returns at once (bytes), so that large ones do not pile up.
SLICE_BYTES = 16 * 1024 * 1024
#: Ids looked for in one SELECT.
CHECKED = 500

_TEXTS = (*(name for name in STORED_FIELDS if name != "at"), "event_id")
_texts_of = attrgetter(*_TEXTS)
_fields_of = attrgetter(*STORED_FIELDS)

#: Numbers of events that were deleted are not given again: who follows the log is beyond them.
_LAST_SEQ = (
    "SELECT max((SELECT coalesce(max(seq), 0) FROM events), "
    "(SELECT coalesce(max(until_seq), 0) FROM retired_sessions))"
)
_INSERTED = ("seq", "event_id", *STORED_FIELDS, "payload")
_INSERT = f"INSERT INTO events ({', '.join(_INSERTED)})"


class EventLog:
    """Appends to the log through one connection. The caller holds the transaction.

    Within a transaction the log is this connection's alone, so it numbers events itself and writes
    many at once: `flush` before the commit, `rolled_back` when there is none.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: list[tuple[object, ...]] = []
        #: When the events happened that wait to be written, by id.
        self._waiting: dict[str, int] = {}
        self._superseded: list[tuple[int, int]] = []
        self._next = 0
        #: Ids that this transaction has looked for and not found.
        self._absent: set[str] = set()

    def begin(self, event_ids: Iterable[str] = (), first_seq: int = 0) -> None:
        """Begin a transaction's work, and look for these ids in the store all at once.

        The first event gets the next number, or a higher one if that is wanted.
        """
        row = self._connection.execute(_LAST_SEQ).fetchone()
        self._next = max(row[0] + 1, first_seq)
        self._absent = set(event_ids)
        for ids in rows.batched(sorted(self._absent), CHECKED):
            found = self._connection.execute(
                f"SELECT hex(event_id) FROM events WHERE event_id IN ({rows.marks(ids)})",
                [bytes.fromhex(event_id) for event_id in ids],
            )
            self._absent.difference_update(event_id.lower() for (event_id,) in found)

    def append(self, event: Event, event_id: str) -> int | None:
        """Add the event under this id and return its seq, None when the store has it already."""
        if self.stored_at(event_id) is not None:
            return None
        self._absent.discard(event_id)
        seq, self._next = self._next, self._next + 1
        self._rows.append((seq, bytes.fromhex(event_id), *_row(event)))
        self._waiting[event_id] = event.at
        return seq

    def supersede(self, seqs: Iterable[int], by: int) -> None:
        """Mark poorer reports of the fact that the event `by` tells in full."""
        self._superseded += [(by, seq) for seq in seqs]

    def flush(self) -> None:
        """Write what was added and marked."""
        rows.write(self._connection, _INSERT, self._rows)
        if self._superseded:
            self._connection.executemany(
                "UPDATE events SET superseded_by = ? WHERE seq = ?", self._superseded
            )
        self.rolled_back()

    def rolled_back(self) -> None:
        """Forget what was added and not written."""
        self._rows.clear()
        self._waiting.clear()
        self._superseded.clear()

    def stored_at(self, event_id: str) -> int | None:
        """Return the time (µs) of the event with this id, or None."""
        waiting = self._waiting.get(event_id)
        if waiting is not None or event_id in self._absent:
            return waiting
        row = self._connection.execute(
            "SELECT at FROM events WHERE event_id = ?", (bytes.fromhex(event_id),)
        ).fetchone()
        if row is None:
            self._absent.add(event_id)
            return None
        return int(row[0])

    def receive(self, delivery_id: str) -> bool:
        """Note that a delivery came; False when this very one came before."""
        cursor = self._connection.execute(
            "INSERT INTO deliveries (delivery_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (delivery_id, time.time_ns() // 1_000),
        )
        return cursor.rowcount == 1

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
    try:
        # Ids are compared as texts and stored as bytes: one has to be the other.
        if bytes.fromhex(event.event_id).hex() != event.event_id:
            raise ValueError(f"event_id is {event.event_id!r}, lower-case hex was expected")
        event.payload.decode()
        # One text in place of twelve: each event comes through here.
        "".join(_texts_of(event)).encode()
    except (AttributeError, ValueError, TypeError) as error:
        wrong = [name for name in _TEXTS if not isinstance(getattr(event, name), str)]
        if wrong:
            value = getattr(event, wrong[0])
            raise DecodeError(f"{wrong[0]} is {value!r}, a text was expected") from None
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
    size = 0
    for row in rows:
        events.append(event_from_row(row))
        size += len(events[-1].payload)
        if size > SLICE_BYTES:
            break
    rows.close()
    return events


def _row(event: Event) -> tuple[object, ...]:
    """Return the values of `STORED_FIELDS` and the payload, as they are stored."""
    return (*_fields_of(event), pack(event.payload))


def event_from_row(row: tuple[Any, ...]) -> Event:
    """Build an Event from a row of `COLUMNS`; the payload is "" when it was not asked for."""
    seq, event_id, *fields, payload = row
    return Event(
        seq=seq,
        event_id=event_id.lower(),
        payload=unpack(payload),
        **dict(zip(STORED_FIELDS, fields, strict=True)),
    )
