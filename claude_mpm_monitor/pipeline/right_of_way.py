"""RightOfWay: those who take events in go first; what follows the log gives way to them.

All need the interpreter, and Claude waits for those who take in. Left to itself, the interpreter
changes hands every 5 ms at best, several times for each event; with this, whoever has time lets go
of it after each small piece of work while a delivery is under way.
"""

from __future__ import annotations

import time

#: How long to sleep before looking again (seconds).
STEP_SECONDS = 0.0003
#: After a delivery the next is soon to come: for so long (seconds), who follows lets go of the
#: interpreter for a moment anyway. Were that shorter, whoever waits would not be awake in time.
SOON_SECONDS, MOMENT_SECONDS = 0.05, 0.00005
#: Give way for so many times as long as was worked, at most: what follows must get on as well.
SHARE = 3


class RightOfWay:
    """How many deliveries are under way. One thread counts (the gateway's), any gives way."""

    def __init__(self) -> None:
        self._under_way = 0
        self._left_at = 0.0

    def __enter__(self) -> None:
        self._under_way += 1

    def __exit__(self, *_: object) -> None:
        self._under_way -= 1
        self._left_at = time.monotonic()

    def give(self, worked: float) -> None:
        """Wait until nothing is under way, or long enough for who worked so long (seconds)."""
        now = time.monotonic()
        until = now + worked * SHARE
        if not self._under_way and now - self._left_at < SOON_SECONDS:
            time.sleep(MOMENT_SECONDS)
        while self._under_way and time.monotonic() < until:
            time.sleep(STEP_SECONDS)
