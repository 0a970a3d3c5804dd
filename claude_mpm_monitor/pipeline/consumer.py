"""Consumer: the thread that tails the log, tells live viewers, and has the analyzers follow.

Every process tails the log to show it; only the owner (see Ownership) runs analyzers. The others
read the documents the owner derives, and one of them becomes the owner when it goes.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog

from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.analysis import AnalysisRunner
from claude_mpm_monitor.pipeline.others import Others
from claude_mpm_monitor.pipeline.ownership import Ownership
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay
from claude_mpm_monitor.plugins.loader import BUILTIN
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.storage import search_index, skip_index
from claude_mpm_monitor.storage.damage import is_damage
from claude_mpm_monitor.storage.database import Connection, Database, Exchanged
from claude_mpm_monitor.storage.documents import change_from_row
from claude_mpm_monitor.storage.retention import Limits, Retention

#: How often to look for events of other processes, and for ownership left behind (seconds).
POLL_SECONDS = 0.2
TAIL = 500
#: How often to ask whether there is something to give up (seconds).
TIDY_SECONDS = 30.0
#: In a stream of events, look at most this often (seconds): every look costs a transaction, a frame
#: for each page, and the interpreter that ingest needs. The first event after a pause is not kept
#: waiting, nor is a backlog.
WINDOW_SECONDS = 0.004


class Consumer:
    """Tails the log. `wake` from any thread."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        ownership: Ownership,
        recent: Recent,
        way: RightOfWay,
        *,
        on_events: Callable[[list[Event], int], None],
        on_changes: Callable[[list[Change]], None],
        on_owned: Callable[[], None],
        on_exchange: Callable[[int], None],
        on_derived_anew: Callable[[], None],
        on_tick: Callable[[], None],
        limits: Limits,
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._limits = limits
        self._tidied_at = 0.0
        self._database = database
        self._registry = registry
        self._ownership = ownership
        self._recent = recent
        self._way = way
        self._on_events = on_events
        self._on_changes = on_changes
        self._on_owned = on_owned
        self._on_exchange = on_exchange
        self._on_derived_anew = on_derived_anew
        self._on_tick = on_tick
        self._log = log
        self._wake = threading.Event()
        self._others = Others(database, registry, recent, way, self._wake.set, log)
        self._looked_at = 0.0
        self._backlog = False
        self._stopping = False
        self._deadline = float("inf")
        self._runner: AnalysisRunner | None = None
        self._told_owned = False
        self._derive_anew = threading.Event()
        self._anew_done = threading.Event()
        self.seq = self._shown_until = 0
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-consumer", daemon=True)

    def start(self, after: int) -> None:
        """Start the thread; it tells of every event after the seq `after`."""
        self.seq = self._shown_until = after
        # What was stored before this process began is looked at now, not at the first poll.
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that something was committed."""
        self._wake.set()

    def stop(self, timeout: float) -> bool:
        """Follow the log to its end, as far as time allows, and end the thread.

        Returns False when that took longer than `timeout` seconds.
        """
        self._deadline = time.monotonic() + timeout / 4
        self._stopping = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def derive_anew(self) -> None:
        """Forget what was derived and derive it again; returns once it is forgotten.

        Any thread but the consumer's, in the process that owns the store.
        """
        self._anew_done.clear()
        self._derive_anew.set()
        self._wake.set()
        while not self._anew_done.wait(POLL_SECONDS) and self._thread.is_alive():
            pass

    @property
    def analyzed_seq(self) -> int:
        """How far the analyzers of this process are, 0 when another process runs them."""
        return self._runner.seq if self._runner is not None else 0

    def lags(self) -> dict[str, int]:
        """Return how many events each analyzer that is not built in has before it."""
        return self._others.lags(self.seq)

    # ---- below: consumer thread only

    def _run(self) -> None:
        self._connection = self._database.connect()
        try:
            stopping = False
            while not stopping:
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
                stopping = self._stopping
                self._guarded_turn()
            self._others.stop(max(0.0, self._deadline - time.monotonic()))
            self._tell_others()
        finally:
            self._connection.close()

    def _guarded_turn(self) -> None:
        try:
            if not self._database.is_current(self._connection):
                self._start_over()
            self._turn(self._connection)
        except Exchanged:
            self._wake.set()
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                self._log.error("the store is damaged and is set aside", reason=str(error))
                self._database.set_aside(str(error), self._connection.inode)
                self._wake.set()
            else:
                # Another process holds the write lock for long, or the disk is full: what was
                # derived stays in memory and is committed on a later turn.
                self._log.warning("cannot follow the log now", error=str(error))
        except Exception:  # noqa: BLE001  the thread outlives whatever goes wrong in one turn
            self._log.exception("following the log failed")

    def _start_over(self) -> None:
        """Another file is the store now: nothing that was read before holds."""
        self._connection.close()
        self._database.open()
        self._connection = self._database.connect()
        self._runner = None
        # There may be something to salvage, whichever process set it aside.
        self._database.doubted.set()
        (last_seq,) = self._connection.execute(
            "SELECT coalesce(max(seq), 0) FROM events"
        ).fetchone()
        self.seq = self._shown_until = last_seq
        self._on_exchange(last_seq)

    def _turn(self, connection: Connection) -> None:
        if self._derive_anew.is_set():
            self._forget_documents(connection)
        if self._runner is None and self._ownership.acquire():
            self._runner = AnalysisRunner(
                self._database,
                connection,
                self._registry.own_analyzers,
                self._registry,
                self._recent,
                way=self._way,
            )
            self._registry.keeps(BUILTIN[0], self._runner.documents)
        if self._runner is not None and not self._told_owned:
            self._on_owned()
            self._told_owned = True
            self._others.start()
        busy = True
        while busy and not self._out_of_time() and not self._derive_anew.is_set():
            self._pace()
            busy = self._tail(connection)
            busy = self._derive(connection) or busy
            self._tell_others()
            self._tidy(connection)
            # In here: under load the log may not come to its end for hours.
            self._on_tick()

    def _tidy(self, connection: Connection) -> None:
        """Do a slice of what retention asks for; ask only now and then while there is nothing."""
        runner, now = self._runner, time.monotonic()
        if runner is None or not runner.settled or now < self._tidied_at:
            return

        def forget() -> None:
            runner.forget_cached()
            self._others.forget()

        retention = Retention(self._database, connection, self._limits, forget)
        more = retention.step(self._others.seq(runner.seq))
        if more:
            self._wake.set()
        self._tidied_at = now if more else now + TIDY_SECONDS

    def _forget_documents(self, connection: Connection) -> None:
        self._others.forget()
        with self._database.writing(connection):
            connection.execute("DELETE FROM documents")
            connection.execute("DELETE FROM analyzers")
            search_index.forget(connection)
            skip_index.forget(connection)
        self._others.forget()
        self._runner = None
        self._on_derived_anew()
        self._derive_anew.clear()
        self._anew_done.set()
        self._wake.set()

    def _pace(self) -> None:
        now = time.monotonic()
        wait = self._looked_at + WINDOW_SECONDS - now
        if wait > 0 and not self._stopping and not self._backlog:
            time.sleep(wait)
        self._looked_at = time.monotonic()

    def _out_of_time(self) -> bool:
        return time.monotonic() > self._deadline

    def _tail(self, connection: Connection) -> bool:
        events = self._recent.after(connection, self.seq, TAIL)
        self._backlog = len(events) == TAIL
        if not events:
            return False
        self.seq = events[-1].seq
        self._on_events(events, connection.inode)
        self._others.wake()
        return True

    def _derive(self, connection: Connection) -> bool:
        if self._runner is None:
            return self._follow(connection)
        changes = self._runner.step()
        if changes:
            self._on_changes(changes)
        return changes is not None

    def _tell_others(self) -> None:
        """Tell what the analyzers of others changed, and look after them."""
        changes = self._others.changes()
        if changes:
            self._on_changes(changes)
        self._others.watch(self.seq)

    def _follow(self, connection: Connection) -> bool:
        """Tell viewers of this process what the owner derived since the last look."""
        topics = {topic for analyzer in self._registry.analyzers for topic in analyzer.topics}
        rows: list[tuple[Any, ...]] = []
        for topic in sorted(topics):
            rows += connection.execute(
                "SELECT topic, key, session_id, agent_id, seq, at, value FROM documents "
                "WHERE topic = ? AND seq > ? ORDER BY seq",
                (topic, self._shown_until),
            ).fetchall()
        if not rows:
            return False
        changes = [change_from_row(row) for row in rows]
        self._shown_until = max(change.seq for change in changes)
        self._on_changes(changes)
        return True
