"""Patience with a monitor: what is stored is derived from on another thread."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor

LOOK_AGAIN_SECONDS = 0.005


def settled(monitor: Monitor, seconds: float = 10.0) -> Monitor:
    """Return the monitor once all it has stored went through its analyzers.

    Raises AssertionError when that takes longer than `seconds`.
    """
    until = time.monotonic() + seconds
    while not _is_settled(monitor):
        assert time.monotonic() < until, f"the analyzers are not done after {seconds} s"
        time.sleep(LOOK_AGAIN_SECONDS)
    return monitor


def _is_settled(monitor: Monitor) -> bool:
    last = monitor.query.last_seq()
    consumer = monitor.status()["consumer"]
    # How far plugins lag is told from what the consumer has seen.
    return consumer["seq"] >= last and not any(consumer["plugins"].values())
