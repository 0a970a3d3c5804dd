"""Database: opens the SQLite file, brings its schema up to date, hands out connections.

Write-ahead logging lets readers work while one connection writes. Writers of one process take
`write_turn` first, so that they queue on a lock that wakes them at once instead of on SQLite's
busy handler, which sleeps; writers of other processes are waited for up to five seconds.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.search.language import Text
from claude_mpm_monitor.search.text import text_in
from claude_mpm_monitor.search.words import has_words
from claude_mpm_monitor.storage import migrations
from claude_mpm_monitor.storage.packing import unpack

BUSY_TIMEOUT_MS = 5_000
READER_CACHE_KB = 512
#: Frames in the write-ahead log before SQLite copies them back (4 kB each).
AUTOCHECKPOINT_PAGES = 2_000


class Database:
    """One SQLite file. Any thread may ask for a connection; each connection stays on its thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write_turn = threading.Lock()
        try:
            self._open()
        except (sqlite3.DatabaseError, OSError) as error:
            raise StoreError(
                f"The event store {path} cannot be opened: {error}. "
                "Run `mpm-monitor doctor`, or move the file away to start with an empty one."
            ) from error

    def connect(self, *, readonly: bool = False) -> sqlite3.Connection:
        """Return a new connection for the calling thread (or, read-only, for a pool of them)."""
        mode = "ro" if readonly else "rwc"
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            _prepare(connection, readonly)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def writing(self, connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
        """Hold the write turn for one transaction; roll back when the block raises."""
        with self.write_turn:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back already (a full disk), or failed to commit.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def size_bytes(self) -> int:
        """Size on disk, with the write-ahead log."""
        return sum(
            part.stat().st_size
            for part in (self.path, self.path.with_name(self.path.name + "-wal"))
            if part.exists()
        )

    def _open(self) -> None:
        if not self.path.exists():
            # Created by us so that it is never readable by others, not even for a moment.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = self.connect()
        try:
            version, known = migrations.version_of(connection), migrations.newest()
            if version > known:
                raise StoreError(
                    f"The event store {self.path} was written by a newer claude-mpm-monitor "
                    f"(schema {version}, this one knows {known}). Upgrade the package, "
                    "or set CLAUDE_MPM_MONITOR_HOME to another folder."
                )
            # Takes effect in a new file only: freed space can then be given back bit by bit.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            migrations.migrate(connection, self.writing)
        finally:
            connection.close()


def _prepare(connection: sqlite3.Connection, readonly: bool) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.create_function("has_words", 6, _has_words, deterministic=True)
    if readonly:
        # Every reader thread has its own page cache; the system's serves them all.
        connection.execute(f"PRAGMA cache_size = -{READER_CACHE_KB}")
    else:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT_PAGES}")


def _has_words(
    words: str, beginning: int, kind: str, tool_name: str, summary: str, payload: bytes | str
) -> bool:
    """Tell whether an event has words that the index does not know of yet."""
    try:
        data = loads(unpack(payload))
    except ValueError:
        data = None
    text = text_in(data if isinstance(data, dict) else {}, summary, tool_name, kind)
    return has_words(text, Text(words, bool(beginning)))
