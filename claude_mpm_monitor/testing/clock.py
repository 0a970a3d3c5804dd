"""Clock: time that passes only when a test says so."""

from __future__ import annotations

#: 1 January 2026, noon, UTC.
NOON = 1_767_268_800_000_000
SECOND = 1_000_000


class Clock:
    """A point in time, in microseconds since the epoch. One thread at a time."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def advance(self, seconds: float) -> int:
        """Let time pass; return the new time."""
        self.now += round(seconds * SECOND)
        return self.now
