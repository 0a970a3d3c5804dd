"""Recent: events that this process has just committed, for those who follow the log in it.

Reading an event back from the file, unpacking and parsing it costs several times what handing it
over does. Whoever is further behind, or after another process has written, reads the file.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.database import Connection
from claude_mpm_monitor.storage.events import read_slice

#: Payloads kept (bytes), each with what an event takes beside it; parsed, as most of them are, they
#: take four times as much. Whoever falls behind further is slower than the file anyway.
KEPT_BYTES, EVENT_BYTES = 1_500_000, 500
_NO_LIMIT = 2**62


class Recent:
    """The newest events of this process, by seq, without a gap. The writer adds, anybody reads."""

    def __init__(self) -> None:
        self._events: dict[int, Event] = {}
        self._bytes = 0
        #: Which file the events were committed to: another may be the store by now.
        self._inode = 0
        self._lock = threading.Lock()

    def add(self, events: Sequence[Event], inode: int) -> None:
        """Keep events that were committed to a file, in the order of their seqs. Writer thread."""
        with self._lock:
            for event in events:
                if event.seq - 1 not in self._events or inode != self._inode:
                    # Another process wrote in between, or this is the first.
                    self._events.clear()
                    self._bytes, self._inode = 0, inode
                self._events[event.seq] = event
                self._bytes += len(event.payload) + EVENT_BYTES
            while self._bytes > KEPT_BYTES:
                oldest = next(iter(self._events))
                self._bytes -= len(self._events.pop(oldest).payload) + EVENT_BYTES

    def following(self, inode: int, seq: int, limit: int) -> list[Event]:
        """Return at most `limit` events after one seq of a file, as far as they are kept here."""
        found: list[Event] = []
        with self._lock:
            while (
                inode == self._inode
                and len(found) < limit
                and (event := self._events.get(seq + 1)) is not None
            ):
                found.append(event)
                seq += 1
        return found

    def after(
        self, connection: Connection, seq: int, limit: int, until: int = _NO_LIMIT
    ) -> list[Event]:
        """Return at most `limit` events after one seq, up to another: from here, or the file."""
        found = self.following(connection.inode, seq, min(limit, until - seq))
        return found or read_slice(connection, seq, limit, until)
