"""Connections: which there are, what each has done, and which has to go.

What a connection may take is bounded by what it has shown: one that sends its request slowly is
given a deadline, and when there are too many, whoever keeps the most of them loses the one that
has waited longest. So nobody can hold all connections, and a newcomer is always let in.
"""

from __future__ import annotations

import contextlib
import enum
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Connections served at once, at most.
PLACES = 1_000
#: Beyond so many, each newcomer costs another its place: the rest is for those on their way out.
CROWDED = 900
#: How long a request may take to come (seconds): its head, and its body.
HEAD_SECONDS = 10.0
BODY_SECONDS = 60.0
#: How long it may take to be answered, the reader's slowness included (seconds).
ANSWER_SECONDS = 300.0
#: A connection that asks for nothing more for so long is closed (seconds).
IDLE_SECONDS = 60.0


def hang_up(connection: socket.socket) -> None:
    """End a connection for its other end, too, whoever else has it open: a child of fork() may."""
    # The peer may have closed it already.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Phase(enum.Enum):
    """What a connection is in the middle of."""

    HEAD = "sends a request's head"
    BODY = "sends a request's body"
    ANSWER = "is being answered"
    #: A page that listens: it takes as long as it takes, and is bounded elsewhere.
    LISTENING = "listens"
    IDLE = "has been answered"
    LEAVING = "has been hung up on"


_LIMITS = {
    Phase.HEAD: HEAD_SECONDS,
    Phase.BODY: BODY_SECONDS,
    Phase.ANSWER: ANSWER_SECONDS,
    # The next request's head included.
    Phase.IDLE: IDLE_SECONDS + HEAD_SECONDS,
}
#: Who goes first where there are too many.
_FIRST_TO_GO = (Phase.HEAD, Phase.IDLE, Phase.BODY, Phase.ANSWER)


@dataclass(eq=False)
class Connection:
    """One of them; `proven` says whether its other end is known to be this user's.

    `is_read` tells of a request with a body whether all of it has come.
    """

    socket: Any
    address: str
    proven: bool
    phase: Phase = Phase.HEAD
    since: float = 0.0
    is_read: Callable[[], bool] = field(default=lambda: True)

    def is_overdue(self, now: float) -> bool:
        """Tell whether it has taken longer than it may."""
        if self.phase is Phase.BODY and self.is_read():
            self.phase, self.since = Phase.ANSWER, now
        limit = _LIMITS.get(self.phase)
        return limit is not None and now - self.since > limit


class Connections:
    """All of them, by their (plain) sockets. Gateway thread only. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all: dict[int, Connection] = {}

    def opened(self, socket: Any, address: str, proven: bool) -> Connection:
        """Take note of a new connection."""
        connection = Connection(socket, address, proven, since=self._clock())
        self._all[id(socket)] = connection
        return connection

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    def close(self, connection: socket.socket) -> None:
        """Forget one and close it for good, though a websocket has files over it that are open."""
        self._all.pop(id(connection), None)
        hang_up(connection)
        with contextlib.suppress(OSError):
            descriptor = connection.detach()
            if descriptor >= 0:
                os.close(descriptor)

    def of(self, socket: Any) -> Connection:
        """Return what is known of a connection that is open."""
        return self._all[id(socket)]

    def moved(self, connection: Connection, phase: Phase) -> None:
        """Take note of what a connection does now."""
        connection.phase, connection.since = phase, self._clock()

    def sockets(self) -> list[Any]:
        """Return the sockets of all."""
        return [connection.socket for connection in self._all.values()]

    def overdue(self) -> list[Any]:
        """Return the sockets of those that have taken longer than they may."""
        now = self._clock()
        late = [each for each in self._all.values() if each.is_overdue(now)]
        for each in late:
            each.phase = Phase.LEAVING
        return [each.socket for each in late]

    def to_make_room(self) -> Any | None:
        """Return the socket that has to go for a newcomer, None while there is room."""
        if len(self._all) < CROWDED:
            return None
        crowd = Counter(each.address for each in self._all.values())
        for phase in _FIRST_TO_GO:
            waiting = [each for each in self._all.values() if each.phase is phase]
            if waiting:
                leaving = min(waiting, key=lambda each: (-crowd[each.address], each.since))
                leaving.phase = Phase.LEAVING
                return leaving.socket
        return None
