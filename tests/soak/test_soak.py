"""For a long time: events keep coming, pages come, sleep and leave, and nothing grows.

`MONITOR_SOAK_SECONDS=1800 pytest -m soak -s --timeout 0` is the long form, and prints its figures.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import statistics
import threading
import time
from pathlib import Path

import psutil
import pytest
from testkit.page import Page
from testkit.payloads import Talk, body
from testkit.process import Process
from testkit.wire import get

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("MONITOR_SOAK_SECONDS", "25"))
EVENTS_PER_SECOND = 200
PAGES = 5
#: What is built up at first (caches, rows of the interpreter's heap) is no leak.
WARM = 0.4
SAMPLES = 40
#: In the short form the caches are still filling.
GROWTH_MB = 8.0 if SECONDS >= 600 else 30.0


class Producer(threading.Thread):
    """Posts hook events at an even pace, on one connection a hundred events, until told to stop."""

    def __init__(self, port: int, per_second: float, name: str) -> None:
        super().__init__()
        self._port, self._pause, self._session = port, 1 / per_second, name
        self.stop = threading.Event()
        self.acknowledged = 0
        self.failed = 0
        self.seconds: list[float] = []

    def run(self) -> None:
        due, number = time.monotonic(), 0
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            talk = Talk(f"{self._session}-{number // 2_000}")
            for _ in range(100):
                number += 1
                use = f"u-{number // 2}"
                payload = talk.post(use) if number % 2 else talk.pre(use, command="x" * 300)
                began = time.monotonic()
                connection.request("POST", "/hooks/claude", body(payload))
                answer = connection.getresponse()
                answer.read()
                self.seconds.append(time.monotonic() - began)
                self.acknowledged += answer.status == 204
                self.failed += answer.status != 204
                due += self._pause
                time.sleep(max(0.0, due - time.monotonic()))
                if self.stop.is_set():
                    break
            connection.close()


class Visitor(threading.Thread):
    """A page that comes, stays, leaves and resumes later: each seq once, in order."""

    def __init__(self, url: str, seed: int) -> None:
        super().__init__()
        self._url, self._random = url, random.Random(seed)
        self.stop = threading.Event()
        self.visits = 0
        self.faults: list[str] = []

    def run(self) -> None:
        seen = 0
        while not self.stop.is_set():
            page = None
            try:
                page = Page(self._url, transports=[self._random.choice(["websocket", "polling"])])
                page.resume(seen)
                self.stop.wait(self._random.uniform(1, 12))
                seqs = page.seqs
                if seqs != sorted(set(seqs)):
                    self.faults.append("a seq came twice, or out of order")
                if seqs and seen and page.other.empty() and seqs[0] <= seen:
                    self.faults.append(f"{seqs[0]} came again after {seen}")
                seen = seqs[-1] if seqs else seen
            except AssertionError as error:
                self.faults.append(str(error))
            finally:
                if page is not None:
                    with contextlib.suppress(Exception):
                        page.close()
            self.visits += 1
            self.stop.wait(self._random.uniform(0, 3))


def figures(process: psutil.Process) -> tuple[float, int, int]:
    """Resident memory (MB), threads and open files."""
    return process.memory_info().rss / 1e6, process.num_threads(), process.num_fds()


def slope(values: list[float]) -> float:
    """By how much the values grow from the first to the last, along the line that fits best."""
    places = list(range(len(values)))
    return statistics.linear_regression(places, values).slope * (len(values) - 1)


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)] * 1_000


@pytest.mark.timeout(SECONDS + 120)
def test_nothing_grows(tmp_path: Path) -> None:
    server = Process(tmp_path / "home")
    watched = psutil.Process(server.pid)
    producers = [Producer(server.ingest_port, EVENTS_PER_SECOND / 4, f"s{n}") for n in range(4)]
    visitors = [Visitor(f"http://127.0.0.1:{server.port}", seed) for seed in range(PAGES)]
    for thread in (*producers, *visitors):
        thread.start()
    samples: list[tuple[float, int, int]] = []
    latencies: list[float] = []
    for number in range(SAMPLES):
        time.sleep(SECONDS / SAMPLES)
        samples.append(figures(watched))
        taken = [producer.seconds for producer in producers]
        latencies.append(p99([s for seconds in taken for s in seconds[-2_000:]]))
        if number % 4 == 3:
            print(
                f"{(number + 1) * SECONDS / SAMPLES:6.0f} s  {samples[-1][0]:6.1f} MB  "
                f"{samples[-1][1]} threads  {samples[-1][2]} files  ack p99 {latencies[-1]:.2f} ms",
                flush=True,
            )
    for thread in (*producers, *visitors):
        thread.stop.set()
    for thread in (*producers, *visitors):
        thread.join()
    status = get(server.port, "/api/v1/status").json
    acknowledged = sum(producer.acknowledged for producer in producers)
    # Alerts are events, too: what is posted looks like a loop.
    alerts = get(server.port, "/api/v1/events?kind=monitor.alert&count=1&limit=1").json["count"]
    stored = status["counters"]["stored"] - alerts
    time.sleep(2)
    _, threads, files = figures(watched)
    server.close()

    warm = samples[int(SAMPLES * WARM) :]
    memory = [sample[0] for sample in warm]
    grown, noise = slope(memory), max(memory) - min(memory)
    print(f"{acknowledged} acknowledged, {sum(v.visits for v in visitors)} visits")
    print(f"memory {memory[0]:.1f} -> {memory[-1]:.1f} MB, slope {grown:+.1f}, range {noise:.1f}")
    print(f"threads {threads}, files {files} at the end; latency {status['latency']}")
    assert not [fault for visitor in visitors for fault in visitor.faults]
    assert not sum(producer.failed for producer in producers)
    assert stored == acknowledged
    assert grown < GROWTH_MB
    assert threads <= samples[0][1]
    assert files <= max(sample[2] for sample in samples[: SAMPLES // 4])
    first, last = latencies[SAMPLES // 4 : SAMPLES // 2], latencies[-SAMPLES // 4 :]
    assert statistics.median(last) < 3 * statistics.median(first) + 5
