"""Intake: the queue between whoever has an event and the writer thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import msgspec

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay

#: Deliveries that may wait. Callers who would not wait for the commit wait here instead.
CAPACITY = 20_000
#: How often who waits for room looks whether the intake was closed meanwhile (seconds).
FULL_SECONDS = 0.5
#: Deliveries committed in one transaction at most, so that the first need not wait long.
BATCH = 500


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one delivery.

    `error` is "" or a sentence about why not all of it was stored; `settled` says that the store
    has it (or keeps it as a dead letter), so that nobody else need keep it any longer.
    """

    stored: int = 0
    duplicate: int = 0
    error: str = ""
    settled: bool = True
    #: Records in it that could not be understood, where a delivery has several.
    lost: int = 0


class Delivery(msgspec.Struct, kw_only=True):
    """One entry of the queue.

    `done` is called with the outcome, on the writer thread, after the commit.
    """

    raw: Raw
    done: Callable[[Outcome], None] | None = None
    #: It comes out of the spool, where it stays until it is settled.
    recovered: bool = False
    #: Whoever hands it over still has it, and comes again with it if it is not settled.
    kept: bool = False
    #: Why it cannot be decoded, when that is known already.
    problem: str = ""


class Intake:
    """Bounded queue of deliveries. Any thread puts, the writer thread takes."""

    def __init__(self) -> None:
        #: What is on its way through the queue goes before what follows the log.
        self.way = RightOfWay()
        self._queue: queue.SimpleQueue[list[Delivery] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._room = threading.Condition(self._lock)
        self._closed = False

    def put(self, *deliveries: Delivery) -> bool:
        """Queue what belongs together; wait while the queue is full. False when it is closed.

        Many at once count as one: whoever has that many waits for them before it brings more.
        """
        with self._room:
            while self._queue.qsize() >= CAPACITY and not self._closed:
                self._room.wait(FULL_SECONDS)
            return self._enqueue(list(deliveries))

    def offer(self, *deliveries: Delivery) -> bool:
        """Queue what came together unless the queue is full or closed. Never waits."""
        with self._lock:
            return self._queue.qsize() < CAPACITY and self._enqueue(list(deliveries))

    def _enqueue(self, deliveries: list[Delivery]) -> bool:
        # With the lock, as `close`: what came behind the end of the queue would wait for ever.
        if not self._closed:
            self._queue.put(deliveries)
        return not self._closed

    def take(self) -> list[Delivery]:
        """Wait for deliveries and return what is there, [] once closed and empty."""
        item = self._queue.get()
        batch: list[Delivery] = []
        while item is not None:
            batch += item
            if len(batch) >= BATCH:
                break
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
        else:
            if batch:
                self._queue.put(None)
        if self._queue.qsize() + len(batch) >= CAPACITY:
            with self._room:
                self._room.notify_all()
        return batch

    def waiting(self) -> int:
        """How many deliveries wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Refuse what comes now; `take` hands out what is queued, then []."""
        with self._lock:
            self._closed = True
            self._queue.put(None)
