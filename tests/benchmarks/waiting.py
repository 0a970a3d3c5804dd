"""Waiting until a monitor has worked out what it has taken in."""

from __future__ import annotations

import json
import time

from claude_mpm_monitor import Monitor
from tests.benchmarks.posting import connection, get


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


def until_at_rest(port: int) -> None:
    """Return once a server has worked out and indexed everything."""
    while True:
        with connection(port) as sock:
            status = json.loads(get(sock, "/api/v1/status"))
        if not status["consumer"]["lag"] and not status["index"]["lag"]:
            return
        time.sleep(0.1)
