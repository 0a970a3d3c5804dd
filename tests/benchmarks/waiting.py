"""Waiting until a monitor has worked out what it has taken in."""

from __future__ import annotations

import time

from claude_mpm_monitor import Monitor


def until_derived(monitor: Monitor, behind: int = 0) -> None:
    """Return once the analyzers are at most so many events behind the log."""
    last = monitor.query.last_seq()
    while last - monitor.status()["consumer"]["seq"] > behind:
        time.sleep(0.02)


def until_indexed(monitor: Monitor) -> None:
    """Return once everything is in the full-text index, too."""
    until_derived(monitor)
    while monitor.status()["index"]["lag"]:
        time.sleep(0.05)
