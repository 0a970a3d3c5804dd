"""Database: opens the SQLite file, brings its schema up to date, hands out connections.

Write-ahead logging lets readers work while one connection writes. Writers of one process take
`write_turn` first, so that they queue on a lock that wakes them at once instead of on SQLite's
busy handler, which sleeps; writers of other processes are waited for up to five seconds.

A file that is damaged is set aside and an empty store takes its place, at the start and later
(`set_aside`); what was in it is read out by `salvage.py` meanwhile. Another process may do that, or
restore a backup: a connection is good for as long as `is_current` says so.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.search.compiler import HAS_WORDS
from claude_mpm_monitor.storage import migrations
from claude_mpm_monitor.storage.damage import (
    damage_of_content,
    damage_of_file,
    damage_of_wal,
    is_damage,
)
from claude_mpm_monitor.storage.document_text import DOCUMENT_TEXT, text_of
from claude_mpm_monitor.storage.events import EventLog
from claude_mpm_monitor.storage.exchange import Aside, Exchange
from claude_mpm_monitor.storage.numbering import first_free_seq
from claude_mpm_monitor.storage.words_of_events import WordsOfEvents

BUSY_TIMEOUT_MS = 5_000
READER_CACHE_KB = 512
#: The first event of a store that took the place of a damaged one.
SET_ASIDE_KIND = "monitor.store_set_aside"
#: Rows that this process changes before the write-ahead log should be copied back.
CHECKPOINT_ROWS = 2_000
#: Frames in the write-ahead log (4 kB each) before SQLite copies them back within a commit, where
#: nobody else does.
AUTOCHECKPOINT_PAGES = 16_000


class Exchanged(StoreError):
    """Another file is the store now; connect again and repeat what was to be done."""


class Connection(sqlite3.Connection):
    """A connection that knows which file it was opened on."""

    inode: int = 0


class _Unusable(Exception):
    """What is at the store's path is something else; the message says what."""


class Database:
    """One SQLite file. Any thread may ask for a connection; each connection stays on its thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._name = str(path)
        self.write_turn = threading.Lock()
        self.exchange = Exchange(path)
        #: Set when a reader met damage, or the file was exchanged: somebody should look at it.
        self.doubted = threading.Event()
        #: Set when there is enough in the write-ahead log to copy it back.
        self.grown = threading.Event()
        self._changed_rows = 0
        self.open()

    def open(self) -> None:
        """See to it that the store is there, whole as far as can be seen, and up to date.

        Raises StoreError when that is impossible.
        """
        try:
            with self.exchange.exclusively():
                self.exchange.finish()
                self._open()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"The event store {self.path} cannot be opened: {error}. "
                "Run `mpm-monitor doctor`, or move the file away to start with an empty one."
            ) from error

    def set_aside(self, reason: str, inode: int) -> None:
        """Put an empty store in the place of the damaged one, unless somebody already has.

        `inode` is the file that was found to be damaged.
        """
        with self.exchange.exclusively():
            if self.inode() == inode:
                self._set_aside(reason)

    def connect(self, *, readonly: bool = False) -> Connection:
        """Return a new connection for the calling thread (or, read-only, for a pool of them)."""
        while True:
            if not self.path.exists():
                with self.exchange.exclusively():
                    pass  # it is just being exchanged
            inode = self.inode()
            try:
                connection = self.connect_now(readonly=readonly)
            except sqlite3.Error:
                # Its files may have been moved away between opening the one and reading the other.
                with self.exchange.exclusively():
                    if self.inode() == inode:
                        raise
            else:
                if self.is_current(connection):
                    return connection
                connection.close()

    def connect_now(self, *, readonly: bool = False) -> Connection:
        """Return a new connection to the file that is the store at this moment.

        For whoever holds `exchange.exclusively`; others want `connect`, which waits for that.
        """
        connection = self._connect("ro" if readonly else "rw")
        try:
            _prepare(connection, readonly)
            # Reading opens the write-ahead log, which has to be that of the same file.
            connection.execute("PRAGMA schema_version").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def fold(self) -> None:
        """Make the store one file, unless somebody else has it open.

        SQLite does so as the last connection closes, but not when that one can only read.
        """
        with suppress(sqlite3.Error, OSError):
            self.connect().close()

    def is_current(self, connection: Connection) -> bool:
        """Tell whether the file that the connection was opened on is (still) the store."""
        return connection.inode == self.inode()

    def renewed(self, connection: Connection) -> Connection:
        """Return the connection, or one in its place when another file is the store now."""
        if self.is_current(connection):
            return connection
        connection.close()
        return self.connect()

    def inode(self) -> int:
        """Which file is the store now, 0 when there is none."""
        try:
            return os.stat(self._name).st_ino
        except OSError:
            return 0

    @contextmanager
    def writing(self, connection: Connection) -> Iterator[Connection]:
        """Hold the write turn for one transaction; roll back when the block raises.

        Raises Exchanged when the connection's file is no longer the store.
        """
        with self.write_turn:
            before = connection.total_changes
            connection.execute("BEGIN IMMEDIATE")
            try:
                if not self.is_current(connection):
                    raise Exchanged(f"{self.path} was exchanged for another file.")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back already (a full disk), or failed to commit.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            self._note_changes(connection.total_changes - before)

    def size_bytes(self) -> int:
        """Size on disk, with the write-ahead log."""
        return sum(
            part.stat().st_size
            for part in (self.path, self.path.with_name(self.path.name + "-wal"))
            if part.exists()
        )

    def _note_changes(self, rows: int) -> None:
        """Count what was written. The caller holds the write turn."""
        self._changed_rows += rows
        if self._changed_rows >= CHECKPOINT_ROWS:
            self._changed_rows = 0
            self.grown.set()

    # ---- below: the caller holds `exchange.exclusively`

    def _open(self) -> None:
        reason = damage_of_file(self.path)
        if not reason:
            if damage_of_wal(self.path):
                self._set_wal_aside()
            try:
                self._migrate()
                return
            except _Unusable as error:
                reason = str(error)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                reason = str(error)
        self._set_aside(reason)

    def _set_aside(self, reason: str) -> None:
        note = Aside(
            name=self.exchange.free_name("damaged"),
            at=time.time_ns() // 1_000,
            reason=reason,
            first_seq=first_free_seq(self.path),
        )
        self.exchange.set_aside(note)
        self._migrate(note)

    def _set_wal_aside(self) -> None:
        name = self.exchange.free_name("damaged-wal")
        reason = f"{damage_of_wal(self.path)}; the latest events may be missing"
        note = Aside(name=name, at=time.time_ns() // 1_000, reason=reason)
        self.exchange.set_wal_aside(note)

    def _connect(self, mode: str) -> Connection:
        inode = self.inode()
        connection: Connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
        connection.inode = inode
        return connection

    def _migrate(self, follows: Aside | None = None) -> None:
        if not self.path.exists():
            self._create_file(follows)
        with closing(self._connect("rw")) as connection:
            _prepare(connection, readonly=False)
            version, known = migrations.version_of(connection), migrations.newest()
            found = damage_of_content(connection)
            if found:
                raise _Unusable(found)
            if version > known:
                raise StoreError(
                    f"The event store {self.path} was written by a newer claude-mpm-monitor "
                    f"(schema {version}, this one knows {known}). Upgrade the package, "
                    "or set CLAUDE_MPM_MONITOR_HOME to another folder."
                )
            connection.execute("PRAGMA journal_mode = WAL")
            migrations.migrate(connection, self.writing)

    def _create_file(self, follows: Aside | None) -> None:
        """Create an empty store, which is not seen before it is complete."""
        draft = self.path.with_name(self.path.name + ".draft")
        draft.unlink(missing_ok=True)
        # Created by us so that it is never readable by others, not even for a moment.
        os.close(os.open(draft, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = MEMORY")
            # Only a file without tables can be told to give back what is deleted.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            migrations.migrate(connection, _transaction)
            if follows is not None:
                log, event = EventLog(connection), _told(follows)
                log.begin(first_seq=follows.first_seq)
                log.append(event, event.event_id)
                log.flush()
        draft.replace(self.path)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    connection.execute("BEGIN")
    yield connection
    connection.execute("COMMIT")


def _told(note: Aside) -> Event:
    """Return the event by which a store says that it follows one that was set aside."""
    return Event(
        kind=SET_ASIDE_KIND,
        session_id="",
        at=note.at,
        source="monitor",
        summary=note.told,
        event_id=uuid.uuid4().hex,
        payload=msgspec.json.encode({"reason": note.reason, "set_aside_as": note.name}),
    )


def _prepare(connection: sqlite3.Connection, readonly: bool) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.create_function(HAS_WORDS, 6, WordsOfEvents(), deterministic=True)
    connection.create_function(DOCUMENT_TEXT, 1, text_of, deterministic=True)
    if readonly:
        # Every reader thread has its own page cache; the system's serves them all.
        connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KB}")
    else:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}")
