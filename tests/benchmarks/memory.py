"""Resident memory of a process with a monitor in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.row import Row
from tests.benchmarks.viewers import viewing

NAME = "memory"
WHAT = "MB resident, by what the process has done so far"
#: `MONITOR_BENCHMARK_EVENTS=1000000` goes on to a million, which takes ten minutes.
EVENTS = (10_000, 100_000, 1_000_000)
MOST = int(os.environ.get("MONITOR_BENCHMARK_EVENTS", "100000"))
ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import sys
import psutil
rss = lambda: print(psutil.Process().memory_info().rss / 1e6, flush=True)
rss()
from itertools import islice
from claude_mpm_monitor import Monitor
from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.waiting import until_derived
monitor = Monitor(home=sys.argv[1], port=0).start()
rss()
print(monitor.port, flush=True)
stream, done = deliveries(int(sys.argv[2]) + 20_000), 0
for line in sys.stdin:
    while done < int(line):
        batch = list(islice(stream, 500))
        monitor.ingest_many(batch)
        done += len(batch)
        until_derived(monitor, 2_000)
    until_derived(monitor, 0)
    rss()
monitor.close()
"""


def run() -> list[Row]:
    """Fill a store in a process of its own, and look at that now and then."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-c", _PROGRAM, home, str(MOST)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]

            def figure(name: str, events: int = -1) -> Row:
                if events >= 0:
                    process.stdin.write(f"{events}\n")
                    process.stdin.flush()
                return Row(name=name, value=float(process.stdout.readline()), unit="MB")

            rows = [figure("a bare interpreter"), figure("started")]
            port, last = int(process.stdout.readline()), 0
            for events in (count for count in EVENTS if count <= MOST):
                rows.append(figure(f"after {events:,} events", events))
                last = events
            for pages in (1, 10):
                with viewing(port, pages):
                    last += 10_000
                    rows.append(figure(f"10,000 more, with {pages} pages", last))
            process.stdin.close()
    return rows
