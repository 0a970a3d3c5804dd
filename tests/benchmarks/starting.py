"""How long things take to start and to stop: medians of paired rounds of whole processes."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from claude_mpm_monitor import Monitor
from claude_mpm_monitor import host as our_host
from tests.benchmarks import host
from tests.benchmarks.posting import post_at, serving
from tests.benchmarks.row import Row
from tests.benchmarks.viewers import stalled

NAME = "start"
WHAT = "ms to start and to stop, medians of paired rounds"
ROUNDS = 7
#: Of a monitor that is stopped: pages that take nothing, and events posted a moment before.
STALLED, BEHIND = 10, 20_000
#: What the host has imported when it comes to starting its monitor; then our step.
_STEP = """
import site, sys, time
site.addsitedir(sys.argv[2])
import claude_mpm.cli
started = time.perf_counter()
from claude_mpm_monitor.monitor import Monitor
monitor = Monitor(home=sys.argv[1], port=0).start()
print((time.perf_counter() - started) * 1_000)
monitor.close()
"""


def run() -> list[Row]:
    """Measure each in turn."""
    with tempfile.TemporaryDirectory() as name, _compiled(Path(name) / "compiled"):
        return _run(Path(name))


@contextlib.contextmanager
def _compiled(folder: Path) -> Iterator[None]:
    """Have modules compiled once, as pip does when it installs a wheel; a clone's are not."""
    with mock.patch.dict(os.environ, PYTHONPYCACHEPREFIX=str(folder)):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield


def _run(scratch: Path) -> list[Row]:
    rows = _imports(scratch)
    served = []
    for number in range(ROUNDS // 2 + 1):
        started = time.perf_counter()
        with serving(scratch / f"serve-{number}"):
            served.append((time.perf_counter() - started) * 1_000)
    rows.append(
        Row(name="serve, to its first answer", value=statistics.median(served[1:]), unit="ms")
    )
    other = host.installed()
    if other is not None:
        steps = [_step(other, scratch / f"step-{number}") for number in range(ROUNDS // 2 + 1)]
        name = "run --monitor, our step in the host's process"
        rows.append(Row(name=name, value=statistics.median(steps[1:]), unit="ms"))
    stops = [_stop(scratch / f"stop-{number}") for number in range(ROUNDS)]
    name = f"stop, with {STALLED} pages that read nothing and {BEHIND:,} events behind"
    return [
        *rows,
        Row(name=name, value=statistics.median(stops), unit="ms", note=f"{max(stops):.0f}"),
    ]


def _imports(scratch: Path) -> list[Row]:
    """Time Python with and without us; the .pth is read as site-packages are."""
    without, with_us = scratch / "without", scratch / "with"
    without.mkdir()
    with_us.mkdir()
    shutil.copy(Path(our_host.__file__).with_name("claude_mpm_monitor.pth"), with_us)
    site = "import site; site.addsitedir({!r})"
    programs = {
        "python -c pass": site.format(str(without)),
        "the same, our .pth in site-packages": site.format(str(with_us)),
        "import claude_mpm_monitor": "import claude_mpm_monitor",
        "import claude_mpm_monitor.monitor": "import claude_mpm_monitor.monitor",
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(ROUNDS + 1):
        for name, program in programs.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True)
            if number:
                times[name].append((time.perf_counter() - started) * 1_000)
    return [
        Row(name=name, value=statistics.median(taken), unit="ms") for name, taken in times.items()
    ]


def _stop(home: Path) -> float:
    """Return how long a monitor takes to stop that has something left to do for everybody."""
    with contextlib.ExitStack() as stack:
        monitor = Monitor(home=home, port=0).start()
        for _ in range(STALLED):
            stack.enter_context(stalled(monitor.port))
        post_at(monitor.port, BEHIND, 0)
        started = time.perf_counter()
        monitor.close()
        return (time.perf_counter() - started) * 1_000


def _step(environment: Path, home: Path) -> float:
    ours = sysconfig.get_path("purelib")
    command = [environment / "bin" / "python", "-c", _STEP, home, ours]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=home.parent)
    return float(done.stdout.split()[-1])
