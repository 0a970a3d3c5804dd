"""Query: the read side of the store. Any thread; each thread reads through its own connection."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import msgspec

from claude_mpm_monitor.errors import StoreBusy
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage import session_rows
from claude_mpm_monitor.storage.damage import is_damage
from claude_mpm_monitor.storage.database import Connection, Database
from claude_mpm_monitor.storage.document_order import Sorting, between_edges, order_by
from claude_mpm_monitor.storage.event_filter import (
    DEFAULT_LIMIT,
    IS_PROJECT,
    MAX_LIMIT,
    OF_PROJECT,
    EventFilter,
)
from claude_mpm_monitor.storage.event_sources import READ, Source, positions, sources
from claude_mpm_monitor.storage.events import COLUMNS, HEAD_COLUMNS, STORED_FIELDS, event_from_row
from claude_mpm_monitor.storage.rows import marks
from claude_mpm_monitor.storage.search_index import position_of

#: A search is given up after so long (seconds); whether it is time is looked at so often.
SEARCH_SECONDS = 5.0
STEPS_BETWEEN_LOOKS = 20_000
#: Events counted at most: nobody reads further, and counting costs.
COUNTED = 10_000
#: Events with a word, as far as can be told from the newest, that the index brings together fast.
COMMON = 30_000
#: Topics whose documents are found by their events, and the events' column that names them.
_EVENTS_OF = {"tool_call": "tool_use_id", "agent": "agent_id"}
_BETWEEN = ("json_extract(value, '$.at') >= ?", "json_extract(value, '$.at') < ?")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One stored document: `seq` is the last event that changed it, `at` that event's time."""

    key: str
    session_id: str
    agent_id: str
    seq: int
    at: int
    value: dict[str, Any]


class Query:
    """Answers questions about events and documents."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._local = threading.local()
        self._opened: list[Connection] = []

    def interrupt(self) -> None:
        """Have the queries that run now, on whatever threads, raise sqlite3.OperationalError."""
        for connection in list(self._opened):
            connection.interrupt()

    def close(self) -> None:
        """Close every thread's connection; a later question opens a new one."""
        self._local = threading.local()
        while self._opened:
            self._opened.pop().close()

    def last_seq(self) -> int:
        """The seq of the newest event, 0 when there is none."""
        return int(self._one("SELECT coalesce(max(seq), 0) FROM events")[0])

    def event(self, seq: int) -> Event | None:
        """Return one event with its payload, or None."""
        rows = self._all(f"SELECT {COLUMNS} FROM events WHERE seq = ?", (seq,))
        return event_from_row(rows[0]) if rows else None

    def events(self, wanted: EventFilter, *, payloads: bool = False) -> list[Event]:
        """Return the events that fit, without payloads unless asked.

        Raises QueryError when `wanted.text` is no query, StoreBusy when it takes too long.
        """
        columns = COLUMNS if payloads else HEAD_COLUMNS
        found: list[Event] = []
        limit = _bounded(wanted.limit)
        with self._in_time():
            for source in self._sources(wanted):
                direction = "DESC" if wanted.newest_first else "ASC"
                rows = self._all(
                    f"SELECT {columns} FROM {source.tables} WHERE {source.where} "
                    f"ORDER BY {source.order} {direction} LIMIT ?",
                    (*source.values, limit - len(found)),
                )
                found += map(event_from_row, rows)
                if len(found) == limit:
                    break
        return found

    def count(self, wanted: EventFilter) -> tuple[int, bool]:
        """Return how many events fit, and whether that is all: no more than `COUNTED` are."""
        total = 0
        with self._in_time():
            for source in self._sources(wanted):
                inner = f"SELECT 1 FROM {source.tables} WHERE {source.where} LIMIT ?"
                sql = f"SELECT count(*) FROM ({inner})"
                total += int(self._one(sql, (*source.values, COUNTED - total))[0])
                if total == COUNTED:
                    break
        return total, total < COUNTED

    def newest(
        self, wanted: EventFilter, columns: Sequence[str], *, limit: int, seconds: float
    ) -> tuple[list[tuple[Any, ...]], bool]:
        """Return columns of the newest events that fit, and whether that is all of them.

        What was found after so many seconds has to do, and what lies near when a word's beginning
        is so common that the index would take long.
        """
        assert set(columns) <= set(STORED_FIELDS), "names of columns, never what somebody typed"
        rows: list[tuple[Any, ...]] = []
        with suppress(StoreBusy), self._in_time(seconds):
            for source in self._sources(wanted):
                if source.widely and len(rows) * self.last_seq() > COMMON * READ:
                    return rows, False
                sql = (
                    f"SELECT {', '.join(columns)} FROM {source.tables} WHERE {source.where} "
                    f"ORDER BY {source.order} DESC LIMIT ?"
                )
                values = (*source.values, limit - len(rows))
                rows.extend(self._connection().execute(sql, values))
                if len(rows) == limit:
                    return rows, False
            return rows, True
        return rows, False

    def _sources(self, wanted: EventFilter) -> Iterator[Source]:
        return sources(wanted, positions(self._all), self._all)

    def document(self, topic: str, key: str) -> Document | None:
        """Return one document, or None."""
        rows = self._all(
            "SELECT key, session_id, agent_id, seq, at, value FROM documents "
            "WHERE topic = ? AND key = ?",
            (topic, key),
        )
        return _document(rows[0]) if rows else None

    def documents(
        self,
        topic: str,
        *,
        session_id: str = "",
        agent_id: str | None = None,
        matching: Mapping[str | tuple[str, ...], str | tuple[str, ...]] | None = None,
        project: str = "",
        text: str = "",
        sorting: Sorting | None = None,
        after: int = 0,
        before: int = 0,
        beyond_key: str = "",
        via: str = "",
        between: tuple[int, int] | None = None,
        newest_first: bool = True,
        limit: int = DEFAULT_LIMIT,
    ) -> list[Document]:
        """Return documents of `topic`, by the last event that changed them or as `sorting` says.

        `matching` compares fields of the value with a string, or with several of which one must
        fit; a name that is a tuple leads to a field of a field. `project` is that of the session.
        `text` is a query about the events of a tool call or agent; of others it is looked for in
        the whole value, as it stands.
        One event may change several documents: `beyond_key` lets a page go on among those of the
        seq at which the page before it ended, which is `before` when the newest come first, else
        `after`. `via` is a topic whose documents name, as `call`, further ones that a session
        shares. `between` compares the value's own time: from the first to before the second.
        """
        conditions, parameters = _of_session(topic, session_id, via)
        if agent_id is not None:
            conditions.append("agent_id = ?")
            parameters.append(agent_id)
        if between is not None:
            conditions += _BETWEEN
            parameters += between
        between_edges(conditions, parameters, after, before, beyond_key, newest_first)
        for field, wanted in (matching or {}).items():
            choices = (wanted,) if isinstance(wanted, str) else wanted
            conditions.append(f"json_extract(value, ?) IN ({marks(choices)})")
            parameters += [_path(field), *choices]
        if project:
            conditions.append(OF_PROJECT)
            parameters.append(project)
        if text:
            fitting, values = self._fitting(topic, session_id, text)
            conditions.append(fitting)
            parameters += values
        tables, order = "documents", f"seq {'DESC' if newest_first else 'ASC'}, key"
        if sorting is not None:
            tables, order = order_by(topic, sorting, conditions, parameters)
        with self._in_time():
            rows = self._all(
                f"SELECT key, session_id, agent_id, seq, at, value FROM {tables} "
                f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT ?",
                (*parameters, _bounded(limit)),
            )
        return [_document(row) for row in rows]

    def _fitting(self, topic: str, session_id: str, text: str) -> Sql:
        """Return the condition that a document of `topic` fits `text`; raises QueryError."""
        column = _EVENTS_OF.get(topic)
        if column is None:
            return "value LIKE ? ESCAPE '\\'", [f"%{_escaped(text)}%"]
        wanted = EventFilter(session_id=session_id, text=text, noise=True)
        found = list(self._sources(wanted))
        keys = " UNION ".join(
            f"SELECT events.session_id || '/' || events.{column} FROM {tables} WHERE {sql}"
            for tables, sql, *_ in found
        )
        return f"key IN ({keys})", [value for source in found for value in source.values]

    def documents_by_key(self, topic: str, keys: Sequence[str]) -> list[Document]:
        """Return those documents of `topic` that there are, in no particular order."""
        rows = self._all(
            "SELECT key, session_id, agent_id, seq, at, value FROM documents "
            f"WHERE topic = ? AND key IN ({marks(keys)})",
            (topic, *keys),
        )
        return [_document(row) for row in rows]

    def every_document(
        self,
        topic: str,
        *,
        session_id: str = "",
        via: str = "",
        prefix: str = "",
        between: tuple[int, int] | None = None,
    ) -> Iterator[Document]:
        """Yield all documents of `topic`, of a session or with keys that begin with `prefix`.

        For `via` and `between` see `documents`.
        """
        conditions, parameters = _of_session(topic, session_id, via)
        if prefix:
            conditions.append("key >= ? AND key < ?")
            parameters += [prefix, prefix + "\U0010ffff"]
        if between is not None:
            conditions += _BETWEEN
            parameters += between
        rows = self._connection().execute(
            "SELECT key, session_id, agent_id, seq, at, value FROM documents "
            f"WHERE {' AND '.join(conditions)} ORDER BY key",
            parameters,
        )
        for row in rows:
            yield _document(row)

    def counts(self, session_id: str = "", project: str = "") -> dict[str, int]:
        """Count what there is, in one session, in those of a project, or in all."""
        sums = ", ".join(f"coalesce(sum({field}), 0)" for field in session_rows.COUNTED)
        conditions, parameters = ["true"], []
        for condition, value in (("session = ?", session_id), (IS_PROJECT, project)):
            if value:
                conditions.append(condition)
                parameters.append(value)
        row = self._one(
            f"SELECT {sums}, count(*) FROM sessions WHERE {' AND '.join(conditions)}", parameters
        )
        return dict(zip((*session_rows.COUNTED, "sessions"), map(int, row), strict=True))

    def indexed_seq(self) -> int:
        """Return the seq up to which events are in the full-text index."""
        return position_of(self._connection())

    def projects(self) -> list[dict[str, Any]]:
        """Return each project with its number of sessions, the one used last first."""
        rows = self._all(
            "SELECT project, count(*), max(last_at) FROM sessions GROUP BY 1 ORDER BY 3 DESC"
        )
        names = ("project", "sessions", "last_at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def totals(self) -> dict[str, int]:
        """Count the rows of the store."""
        row = self._one("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM dead_letters)")
        return {"events": row[0], "dead_letters": row[1]}

    def dead_letters(self, limit: int = DEFAULT_LIMIT) -> list[dict[str, Any]]:
        """Return what could not be understood, newest first."""
        rows = self._all(
            "SELECT id, at, dialect, source, reason, body FROM dead_letters "
            "ORDER BY id DESC LIMIT ?",
            (_bounded(limit),),
        )
        names = ("id", "at", "dialect", "source", "reason", "body")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None and not self._database.is_current(connection):
            self._local.connection = None
            self._opened.remove(connection)
            connection.close()
            connection = None
        if connection is None:
            connection = self._local.connection = self._database.connect(readonly=True)
            self._opened.append(connection)
            self._local.deadline = float("inf")
            local = self._local
            connection.set_progress_handler(
                lambda: time.monotonic() > local.deadline, STEPS_BETWEEN_LOOKS
            )
        return connection

    @contextmanager
    def _in_time(self, seconds: float = SEARCH_SECONDS) -> Iterator[None]:
        """Read what may take long, but not longer than this."""
        self._connection()
        self._local.deadline = time.monotonic() + seconds
        try:
            yield
        except sqlite3.OperationalError as error:
            if time.monotonic() > self._local.deadline:
                raise StoreBusy(
                    f"The search took longer than {seconds:.0f} seconds and was given up. "
                    "Narrow it down, for instance by session: or after:."
                ) from error
            raise
        finally:
            self._local.deadline = float("inf")

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Read rows, for other modules of the storage with SQL of their own."""
        return self._all(sql, parameters)

    def _all(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._doubting():
            return self._connection().execute(sql, parameters).fetchall()

    def _one(self, sql: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
        with self._doubting():
            row: tuple[Any, ...] = self._connection().execute(sql, parameters).fetchone()
            return row

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Have the store looked at as a whole when a part of it cannot be read."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                self._database.doubted.set()
            raise


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _path(field: str | tuple[str, ...]) -> str:
    names = (field,) if isinstance(field, str) else field
    # Nothing escapes a quotation mark in a path; no field has one.
    return "$" + "".join(f'."{name.replace(chr(34), "")}"' for name in names)


def _of_session(topic: str, session_id: str, via: str) -> tuple[list[str], list[object]]:
    if not session_id:
        return ["topic = ?"], [topic]
    if not via:
        return ["topic = ?", "session_id = ?"], [topic, session_id]
    shared = (
        "SELECT json_extract(value, '$.call') FROM documents WHERE topic = ? AND session_id = ?"
    )
    found = f"SELECT key FROM documents WHERE topic = ? AND session_id = ? UNION {shared}"
    return ["topic = ?", f"key IN ({found})"], [topic, topic, session_id, via, session_id]


def _bounded(limit: int) -> int:
    return max(1, min(limit, MAX_LIMIT))


def _document(row: tuple[Any, ...]) -> Document:
    key, session_id, agent_id, seq, at, value = row
    return Document(
        key=key,
        session_id=session_id,
        agent_id=agent_id,
        seq=seq,
        at=at,
        value=msgspec.json.decode(value),
    )
