"""Stats: what became of everything that arrived."""

from __future__ import annotations

import threading
from typing import Literal

Counter = Literal["received", "stored", "duplicate", "recovered", "rejected", "dropped", "redacted"]


class Stats:
    """Counters since the start of this process. Any thread.

    received = stored + duplicate + rejected + dropped once the intake is empty. `recovered` counts
    those of the stored that came late, out of the spool, `redacted` the secrets hidden in them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = dict.fromkeys(Counter.__args__, 0)  # type: ignore[attr-defined]

    def add(self, **amounts: int) -> None:
        """Add to the named counters in one step."""
        with self._lock:
            for name, amount in amounts.items():
                self._counts[name] += amount

    def snapshot(self) -> dict[str, int]:
        """Return all counters as of one moment."""
        with self._lock:
            return dict(self._counts)
