"""Counters."""

from __future__ import annotations

import threading

from claude_mpm_monitor.pipeline.stats import Stats


def test_counters_begin_at_nought_and_lose_nothing_to_threads() -> None:
    stats = Stats()
    assert set(stats.snapshot().values()) == {0}

    def count() -> None:
        for _ in range(1_000):
            stats.add(received=1, stored=2)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stats.snapshot() == {
        "received": 4_000,
        "stored": 8_000,
        "duplicate": 0,
        "recovered": 0,
        "rejected": 0,
        "dropped": 0,
        "redacted": 0,
    }
