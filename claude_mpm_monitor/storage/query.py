"""Query: the read side of the store. Any thread; each thread reads through its own connection."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from claude_mpm_monitor.errors import StoreBusy
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.language import All, Node
from claude_mpm_monitor.storage import session_rows
from claude_mpm_monitor.storage.damage import is_damage
from claude_mpm_monitor.storage.database import Connection, Database
from claude_mpm_monitor.storage.document import COLUMNS as COLUMNS_OF_DOCUMENT
from claude_mpm_monitor.storage.document import Document, document_from_row
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.document_reading import Reading
from claude_mpm_monitor.storage.event_filter import (
    DEFAULT_LIMIT,
    IS_PROJECT,
    MAX_LIMIT,
    EventFilter,
)
from claude_mpm_monitor.storage.event_sources import Source, positions, sources
from claude_mpm_monitor.storage.events import COLUMNS, HEAD_COLUMNS, STORED_FIELDS, event_from_row
from claude_mpm_monitor.storage.fitting import about_agents, agents_with_calls, fitting_calls
from claude_mpm_monitor.storage.rows import marks
from claude_mpm_monitor.storage.search_index import position_of

#: A search is given up after so long (seconds); whether it is time is looked at so often.
SEARCH_SECONDS = 5.0
STEPS_BETWEEN_LOOKS = 20_000
#: Events counted at most: nobody reads further, and counting costs.
COUNTED = 10_000
#: Tool calls and agents are read in the order wanted for so long (seconds), to see which of them
#: fit a text; then the events of calls are looked for so long.
IN_ORDER_SECONDS, KEYS_SECONDS = 0.3, 0.5


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

        What was found after so many seconds has to do, and what was found by looking when a word
        is so common that the index would take long.
        """
        assert set(columns) <= set(STORED_FIELDS), "names of columns, never what somebody typed"
        rows: list[tuple[Any, ...]] = []
        with suppress(StoreBusy), self._in_time(seconds):
            for source in self._sources(wanted):
                if source.gathers:
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
            f"SELECT {COLUMNS_OF_DOCUMENT} FROM documents WHERE topic = ? AND key = ?",
            (topic, key),
        )
        return document_from_row(rows[0]) if rows else None

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
        reading = Reading(topic, session_id, via, project)
        if agent_id is not None:
            reading.keep("agent_id = ?", agent_id)
        if between is not None:
            reading.between(between)
        for field, wanted in (matching or {}).items():
            reading.match(field, (wanted,) if isinstance(wanted, str) else wanted)
        if sorting is None:
            reading.by_change(after, before, beyond_key, newest_first)
        else:
            reading.by_field(sorting)
            reading.since(after, before)
        limit = _bounded(limit)
        events = EventFilter(session_id=session_id, text=text, noise=True)
        if text and topic == "tool_call":
            return self._page_of_calls(reading, events, limit)
        if text and topic == "agent":
            return self._page_of_agents(reading, events, limit)
        if text:
            reading.contain(text)
        return self._page(reading.sql(self._all, limit))

    def _page(self, select: Sql, seconds: float = SEARCH_SECONDS) -> list[Document]:
        with self._in_time(seconds):
            return list(map(document_from_row, self._all(*select)))

    def _page_of_calls(self, reading: Reading, wanted: EventFilter, limit: int) -> list[Document]:
        """Return a page of tool calls that fit a text; raises QueryError.

        Where many fit, the page is soon full; where few do, their events are found at once. Which
        of the two it is, nobody knows for certain before.
        """
        with self._in_time():
            about, has_event, are_few = fitting_calls(wanted, self._all)
            reading.keep_to(about, self._all)
            in_order = reading.sql(self._all, limit, has_event)
        if not are_few:
            with suppress(StoreBusy):
                return self._page(in_order, IN_ORDER_SECONDS)
        with suppress(StoreBusy), self._in_time(KEYS_SECONDS):
            keys = self._named("tool_use_id", self._all_sources(wanted))
            return self._page(reading.sql_of(keys, limit), KEYS_SECONDS)
        return self._page(in_order)

    def _page_of_agents(self, reading: Reading, wanted: EventFilter, limit: int) -> list[Document]:
        """Return a page of agents that fit a text, or an event of theirs; raises QueryError."""
        about = about_agents(wanted.text)
        reading.keep_to(about, self._all)
        if about.rest == All():
            return self._page(reading.sql(self._all, limit))
        by_calls = agents_with_calls(wanted, about.rest, self._all)
        if by_calls is not None and by_calls.has_call is not None:
            with suppress(StoreBusy):
                in_order = reading.sql(self._all, limit, by_calls.has_call)
                return self._page(in_order, IN_ORDER_SECONDS)
        with self._in_time():
            if by_calls is None:
                keys = self._named("agent_id", self._all_sources(wanted, about.rest))
            else:
                keys = [f"{session}/{agent}" for session, agent in self._all(*by_calls.of_calls())]
        return self._page(reading.sql_of(keys, limit))

    def _all_sources(self, wanted: EventFilter, node: Node | None = None) -> Iterator[Source]:
        return sources(wanted, positions(self._all), self._all, node, all_of_them=True)

    def _named(self, column: str, found: Iterable[Source]) -> list[str]:
        """Return the keys that events name."""
        keys: dict[str, None] = {}
        for source in found:
            sql = (
                f"SELECT DISTINCT events.session_id || '/' || events.{column} "
                f"FROM {source.tables} WHERE {source.where}"
            )
            keys.update((key, None) for (key,) in self._all(sql, source.values))
        return list(keys)

    def documents_by_key(self, topic: str, keys: Sequence[str]) -> list[Document]:
        """Return those documents of `topic` that there are, in no particular order."""
        rows = self._all(
            f"SELECT {COLUMNS_OF_DOCUMENT} FROM documents "
            f"WHERE topic = ? AND key IN ({marks(keys)})",
            (topic, *keys),
        )
        return [document_from_row(row) for row in rows]

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
        reading = Reading(topic, session_id, via)
        if prefix:
            reading.keep("key >= ? AND key < ?", prefix, prefix + "\U0010ffff")
        if between is not None:
            reading.between(between)
        yield from map(document_from_row, self.each(*reading.sql(self._all, -1)))

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
    def at_one_moment(self) -> Iterator[None]:
        """Have everything that is read within see the store as it is at one moment."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield
        finally:
            # Where another file became the store meanwhile, the connection is closed.
            if connection is self._connection():
                connection.execute("ROLLBACK")

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

    def each(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield rows that are too many to have all of them at once; otherwise the same."""
        with self._doubting():
            yield from self._connection().execute(sql, parameters)

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


def _bounded(limit: int) -> int:
    return max(1, min(limit, MAX_LIMIT))
