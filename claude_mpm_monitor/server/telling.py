"""Telling: pages learn of an event as soon as it is committed.

What this process has just committed is told by the gateway itself, which has waited for it. The
consumer, which works documents out in between, would find it some milliseconds later; it tells
what other processes committed, and what was committed faster than is kept in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.latency import Latency
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.server.host_contract import HostContract
from claude_mpm_monitor.server.live import LiveNamespace

#: In a stream of events, tell at most this often (seconds): each time costs a frame for each page.
#: The first event after a pause is told at once.
WINDOW_SECONDS = 0.004
#: Events told at once.
MOST = 500
#: What was taken in so late (seconds), from a transcript, says nothing about how fast we are.
LATE_SECONDS = 30.0


class Telling:
    """Gateway thread only. `later` calls a function after so many seconds."""

    def __init__(
        self,
        recent: Recent,
        live: LiveNamespace,
        host: HostContract,
        shown: Latency,
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._recent = recent
        self._live = live
        self._host = host
        self._shown = shown
        self._later = later
        self._seq = 0
        #: The file that the log up to there was read from, 0 before it was read.
        self._inode = 0
        self._told_at = 0.0
        self._is_due = False

    def committed(self) -> None:
        """Tell what was committed here, at once or with what comes next."""
        wait = self._told_at + WINDOW_SECONDS - time.monotonic()
        if self._is_due:
            return
        if wait > 0:
            self._is_due = True
            self._later(wait, self._look)
        else:
            self._look()

    def _look(self) -> None:
        self._is_due = False
        events = self._recent.following(self._inode, self._seq, MOST)
        if events:
            self._tell(events)
        if len(events) == MOST:
            self.committed()

    def read(self, events: list[Event], inode: int) -> None:
        """Take what was read from the log behind all that was read before; tell what is new."""
        self._inode = inode
        rest = [event for event in events if event.seq > self._seq]
        if rest:
            self._tell(rest)

    def exchanged(self, last_seq: int) -> None:
        """Another file is the store, with events up to there: what was told does not hold."""
        self._seq, self._inode = last_seq, 0
        self._live.publish_reset(last_seq)

    def derived_anew(self) -> None:
        """All documents are derived anew: what pages know of them does not hold."""
        self._live.publish_reset(self._seq)

    def _tell(self, events: list[Event]) -> None:
        self._told_at = time.monotonic()
        self._seq = events[-1].seq
        self._live.publish_events(events)
        since = time.time() - events[-1].at / 1e6
        if 0 <= since < LATE_SECONDS:
            self._shown.add(since, len(events))
        self._host.broadcast(events)
