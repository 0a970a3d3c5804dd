"""What plugins cost: at the start, and for every event."""

from __future__ import annotations

import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.plugins.registry import Registry
from tests.benchmarks.row import Row

NAME = "plugins"
WHAT = "30 installed plugins, each with an analyzer that passes and a rule"
PLUGINS = 30
STARTS = 9
EVENTS = 10_000
_SOURCE = """
from claude_mpm_monitor import hookimpl

class Passes:
    name = "passes_{number}"
    version = 1
    topics = ("passes_{number}",)
    def apply(self, event, documents):
        pass

class Quiet:
    name = "quiet_{number}"
    topics = ("passes_{number}",)
    def conditions(self, change):
        return []

@hookimpl
def monitor_register_analyzers():
    return [Passes()]

@hookimpl
def monitor_register_rules():
    return [Quiet()]
"""
#: Times the start of a monitor in a process that has loaded everything else.
_START = """
import sys, tempfile, time
sys.path.insert(0, sys.argv[1])
from claude_mpm_monitor.monitor import Monitor
import claude_mpm_monitor.plugins.builtin
began, used = time.perf_counter(), time.process_time()
monitor = Monitor(home=sys.argv[2], port=0).start()
took, used = time.perf_counter() - began, time.process_time() - used
print(took * 1_000, used * 1_000, len(monitor.plugins.states()))
monitor.close()
"""


def run() -> list[Row]:
    """Measure both."""
    with _installed(0) as none, _installed(PLUGINS) as all_of_them:
        bare: list[tuple[float, float]] = []
        full: list[tuple[float, float]] = []
        for _ in range(STARTS):
            # Taken in turns: the machine's load is the same for both.
            bare.append(_start_ms(none, 1))
            full.append(_start_ms(all_of_them, 1 + PLUGINS))
        dispatch = _dispatch_us(all_of_them)
    rows = []
    for place, what in enumerate(("start", "start, processor time")):
        before, after = (statistics.median(one[place] for one in taken) for taken in (bare, full))
        rows += [
            Row(name=f"{what}, no plugin", value=before, unit="ms"),
            Row(
                name=f"{what}, {PLUGINS} plugins",
                value=after,
                unit="ms",
                note=f"{after - before:+.1f} ms",
            ),
        ]
    return [
        *rows,
        Row(
            name=f"one event through {PLUGINS} analyzers",
            value=dispatch,
            unit="us",
            note="processor time, under their guards",
        ),
    ]


@contextmanager
def _installed(count: int) -> Iterator[Path]:
    """Yield a folder to import from, with so many distributions that have a plugin each."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            name = f"passes_{number}"
            (Path(folder) / f"{name}.py").write_text(_SOURCE.replace("{number}", str(number)))
            info = Path(folder) / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            (info / "entry_points.txt").write_text(f"[claude_mpm_monitor]\n{name} = {name}\n")
        yield Path(folder)


def _start_ms(site: Path, expected: int) -> tuple[float, float]:
    """Return how long a start took, and how much of a processor it took (ms)."""
    with tempfile.TemporaryDirectory() as home:
        said = subprocess.run(
            [sys.executable, "-c", _START, str(site), home],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
    assert int(said[2]) == expected, "others are installed beside those measured"
    return float(said[0]), float(said[1])


def _dispatch_us(site: Path) -> float:
    """Return what an event costs that goes through every analyzer, as their threads call them."""
    sys.path.insert(0, str(site))
    with tempfile.TemporaryDirectory() as home:
        log = new_logger(logging.getLogger("claude_mpm_monitor.benchmarks"))
        registry = Registry(Config(home=Path(home)), (), log)
    sys.path.remove(str(site))
    apart = [one for group in registry.analyzers_apart().values() for one in group]
    assert len(apart) == PLUGINS
    event = Event(kind="PreToolUse", session_id="s", at=1, source="benchmark", payload=b"{}")
    rounds = []
    for _ in range(5):
        began = time.thread_time()
        for _ in range(EVENTS // 5):
            for analyzer in apart:
                registry.apply(analyzer, event, None)  # type: ignore[arg-type]  it passes
        rounds.append((time.thread_time() - began) * 1e6 / (EVENTS // 5))
    registry.close()
    return statistics.median(rounds)
