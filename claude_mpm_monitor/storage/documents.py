"""DocumentStore: the analyzers' documents and how far each of them has read the log."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict

import msgspec

from claude_mpm_monitor.model.analyzer import Change, Json
from claude_mpm_monitor.model.event import Event

#: Documents kept in memory; older ones are read again when an event needs them.
CACHED = 2_000

_UPSERT = (
    "INSERT INTO documents (topic, key, session_id, agent_id, seq, at, value) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (topic, key) DO UPDATE SET "
    "session_id = excluded.session_id, agent_id = excluded.agent_id, seq = excluded.seq, "
    "at = excluded.at, value = excluded.value"
)


class DocumentStore:
    """Implements `Documents` over a write-behind cache. Consumer thread only.

    `put` changes memory; `flush`, inside the caller's transaction, writes what changed since.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cache: OrderedDict[tuple[str, str], Json] = OrderedDict()
        self._dirty: dict[tuple[str, str], Change] = {}
        self._event: Event | None = None

    def begin(self, event: Event) -> None:
        """Stamp what is put from now on with `event`."""
        self._event = event

    def get(self, topic: str, key: str) -> Json | None:
        """Return the document, or None."""
        place = (topic, key)
        value = self._cache.get(place)
        if value is not None:
            self._cache.move_to_end(place)
            return value
        row = self._connection.execute(
            "SELECT value FROM documents WHERE topic = ? AND key = ?", place
        ).fetchone()
        if row is None:
            return None
        loaded: Json = msgspec.json.decode(row[0])
        self._remember(place, loaded)
        return loaded

    def put(
        self, topic: str, key: str, value: Json, *, session_id: str = "", agent_id: str = ""
    ) -> None:
        """Store `value` under `topic` and `key`, stamped with the event being handled."""
        assert self._event is not None, "put() belongs inside apply()"
        place = (topic, key)
        self._remember(place, value)
        self._dirty[place] = Change(
            topic=topic,
            key=key,
            session_id=session_id or self._event.session_id,
            agent_id=agent_id,
            seq=self._event.seq,
            at=self._event.at,
            value=value,
        )

    def flush(self) -> list[Change]:
        """Write what changed and return it. The caller holds the transaction."""
        changes = list(self._dirty.values())
        self._connection.executemany(_UPSERT, [_row(change) for change in changes])
        return changes

    def flushed(self) -> None:
        """Forget what was changed: the transaction that wrote it is committed."""
        self._dirty.clear()
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def drop(self, topics: tuple[str, ...]) -> None:
        """Delete all documents of `topics`. The caller holds the transaction."""
        self._connection.executemany(
            "DELETE FROM documents WHERE topic = ?", [(topic,) for topic in topics]
        )
        for place in [place for place in self._cache if place[0] in topics]:
            del self._cache[place]

    def _remember(self, place: tuple[str, str], value: Json) -> None:
        self._cache[place] = value
        self._cache.move_to_end(place)


class Checkpoints:
    """How far each analyzer has read the log, committed together with its documents."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> tuple[int, int] | None:
        """Return (version, seq) of the analyzer, or None when it never ran."""
        row = self._connection.execute(
            "SELECT version, seq FROM analyzers WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def set(self, name: str, version: int, seq: int) -> None:
        """Record the analyzer's position. The caller holds the transaction."""
        self._connection.execute(
            "INSERT INTO analyzers (name, version, seq) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET version = excluded.version, seq = excluded.seq",
            (name, version, seq),
        )


def _row(change: Change) -> tuple[object, ...]:
    return (
        change.topic,
        change.key,
        change.session_id,
        change.agent_id,
        change.seq,
        change.at,
        msgspec.json.encode(change.value).decode(),
    )
