"""Retention: gives old sessions up, a few milliseconds at a time, and freed space back.

A session is given up as a whole, so that no total becomes a lie: its events, what was derived from
them, and its words in the index go; one row that says what it was stays (`retired_sessions`).
Sessions that share API calls (forks) go together. Never given up are sessions that are bookmarked,
that go on, or that were active within a day.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from claude_mpm_monitor.storage.database import Connection, Database
from claude_mpm_monitor.storage.events import COLUMNS, event_from_row
from claude_mpm_monitor.storage.search_index import SearchIndex, texts_of

#: Events, or documents, deleted in one transaction: about 5 ms.
SLICE = 50
DAY_US = 86_400_000_000
#: A session that was active within this time is never given up (µs).
RECENT_US = DAY_US
#: Deliveries are remembered for so long: longer than anything stays in the spool (µs).
DELIVERIES_US = 90 * DAY_US
#: Dead letters kept, the newest.
DEAD_LETTERS = 1_000
#: Freed pages that are given back at once; fewer than that stay for what comes next.
GIVEN_BACK, WORTH_IT = 64, 256
LIVE = ("running", "waiting")

_DEAD = "DELETE FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ?"
_OLD_DELIVERIES = (
    "DELETE FROM deliveries WHERE delivery_id IN "
    "(SELECT delivery_id FROM deliveries WHERE at < ? LIMIT ?)"
)
#: Pairs of sessions of which one has calls of the other.
_SHARED = (
    "SELECT DISTINCT mine.session_id, theirs.session_id FROM documents mine "
    "JOIN documents theirs ON theirs.topic = 'api_call' "
    "AND theirs.key = json_extract(mine.value, '$.call') "
    "WHERE mine.topic = '_api_call_of' AND mine.session_id <> theirs.session_id"
)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """For how long (days) and up to which size (bytes) sessions are kept; 0 is without end."""

    days: int = 0
    bytes: int = 0


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A session that may be given up, and why."""

    session_id: str
    at: int
    reason: str
    summary: str


class Retention:
    """Works through one connection, in the process that derives documents, on that thread.

    `forget` is called before the documents of a session are deleted: none may be in memory then.
    """

    def __init__(
        self,
        database: Database,
        connection: Connection,
        limits: Limits,
        forget: Callable[[], None],
    ) -> None:
        self._database = database
        self._connection = connection
        self._limits = limits
        self._forget = forget

    def step(self, analyzed_seq: int) -> bool:
        """Do one slice of what there is to do; False when there is nothing."""
        pending = self._connection.execute(
            "SELECT session_id, until_seq FROM retired_sessions WHERE done = 0 LIMIT 1"
        ).fetchone()
        if pending is not None:
            self._delete_some(*pending)
            return True
        candidates = self.candidates(analyzed_seq)
        for group in candidates[:1]:
            self._retire(group)
        return bool(candidates) or self._tidy() or self._give_back()

    def candidates(self, analyzed_seq: int) -> list[list[Candidate]]:
        """Return the groups of sessions to give up now, the oldest first."""
        now = time.time_ns() // 1_000
        too_large = self._limits.bytes and used_bytes(self._connection) > self._limits.bytes
        edge = now - self._limits.days * DAY_US if self._limits.days else 0
        if not edge and not too_large:
            return []
        found: list[list[Candidate]] = []
        for group in self._groups(analyzed_seq, now):
            newest = max(candidate.at for candidate in group)
            if newest < edge:
                found.append(group)
            elif too_large:
                reason = "the store is larger than its limit"
                found.append([msgspec.structs.replace(c, reason=reason) for c in group])
        return found

    # ---- which

    def _groups(self, analyzed_seq: int, now: int) -> Iterator[list[Candidate]]:
        """Yield what may be given up together, the oldest first."""
        rows = self._connection.execute(
            "SELECT key, at, seq, value, key IN (SELECT session_id FROM bookmarked_sessions) "
            "FROM documents WHERE topic = 'session' ORDER BY at"
        ).fetchall()
        together = self._together()
        sessions: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows:
            sessions.setdefault(together.get(row[0], row[0]), []).append(row)
        for group in sorted(sessions.values(), key=lambda group: max(row[1] for row in group)):
            if all(_may_go(row, analyzed_seq, now) for row in group):
                yield [
                    Candidate(session_id=key, at=at, reason="it is old", summary=value)
                    for key, at, _, value, _ in group
                ]

    def _together(self) -> dict[str, str]:
        """Return a representative for each session that shares calls with others."""
        found: dict[str, str] = {}
        for one, other in self._connection.execute(_SHARED).fetchall():
            first, second = found.get(one, one), found.get(other, other)
            found |= {one: first, other: first}
            for session_id, chosen in found.items():
                if chosen == second:
                    found[session_id] = first
        return found

    # ---- how

    def _retire(self, group: list[Candidate]) -> None:
        """Take the sessions off the lists; what they consist of is deleted bit by bit."""
        self._forget()
        with self._database.writing(self._connection) as connection:
            # Documents may be stamped with later events than the session's own.
            (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()
            for candidate in group:
                (count,) = connection.execute(
                    "SELECT count(*) FROM events WHERE session_id = ?", (candidate.session_id,)
                ).fetchone()
                connection.execute(
                    "INSERT OR IGNORE INTO retired_sessions "
                    "(session_id, until_seq, at, done, events, summary) VALUES (?, ?, ?, 0, ?, ?)",
                    (candidate.session_id, last, time.time_ns() // 1_000, count, candidate.summary),
                )
                connection.execute(
                    "DELETE FROM documents WHERE topic = 'session' AND key = ?",
                    (candidate.session_id,),
                )

    def _delete_some(self, session_id: str, until: int) -> None:
        with self._database.writing(self._connection) as connection:
            left = _delete_documents(connection, session_id, until)
            left = left or _delete_events(connection, session_id, until)
            if not left:
                connection.execute(
                    "UPDATE retired_sessions SET done = 1 WHERE session_id = ? AND until_seq = ?",
                    (session_id, until),
                )

    def _tidy(self) -> bool:
        """Forget old deliveries and dead letters; True when something was."""
        oldest = time.time_ns() // 1_000 - DELIVERIES_US
        read = self._connection.execute
        old = read("SELECT 1 FROM deliveries WHERE at < ? LIMIT 1", (oldest,)).fetchone()
        dead = read(
            "SELECT 1 FROM dead_letters WHERE id <= (SELECT max(id) FROM dead_letters) - ? LIMIT 1",
            (DEAD_LETTERS,),
        ).fetchone()
        if old is None and dead is None:
            return False
        with self._database.writing(self._connection) as connection:
            connection.execute(_OLD_DELIVERIES, (oldest, SLICE))
            connection.execute(_DEAD, (DEAD_LETTERS,))
        return True

    def _give_back(self) -> bool:
        """Make the file smaller by some of what is free in it; True when it was.

        Nothing happens in a file that was made before it could be told to (auto_vacuum).
        """
        (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        (mode,) = self._connection.execute("PRAGMA auto_vacuum").fetchone()
        if not mode or free < WORTH_IT:
            return False
        with self._database.write_turn:
            self._connection.execute(f"PRAGMA incremental_vacuum({GIVEN_BACK})").fetchall()
        return True


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return how much of the store is in use: its size without what is free in it."""
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _may_go(row: tuple[Any, ...], analyzed_seq: int, now: int) -> bool:
    _, at, seq, value, bookmarked = row
    live = msgspec.json.decode(value).get("status") in LIVE
    recent = at > now - RECENT_US
    # What is live for months was left so by a crash.
    forgotten = at < now - 30 * RECENT_US
    return not bookmarked and seq <= analyzed_seq and not recent and (not live or forgotten)


def _delete_documents(connection: sqlite3.Connection, session_id: str, until: int) -> bool:
    topic = ""
    while True:
        (topic,) = connection.execute(
            "SELECT min(topic) FROM documents WHERE topic > ?", (topic,)
        ).fetchone()
        if topic is None:
            return False
        gone = connection.execute(
            "DELETE FROM documents WHERE topic = ? AND key IN (SELECT key FROM documents "
            "WHERE topic = ? AND session_id = ? AND seq <= ? LIMIT ?)",
            (topic, topic, session_id, until, SLICE),
        ).rowcount
        if gone:
            return True


def _delete_events(connection: sqlite3.Connection, session_id: str, until: int) -> bool:
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE session_id = ? AND seq <= ? ORDER BY seq LIMIT ?",
        (session_id, until, SLICE),
    ).fetchall()
    if not rows:
        return False
    events = [event_from_row(row) for row in rows]
    index = SearchIndex(connection)
    reached = index.position()
    index.remove(texts_of([event for event in events if event.seq <= reached]))
    connection.executemany("DELETE FROM events WHERE seq = ?", [(e.seq,) for e in events])
    return True
