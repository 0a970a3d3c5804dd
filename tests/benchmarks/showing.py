"""From a hook's POST to the page that is told of it.

The poster and the page are Python on the same cores, so what is measured is an upper bound.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.posting import connection, post, serving
from tests.benchmarks.row import Row
from tests.benchmarks.viewers import viewing

NAME = "live"
WHAT = "ms from posting an event to a page being told"
#: Events a second; 0: as fast as they are answered.
RATES, SECONDS, FASTEST = (10, 100, 1_000, 0), 6, 4_000
CLIENTS = 4
_ID = re.compile(rb'"tool_use_id":"(u-[\w.-]+)"')
_BUSY = """
import sys
from claude_mpm_monitor import Monitor
from claude_mpm_monitor.config import Config
import msgspec
config = Config.from_environment(home=sys.argv[1], port=0)
monitor = Monitor(msgspec.structs.replace(config, switch_us=int(sys.argv[2]))).start()
print(monitor.port, flush=True)
while True:
    sum(range(1_000))
"""


def run() -> list[Row]:
    """Post at each rate; then once more to a process whose own thread computes without pause."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        with serving(Path(name) / "home") as port:
            for rate in RATES:
                label = f"{rate:,} a second" if rate else "as fast as it goes"
                rows += _told(port, rate, 1, label)
            rows += _told(port, 1_000, 10, "1,000 a second, 10 pages")
        for switch_us in (0, 500):
            home = str(Path(name) / f"busy-{switch_us}")
            command = [sys.executable, "-c", _BUSY, home, str(switch_us)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as busy:
                assert busy.stdout is not None
                port = int(busy.stdout.readline())
                label = f"100 a second, busy, switch {switch_us or 5_000} us"
                rows += _told(port, 100, 1, label)
                busy.kill()
    return rows


def _told(port: int, rate: int, pages: int, label: str) -> list[Row]:
    count = rate * SECONDS if rate else FASTEST
    posted, told = {}, {}
    rest = b""

    def seen(part: bytes, at: float) -> None:
        nonlocal rest
        text = rest + part
        for found in _ID.finditer(text):
            told.setdefault(found[1].decode(), at)
        rest = text[-200:]

    with viewing(port, pages, seen=seen):
        began = time.perf_counter() + 0.1

        def run(first: int) -> None:
            with connection(port) as sock:
                for number in range(first, count, CLIENTS):
                    if rate:
                        time.sleep(max(0.0, began + number / rate - time.perf_counter()))
                    use = f"u-{label[:5]}-{began}-{number}".replace(" ", "").replace(",", "")
                    posted[use] = time.perf_counter()
                    post(sock, "/hooks/claude", _event(use), keep=True)

        threads = [threading.Thread(target=run, args=(first,)) for first in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until = time.perf_counter() + 10
        # What was posted before may still be told of, too.
        while posted.keys() - told.keys() and time.perf_counter() < until:
            time.sleep(0.05)
    waits = sorted((told[use] - at) * 1_000 for use, at in posted.items() if use in told)
    note = "" if len(waits) == count else f"{count - len(waits)} of {count} were not told"
    return [
        Row(name=f"{label}, p50", value=waits[len(waits) // 2], unit="ms", note=note),
        Row(name=f"{label}, p99", value=waits[len(waits) * 99 // 100], unit="ms"),
    ]


def _event(use: str) -> bytes:
    call = {"tool_name": "Bash", "tool_input": {"command": "x" * 300}, "tool_use_id": use}
    return json.dumps(
        {"session_id": "s-live", "cwd": "/work", "hook_event_name": "PreToolUse", **call}
    ).encode()
