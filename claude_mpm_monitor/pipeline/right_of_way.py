"""RightOfWay: those who take events in go first; what follows the log gives way to them.

All need the interpreter, and Claude waits for those who take in. Left to itself, the interpreter
changes hands every 5 ms at best, several times for each event; with this, whoever has time lets go
of it after each small piece of work while deliveries come.
"""

from __future__ import annotations

import time

#: Deliveries that come within such a time of each other are a stream (seconds).
STREAM_SECONDS = 0.002
#: After a delivery the next is soon to come: for so long (seconds), who follows lets go of the
#: interpreter for a moment anyway. Were that shorter, whoever waits would not be awake in time.
SOON_SECONDS, MOMENT_SECONDS = 0.05, 0.00005
#: A stream may end meanwhile: then nobody waits longer than this (seconds).
NAP_SECONDS = 0.02
#: In a stream, give way for so many times as long as was worked: what follows must get on as well.
SHARE = 3
#: At more events a second what follows falls behind whatever it is given, and catches up later:
#: it gives way for longer in proportion, but at most so long. The rate is looked at this often
#: (seconds).
KEPT_UP, MOST_SECONDS, LOOK_SECONDS = 1_200, 1.0, 0.05


class RightOfWay:
    """How many deliveries are under way. One thread counts (the gateway's), any gives way."""

    def __init__(self) -> None:
        self._under_way = 0
        self._left_at = 0.0
        self._through = 0
        #: When the rate was looked at, how many events were through then, and what it was.
        self._looked = (time.monotonic(), 0, 0.0)

    def begin(self) -> None:
        """Take note of a delivery that has come."""
        self._under_way += 1

    def end(self, events: int) -> None:
        """Take note of one that is through, with so many events."""
        self._under_way -= 1
        self._through += events
        self._left_at = time.monotonic()

    def give(self, worked: float) -> None:
        """Wait while deliveries come, as long as is due from who worked so long (seconds).

        Mostly in one piece: who looks every now and then whether nothing is under way takes the
        interpreter from those who work each time.
        """
        began = now = time.monotonic()
        while self._is_streaming(now) and (left := began + self._due(worked, now) - now) > 0:
            time.sleep(min(left, NAP_SECONDS))
            now = time.monotonic()
        if now - self._left_at < SOON_SECONDS:
            time.sleep(MOMENT_SECONDS)

    def _is_streaming(self, now: float) -> bool:
        return self._under_way > 0 or now - self._left_at < STREAM_SECONDS

    def _due(self, worked: float, now: float) -> float:
        return min(worked * SHARE * max(1.0, self._rate(now) / KEPT_UP), MOST_SECONDS)

    def _rate(self, now: float) -> float:
        """Return how many events a second there were lately."""
        at, through, rate = self._looked
        if now - at >= LOOK_SECONDS:
            rate = (self._through - through) / (now - at)
            self._looked = (now, self._through, rate)
        return rate
