"""A journal of runs: when, where, for how long, how Claude ended; a line each in runs.jsonl.

    cp examples/run_journal.py ~/.claude-mpm/monitor/plugins/
    claude-mpm run --monitor
    tail -1 ~/.claude-mpm/monitor/runs.jsonl

What Claude runs finds the dashboard's address in DASHBOARD_URL: a status line may show it.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from claude_mpm_monitor import Monitor, hookimpl


class Journal:
    """What is known of the run so far."""

    def __init__(self) -> None:
        self.file = Path()
        self.began = datetime.now().astimezone()
        self.url = ""
        self.exit_codes: list[int] = []

    def write(self, run: Any) -> None:
        """Add the line."""
        lasted = datetime.now().astimezone() - self.began
        line = {
            "began": self.began.isoformat(timespec="seconds"),
            "minutes": round(lasted.total_seconds() / 60, 1),
            "directory": run.directory,
            "arguments": run.arguments,
            "exit_codes": self.exit_codes,
        }
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


journal = Journal()


@hookimpl
def monitor_started(monitor: Monitor) -> None:
    """Remember where the monitor keeps its files."""
    journal.file = monitor.config.home / "runs.jsonl"


@hookimpl
def monitor_run_starting() -> None:
    """The run begins now."""
    journal.began = datetime.now().astimezone()


@hookimpl
def monitor_server_chosen(url: str) -> None:
    """Remember the address."""
    journal.url = url


@hookimpl
def monitor_claude_launching(launch: Any) -> None:
    """Tell Claude, and what it runs."""
    launch.environment["DASHBOARD_URL"] = journal.url


@hookimpl
def monitor_claude_exited(exit_code: int) -> None:
    """Claude may be started more than once in a run."""
    journal.exit_codes.append(exit_code)


@hookimpl
def monitor_run_ended(run: Any) -> None:
    """Write it down."""
    journal.write(run)
