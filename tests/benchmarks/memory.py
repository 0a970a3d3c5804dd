"""Resident memory of a process with a monitor in it: by itself, and in the host's process.

The host has most of our libraries loaded already, so there it adds less.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import host
from tests.benchmarks.row import Row
from tests.benchmarks.viewers import viewing

NAME = "memory"
WHAT = "MB resident, by what the process has done so far"
#: `MONITOR_BENCHMARK_EVENTS=1000000` goes on to a million, which takes ten minutes.
EVENTS = (10_000, 100_000, 1_000_000)
MOST = int(os.environ.get("MONITOR_BENCHMARK_EVENTS", "100000"))
ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import site, sys
home, most, ours = sys.argv[1:]
if ours:
    site.addsitedir(ours)
    import claude_mpm.cli
import psutil
rss = lambda: print(psutil.Process().memory_info().rss / 1e6, flush=True)
rss()
from claude_mpm_monitor import Monitor
monitor = Monitor(home=home, port=0).start()
rss()
print(monitor.port, flush=True)
from itertools import islice
from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.waiting import until_derived
stream, done = deliveries(int(most) + 20_000), 0
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
    """Fill a store, by itself and in the host's process, and look at the process now and then."""
    with _started(sys.executable, "") as process:
        rows = [process.figure("a bare interpreter"), process.figure("the same, started in it")]
    other = host.installed()
    if other is None:
        return rows
    with _started(str(other / "bin" / "python"), sysconfig.get_path("purelib")) as process:
        rows += [process.figure("the host's process"), process.figure("started in it")]
        port, last = int(process.said()), 0
        for events in (count for count in EVENTS if count <= MOST):
            rows.append(process.figure(f"after {events:,} events", events))
            last = events
        for pages in (1, 10):
            with viewing(port, pages):
                last += 10_000
                rows.append(process.figure(f"10,000 more, with {pages} pages", last))
    return rows


class _Process:
    """A process with a monitor, that takes in as many events as it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def said(self) -> str:
        """Return the next line it prints."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def figure(self, name: str, events: int = -1) -> Row:
        """Return the next figure it prints, once it has so many events."""
        if events >= 0:
            assert self._process.stdin is not None
            self._process.stdin.write(f"{events}\n")
            self._process.stdin.flush()
        return Row(name=name, value=float(self.said()), unit="MB")


@contextlib.contextmanager
def _started(python: str, ours: str) -> Iterator[_Process]:
    """Start one; `ours` is where our packages are, for a Python that has the host's only."""
    with tempfile.TemporaryDirectory() as home:
        command = [python, "-c", _PROGRAM, home, str(MOST), ours]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
            yield _Process(process)
            process.stdin.close()
