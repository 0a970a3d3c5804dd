"""Indexer: the thread that takes events into the full-text index and the skip index, and adds up
what requests to the model cost.

It may lag, and yields to everything else: it runs in the process that owns the dashboard, when the
analyzers have nothing left to do, a few events at a time. Searches look through what it has not
reached yet themselves, and costs are added up from the requests of sessions that are not.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable

import structlog

from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.storage.database import Connection, Database, Exchanged
from claude_mpm_monitor.storage.request_rollups import RequestRollups
from claude_mpm_monitor.storage.search_index import SearchIndex, texts_of
from claude_mpm_monitor.storage.skip_index import SkipIndex

#: Events of one transaction: about 10 ms, for which a commit may have to wait.
SLICE = 100
#: How long to let events gather (seconds).
GATHERING_SECONDS = 0.25


class Indexer:
    """Follows the log. `may_work` says whether it is this process's business, and nobody waits."""

    def __init__(
        self,
        database: Database,
        recent: Recent,
        may_work: Callable[[], bool],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._database = database
        self._recent = recent
        self._may_work = may_work
        self._log = log
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-indexer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """End the thread, after the events at hand (seconds)."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        connection = self._database.connect()
        try:
            while not self._stopping.wait(GATHERING_SECONDS):
                connection = self._database.renewed(connection)
                self._guarded(connection)
        finally:
            connection.close()

    def _guarded(self, connection: Connection) -> None:
        words, values = SearchIndex(connection), SkipIndex(connection)
        sums = RequestRollups(connection)
        try:
            while not self._stopping.is_set() and self._may_work():
                # Each a little in turn: in a large store the one need not wait for the other.
                words_left = self._take_words(connection, words)
                values_left = self._take_values(connection, values)
                if not (self._add_up(connection, sums) or words_left or values_left):
                    return
        except Exchanged:
            return
        except sqlite3.OperationalError as error:
            # Another process writes for long, or the disk is full: the next look may do better.
            self._log.warning("cannot index now", error=str(error))
        except Exception:  # noqa: BLE001  the thread outlives whatever one event does to it
            self._log.exception("indexing failed")

    def _take_words(self, connection: Connection, index: SearchIndex) -> bool:
        """Take in the words of some events; False when there are none."""
        position = index.position()
        events = self._recent.after(connection, position, SLICE)
        if not events:
            return False
        texts = texts_of(events)
        with self._database.writing(connection):
            # Another process may have been the owner a moment ago.
            if index.position() == position:
                index.extend(texts, events[-1].seq)
        return True

    def _take_values(self, connection: Connection, index: SkipIndex) -> bool:
        """Take in what some events can be found by beside words; False when there are none."""
        if not index.lags():
            return False
        with self._database.writing(connection):
            index.extend(SLICE)
        return True

    def _add_up(self, connection: Connection, sums: RequestRollups) -> bool:
        """Add up the requests of a session that has been quiet; False when there is none."""
        found = sums.next(time.time_ns() // 1_000)
        if found is None:
            return False
        try:
            made = sums.made(found[0])
        except (ArithmeticError, sqlite3.OperationalError):
            with self._database.writing(connection):
                sums.postpone(found[0])
            raise
        with self._database.writing(connection):
            sums.keep(*found, made)
        return True
