"""Salvage: reads what can be read out of a damaged store into the one that took its place.

Row by row: where a page is damaged, reading goes on at the next number that can be read; what is
missing then is looked for in the pages themselves (`pages.py`). Doing it twice changes nothing.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import msgspec

from claude_mpm_monitor.storage.damage import TABLES, is_damage
from claude_mpm_monitor.storage.database import Connection, Database
from claude_mpm_monitor.storage.exchange import Aside
from claude_mpm_monitor.storage.packing import unpack
from claude_mpm_monitor.storage.pages import rows_in_pages
from claude_mpm_monitor.storage.rows import marks

#: Rows copied in one transaction, so that what is being stored meanwhile need not wait long.
BATCH = 100
#: The truth first; then what cannot be derived from it. Transcripts are read again instead of
#: taking over how far they were read, when something is missing that may be in them.
_TABLES = (
    "events",
    "bookmarked_sessions",
    "retired_sessions",
    "dead_letters",
    "deliveries",
    "import_files",
)
_KINDS: dict[str, tuple[type, ...]] = {"TEXT": (str,), "INTEGER": (int,), "BLOB": (bytes,)}
_PAYLOAD = (bytes, str)

#: Above all numbers; and what is read there.
END = 2**62
Gap = tuple[int, int]
Row = tuple[Any, ...]
Columns = dict[str, tuple[type, ...]]
NONE: Row = ()


class Salvaged(msgspec.Struct):
    """What a salvage came to: events copied, and numbers between which some cannot be read."""

    events: int = 0
    gaps: list[Gap] = []

    @property
    def lost(self) -> int:
        """How many numbers there are for which no event could be read, at most."""
        return sum(last - first + 1 for first, last in self.gaps)


class Salvage:
    """Copies from the file that `note` is about. Use on one thread.

    `pause` is called between transactions; it returns False to end the salvage early.
    """

    def __init__(self, database: Database, note: Aside, pause: Callable[[], bool]) -> None:
        self._database = database
        self._path = database.path.with_name(note.name)
        self._pause = pause
        self._found = Salvaged()
        self._ended = False

    def run(self) -> Salvaged | None:
        """Copy everything; None when it was ended early. Raises sqlite3.Error and OSError."""
        if not self._path.is_file() or not self._path.stat().st_size:
            return self._found
        with closing(self._database.connect()) as target:
            self._from_tables(target)
            if self._found.gaps and not self._ended:
                self._from_pages(target)
        return None if self._ended else self._found

    # ---- as SQLite finds them

    def _from_tables(self, target: Connection) -> None:
        source = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, isolation_level=None)
        # What is no text fails later, by itself, and not the whole of the reading.
        source.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        with closing(source):
            try:
                tables = {row[0] for row in source.execute("SELECT name FROM sqlite_master")}
            except sqlite3.DatabaseError:
                self._found.gaps.append((1, END - 1))
                return
            if not tables >= TABLES:
                return
            for table in _TABLES:
                if table == "import_files" and self._found.gaps:
                    continue
                if table in tables and not self._ended:
                    self._copy_table(source, target, table)

    def _copy_table(self, source: sqlite3.Connection, target: Connection, table: str) -> None:
        columns = _shared_columns(source, target, table)
        reader = _Rows(source, table, list(columns))
        batch: list[Row] = []
        for row in reader:
            if _fits(row, columns):
                batch.append(row)
            elif table == "events":
                reader.gaps.append((row[0], row[0]))
            if len(batch) == BATCH:
                self._insert(target, table, columns, batch)
                batch = []
                if self._ended:
                    return
        self._insert(target, table, columns, batch)
        if table == "events":
            self._found.gaps += reader.gaps

    def _insert(self, target: Connection, table: str, columns: Columns, rows: list[Row]) -> None:
        sql = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks(columns)})"
        with self._database.writing(target):
            target.executemany(sql, rows)
        if table == "events":
            self._found.events += len(rows)
        self._ended = not self._pause()

    # ---- as they lie in the pages

    def _from_pages(self, target: Connection) -> None:
        columns = _columns(target, "events")
        found: set[int] = set()
        batch: list[Row] = []
        for rowid, values in rows_in_pages(self._path, len(columns)):
            row = (rowid, *values[1:])
            if not _within(rowid, self._found.gaps) or not _fits(row, columns):
                continue
            found.add(rowid)
            batch.append(row)
            if len(batch) == BATCH:
                self._insert(target, "events", columns, batch)
                batch = []
                if self._ended:
                    return
        self._insert(target, "events", columns, batch)
        self._found.gaps = list(_without(self._found.gaps, found))


class _Rows:
    """Iterates over a table's rows and steps over what cannot be read.

    Of a table without numbers, what comes behind the first damaged page is given up.
    """

    def __init__(self, source: sqlite3.Connection, table: str, columns: list[str]) -> None:
        self._source = source
        self._key = columns[0]
        self._select = f"SELECT {', '.join(columns)} FROM {table}"
        self._numbered = self._key in ("seq", "id")
        self.gaps: list[Gap] = []

    def __iter__(self) -> Iterator[Row]:
        if not self._numbered:
            yield from self._until_damage(self._select, ())
            return
        order = f"WHERE {self._key} > ? ORDER BY {self._key}"
        last = 0
        while True:
            for row in self._until_damage(f"{self._select} {order}", (last,)):
                yield row
                last = row[0]
            # The row before the damage goes under with it, unless it is asked for alone.
            while (alone := self._first_from(last + 1)) is not None:
                if alone is NONE:
                    return
                yield alone
                last = alone[0]
            following = self._readable_after(last)
            self.gaps.append((last + 1, following - 1))
            if following == END:
                return
            last = following - 1

    def _until_damage(self, sql: str, parameters: Row) -> Iterator[Row]:
        try:
            yield from self._source.execute(sql, parameters)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise

    def _readable_after(self, last: int) -> int:
        """Return the next number that can be read, or END."""
        step = 1
        while step < END and self._first_from(last + step) is None:
            step *= 2
        unreadable, readable = last + step // 2, last + step
        while readable - unreadable > 1:
            middle = (unreadable + readable) // 2
            if self._first_from(middle) is None:
                unreadable = middle
            else:
                readable = middle
        row = self._first_from(readable)
        return row[0] if row else END

    def _first_from(self, number: int) -> Row | None:
        """Return the first row from a number that can be read, NONE at the end, None in damage."""
        try:
            row: Row | None = self._source.execute(
                f"{self._select} WHERE {self._key} >= ? ORDER BY {self._key} LIMIT 1", (number,)
            ).fetchone()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            return None
        return NONE if row is None else row


def _columns(connection: sqlite3.Connection, table: str) -> Columns:
    rows = connection.execute(f"PRAGMA table_info({table})").fetchall()
    kinds = {row[1]: _KINDS.get(row[2], (object,)) for row in rows}
    return kinds | ({"payload": _PAYLOAD} if "payload" in kinds else {})


def _shared_columns(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> Columns:
    known = _columns(source, table)
    return {name: kind for name, kind in _columns(target, table).items() if name in known}


def _fits(row: Row, columns: Columns) -> bool:
    """Tell whether each value is what its column holds: damage may look like a row."""
    for value, kinds in zip(row, columns.values(), strict=True):
        if value is not None and not isinstance(value, kinds):
            return False
        if isinstance(value, str) and not _is_text(value):
            return False
        if kinds is _PAYLOAD and not _is_packed(value):
            return False
    return row[0] is not None


def _is_packed(value: Any) -> bool:
    try:
        unpack(value).decode()
    except (zlib.error, ValueError, OSError, IndexError, TypeError):
        return False
    return True


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _within(number: int, gaps: list[Gap]) -> bool:
    return any(first <= number <= last for first, last in gaps)


def _without(gaps: list[Gap], found: set[int]) -> Iterator[Gap]:
    """Yield what is left of the gaps; one that has no end ends where the last number was found."""
    for first, last in gaps:
        inside = sorted(number for number in found if first <= number <= last)
        edges = [first - 1, *inside, last + 1 if last < END - 1 else max(inside, default=first) + 1]
        for before, after in pairwise(edges):
            if after - before > 1:
                yield before + 1, after - 1
