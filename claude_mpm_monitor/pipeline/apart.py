"""Apart: the thread on which one plugin's analyzers follow the log, each with its own position.

What is built in runs on the consumer thread; the analyzers of every other plugin run here, so that
one that is slow or hangs delays nothing but itself.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence

import structlog

from claude_mpm_monitor.model.analyzer import Analyzer, Change, Documents
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.analysis import AnalysisRunner
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay
from claude_mpm_monitor.plugins.lane import Hung
from claude_mpm_monitor.plugins.place import place_of_frame
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.storage.database import Connection, Database, Exchanged

#: An analyzer that handles one event for longer than this hangs (seconds).
HANG_SECONDS = 5.0
#: How long to gather events before looking again, and how long to sleep without any (seconds).
WINDOW_SECONDS, POLL_SECONDS = 0.05, 2.0


class Anew(Exception):
    """What was derived is no longer what the store has: begin again from there."""


class Abandoned(Exception):
    """The thread took too long and has been given up."""


class Apart:
    """One plugin's analyzers on a thread of their own. Methods: consumer thread.

    :param generation: tells when documents were deleted, or the store exchanged, by being another.
    :param take: is given what changed, on this thread.
    """

    def __init__(
        self,
        plugin: str,
        analyzers: Sequence[Analyzer],
        database: Database,
        registry: Registry,
        recent: Recent,
        way: RightOfWay,
        *,
        generation: Callable[[], int],
        take: Callable[[list[Change]], None],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self.analyzers = analyzers
        self._plugin = plugin
        self._names = [analyzer.name for analyzer in analyzers]
        self._database = database
        self._registry = registry
        self._recent = recent
        self._way = way
        self._generation = generation
        self._take = take
        self._log = log
        self._wake = threading.Event()
        self._stopping = False
        self._abandoned = False
        self._runner: AnalysisRunner | None = None
        self._begun_in = -1
        #: What is being handled, and since when.
        self._busy: tuple[Analyzer, float] | None = None
        name = f"mpm-monitor-analyzers-{plugin}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread; it follows the log from where it stopped the last time."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that there are events, or that it is to look at how things stand."""
        self._wake.set()

    def stop(self) -> None:
        """Have the thread follow the log to its end and stop; does not wait for it."""
        self._stopping = True
        self._wake.set()

    def join(self, timeout: float) -> None:
        """Wait for the thread to end (seconds)."""
        if self.started:
            self._thread.join(timeout)

    @property
    def lost(self) -> bool:
        """Whether the thread is of no use any more: it was given up, or has ended."""
        return self._abandoned or (self.started and not self._thread.is_alive())

    @property
    def started(self) -> bool:
        """Whether the thread was ever started."""
        return self._thread.ident is not None

    def positions(self) -> dict[str, int]:
        """Return how far each analyzer is that is at work; 0 before the first look. Any thread."""
        runner = self._runner
        return dict.fromkeys(self._names, 0) if runner is None else runner.positions()

    def watch(self) -> None:
        """Give the thread up when it hangs."""
        busy = self._busy
        if busy is None or time.monotonic() - busy[1] < HANG_SECONDS:
            return
        self._abandoned = True
        frame = sys._current_frames().get(self._thread.ident or 0)
        error = Hung(HANG_SECONDS, place_of_frame(frame))
        self._registry.guard_of(busy[0]).failed(busy[0].name, error, HANG_SECONDS)

    # ---- what AnalysisRunner asks for; this thread

    def apply(self, analyzer: Analyzer, event: Event, documents: Documents) -> bool:
        """Have the analyzer handle one event, watched."""
        if self._registry.guard_of(analyzer).tripped:
            return False
        self._busy = analyzer, time.monotonic()
        works = self._registry.apply(analyzer, event, documents)
        self._busy = None
        if self._abandoned:
            raise Abandoned
        return works

    def settle(self, analyzer: Analyzer, documents: Documents) -> bool:
        """Have the analyzer do what it has put off, watched."""
        self._busy = analyzer, time.monotonic()
        works = self._registry.settle(analyzer, documents)
        self._busy = None
        if self._abandoned:
            raise Abandoned
        return works

    # ---- below: this thread

    def _run(self) -> None:
        connection = self._database.connect()
        try:
            while not self._stopping and not self._abandoned:
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
                connection = self._guarded_turn(connection)
                if not self._stopping:
                    time.sleep(WINDOW_SECONDS)
        except Abandoned:
            pass
        finally:
            connection.close()

    def _guarded_turn(self, connection: Connection) -> Connection:
        try:
            if not self._database.is_current(connection):
                connection.close()
                connection = self._database.connect()
                self._runner = None
            self._turn(connection)
        except (Anew, Exchanged):
            self._runner = None
            self._wake.set()
        except sqlite3.DatabaseError as error:
            # The consumer sees to a damaged store; a busy one is tried again.
            self._log.warning("plugins cannot follow the log now", error=str(error))
        return connection

    def _turn(self, connection: Connection) -> None:
        while not self._abandoned:
            if self._is_old():
                self._begun_in = self._generation()
                working = [a for a in self.analyzers if not self._registry.guard_of(a).tripped]
                self._runner = AnalysisRunner(
                    self._database,
                    connection,
                    working,
                    self,
                    self._recent,
                    way=self._way,
                    permit=self._permit,
                )
                self._registry.keeps(self._plugin, self._runner.documents)
            assert self._runner is not None
            changes = self._runner.step()
            if changes is None:
                return
            if changes:
                self._take(changes)

    def _is_old(self) -> bool:
        """Whether to begin anew from what the store has: also when one gets another chance."""
        if self._runner is None:
            return True
        if not self._runner.settled:
            return False
        at_work = self._runner.positions()
        return self._begun_in != self._generation() or any(
            analyzer.name not in at_work and not self._registry.guard_of(analyzer).tripped
            for analyzer in self.analyzers
        )

    def _permit(self) -> None:
        """Raise when what is to be committed is of no use any more, or another thread's by now."""
        if self._abandoned:
            raise Abandoned
        if self._begun_in != self._generation():
            raise Anew
