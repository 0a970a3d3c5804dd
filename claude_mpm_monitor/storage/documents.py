"""DocumentStore: the analyzers' documents and how far each of them has read the log."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.model.analyzer import Change, Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage import requests, rows, session_rows, timeline
from claude_mpm_monitor.storage.document_text import stored, text_of
from claude_mpm_monitor.storage.known_keys import KnownKeys
from claude_mpm_monitor.storage.packing import unpack
from claude_mpm_monitor.storage.skip_index import Noted

#: Documents kept in memory, and their text (bytes); older ones are read again when an event needs
#: them.
CACHED, CACHED_BYTES = 1_000, 2_000_000

_INSERT = "INSERT INTO documents (topic, key, session_id, agent_id, seq, at, value)"
_OR_UPDATE = (
    "ON CONFLICT (topic, key) DO UPDATE SET "
    "session_id = excluded.session_id, agent_id = excluded.agent_id, seq = excluded.seq, "
    "at = excluded.at, value = excluded.value"
)
#: How large a document may be, and how many may change within one transaction: far more than
#: anything needs, and less than would fill the memory.
MAX_BYTES, MAX_CHANGED = 4_000_000, 20_000


class _Entry:
    """A document in memory, and its JSON text as it was last put or read."""

    __slots__ = ("text", "value")

    def __init__(self, value: Json, text: bytes) -> None:
        self.value = value
        self.text = text


class DocumentStore:
    """Implements `Documents` over a write-behind cache. Consumer thread only.

    `put` changes memory; `flush`, inside the caller's transaction, writes what changed since.
    A document's text is taken when it is put, so nothing that happens to the object later, on
    this thread or another, can reach what is stored and what viewers are told.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._noted = Noted(connection)
        self._cache: OrderedDict[tuple[str, str], _Entry] = OrderedDict()
        self._dirty: dict[tuple[str, str], tuple[Any, ...]] = {}
        #: Looked for since the last flush and not there: a new document is asked for twice.
        self._absent: set[tuple[str, str]] = set()
        self._cached_bytes = 0
        self._keys = KnownKeys()
        #: Whether all keys of a topic are known: it was empty when it was first asked about.
        self._all_known: dict[str, bool] = {}
        self._event: Event | None = None
        self._topics: tuple[str, ...] = ()

    def begin(self, event: Event, topics: tuple[str, ...]) -> None:
        """Stamp what is put from now on with `event`; only documents of `topics` may be put."""
        self._event = event
        self._topics = topics

    def get(self, topic: str, key: str) -> Json | None:
        """Return the document, or None."""
        entry = self._find((topic, key))
        if entry is None:
            return None
        if topic not in self._topics:
            # Another analyzer's: a copy, so that only its owner can change it.
            copy: Json = msgspec.json.decode(entry.text)
            return copy
        return entry.value

    def put(
        self,
        topic: str,
        key: str,
        value: Json,
        *,
        session_id: str = "",
        agent_id: str = "",
        event: Event | None = None,
    ) -> None:
        """Store `value` under `topic` and `key`, stamped with `event` or the one being handled.

        A value that equals the stored one changes nothing. Raises when the topic is not the
        analyzer's own or `value` is no JSON object.
        """
        assert self._event is not None, "put() belongs inside apply()"
        if topic not in self._topics:
            raise PluginError(f"the topic {topic!r} is not among the analyzer's own")
        try:
            names = "".join((key, session_id, agent_id))
        except TypeError:
            names = None
        if names is None or not isinstance(value, dict):
            raise PluginError(f"{topic}/{key}: a text for a key and an object were expected")
        names.encode()  # what SQLite could not take raises here, in its author's code
        text = msgspec.json.encode(value)
        if len(text) > MAX_BYTES or len(self._dirty) >= MAX_CHANGED:
            raise PluginError(
                f"{topic}/{key}: a document of at most {MAX_BYTES:,} bytes was expected, and at "
                f"most {MAX_CHANGED:,} of them at once"
            )
        place = (topic, key)
        entry = self._find(place)
        self._remember(place, _Entry(value, text))
        if entry is None or entry.text != text:
            event = event or self._event
            stamp = (session_id or event.session_id, agent_id, event.seq, event.at)
            self._dirty[place] = (*place, *stamp, text.decode())
            if self._knows_all(topic):
                self._keys.add(topic, key)

    def flush(self) -> list[Change]:
        """Write what changed and return it. The caller holds the transaction."""
        changed = list(self._dirty.values())
        written = [(*row[:-1], stored(row[0], row[-1])) for row in changed]
        rows.write(self._connection, _INSERT, written, _OR_UPDATE)
        self._noted.note_documents(changed)
        told = [(row[0], row[2], row[1], row[6]) for row in changed]
        timeline.put(self._connection, told)
        requests.put(self._connection, told)
        session_rows.put(self._connection, told)
        return [change_from_row(row) for row in changed]

    def flushed(self) -> None:
        """Forget what was changed: the transaction that wrote it is committed."""
        self._dirty.clear()
        self._absent.clear()
        while len(self._cache) > CACHED or self._cached_bytes > CACHED_BYTES:
            _, entry = self._cache.popitem(last=False)
            self._cached_bytes -= len(entry.text)

    @property
    def changed(self) -> bool:
        """Whether there is something to flush."""
        return bool(self._dirty)

    def forget_cached(self) -> None:
        """Have every document read anew: some are deleted now. Nothing may be unflushed."""
        self._cache.clear()
        self._cached_bytes = 0
        self._absent.clear()

    def drop(self, topics: tuple[str, ...]) -> None:
        """Delete all documents of `topics`. The caller holds the transaction."""
        self._connection.executemany(
            "DELETE FROM documents WHERE topic = ?", [(topic,) for topic in topics]
        )
        for topic in topics:
            self._all_known.pop(topic, None)
        for place in [place for place in self._cache if place[0] in topics]:
            self._cached_bytes -= len(self._cache.pop(place).text)

    def _knows_all(self, topic: str) -> bool:
        known = self._all_known.get(topic)
        if known is None:
            row = self._connection.execute(
                "SELECT 1 FROM documents WHERE topic = ? LIMIT 1", (topic,)
            ).fetchone()
            known = self._all_known[topic] = row is None
        return known

    def _find(self, place: tuple[str, str]) -> _Entry | None:
        entry = self._cache.get(place)
        if entry is not None:
            self._cache.move_to_end(place)
            return entry
        if place in self._absent:
            return None
        if self._knows_all(place[0]) and not self._keys.may_have(*place):
            return None
        row = self._connection.execute(
            "SELECT value FROM documents WHERE topic = ? AND key = ?", place
        ).fetchone()
        if row is None:
            self._absent.add(place)
            return None
        text = unpack(row[0])
        entry = _Entry(msgspec.json.decode(text), text)
        self._remember(place, entry)
        return entry

    def _remember(self, place: tuple[str, str], entry: _Entry) -> None:
        before = self._cache.get(place)
        self._cached_bytes += len(entry.text) - (len(before.text) if before else 0)
        self._cache[place] = entry
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

    def set(self, positions: Sequence[tuple[str, int, int]]) -> None:
        """Record (name, version, seq) of analyzers. The caller holds the transaction."""
        rows.write(
            self._connection,
            "INSERT INTO analyzers (name, version, seq)",
            positions,
            "ON CONFLICT (name) DO UPDATE SET version = excluded.version, seq = excluded.seq",
        )


def change_from_row(row: tuple[Any, ...]) -> Change:
    """Build a Change from (topic, key, session_id, agent_id, seq, at, value as it is stored)."""
    topic, key, session_id, agent_id, seq, at, value = row
    return Change(
        topic=topic,
        key=key,
        session_id=session_id,
        agent_id=agent_id,
        seq=seq,
        at=at,
        text=text_of(value),
    )
