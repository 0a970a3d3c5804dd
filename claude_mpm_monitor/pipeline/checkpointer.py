"""Checkpointer: the thread that copies the write-ahead log back into the store.

SQLite would do it within some commit, once in about a hundred, which then takes 36 ms instead of
0.1 while whoever has an event waits. Copying goes on beside readers and writers; what was written
meanwhile is copied in a second, short step in which nobody of this process writes, since SQLite
begins the log anew only when all of it is copied (https://sqlite.org/wal.html#ckpt).
"""

from __future__ import annotations

import sqlite3
import threading

import structlog

from claude_mpm_monitor.storage.database import Connection, Database

_COPY = "PRAGMA wal_checkpoint(PASSIVE)"


class Checkpointer:
    """Works whenever this process has written enough. `start`, `stop`: any thread."""

    def __init__(self, database: Database, log: structlog.typing.FilteringBoundLogger) -> None:
        self._database = database
        self._log = log
        self._stopping = False
        self._thread = threading.Thread(
            target=self._run, name="mpm-monitor-checkpointer", daemon=True
        )

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """End the thread (seconds); whoever closes the store copies what is left."""
        self._stopping = True
        self._database.grown.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # ---- below: the thread

    def _run(self) -> None:
        connection = self._database.connect()
        try:
            while True:
                self._database.grown.wait()
                if self._stopping:
                    return
                self._database.grown.clear()
                connection = self._database.renewed(connection)
                self._copy(connection)
        finally:
            connection.close()

    def _copy(self, connection: Connection) -> None:
        try:
            connection.execute(_COPY).fetchone()
            with self._database.write_turn:
                connection.execute(_COPY).fetchone()
        except sqlite3.Error as error:
            # A full disk, or damage, which those who read and write see as well and deal with.
            self._log.warning("cannot copy the write-ahead log back now", error=str(error))
