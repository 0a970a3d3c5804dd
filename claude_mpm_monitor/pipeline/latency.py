"""Latency: how long things took, in a histogram of fixed size."""

from __future__ import annotations

import threading
from bisect import bisect_left

#: Upper bounds in milliseconds; each is about a fifth above the one before it.
BOUNDS = tuple(round(0.05 * 1.2**power, 3) for power in range(72))


class Latency:
    """Counts durations. Any thread; a duration is known to a fifth of itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = [0] * (len(BOUNDS) + 1)

    def add(self, seconds: float, times: int = 1) -> None:
        """Count a duration, several times if so many things took so long."""
        place = bisect_left(BOUNDS, seconds * 1_000)
        with self._lock:
            self._counts[place] += times

    def snapshot(self) -> dict[str, float]:
        """Return how many there were, and their median and 99th percentile in milliseconds."""
        with self._lock:
            counts = list(self._counts)
        total = sum(counts)
        return {"count": total, "p50": _at(counts, total, 0.5), "p99": _at(counts, total, 0.99)}


def _at(counts: list[int], total: int, share: float) -> float:
    """Return the bound below which this share of the durations lies, 0 when there are none."""
    below = 0
    for bound, count in zip((*BOUNDS, BOUNDS[-1]), counts, strict=True):
        below += count
        if total and below >= share * total:
            return bound
    return 0.0
