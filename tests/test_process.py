"""The monitor and the process it is a guest of."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

NOW = 1_700_000_000_000_000
OURS = "mpm-monitor-"


def our_threads() -> set[str]:
    return {t.name for t in threading.enumerate() if t.name.startswith(OURS)}


def descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def program(source: str, *arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", source, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=25,
        **options,
    )


def test_importing_the_package_imports_nothing_heavy_and_starts_nothing() -> None:
    source = """
import sys, threading
import claude_mpm_monitor
heavy = {"eventlet", "socketio", "engineio", "msgspec", "pluggy", "structlog", "werkzeug",
         "sqlite3", "click", "rich", "asyncio", "ssl", "logging"}
print(sorted(heavy & set(sys.modules)), threading.active_count(), dir(claude_mpm_monitor)[0])
"""
    done = program(source)

    assert done.stdout == "[] 1 Alert\n", done


def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    source = """
import os, sys, threading
from pathlib import Path
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import PortInUse
from claude_mpm_monitor.monitor import Monitor

def opened():
    return {os.readlink(f"/proc/self/fd/{name}") for name in map(str, range(3, 200))
            if os.path.lexists(f"/proc/self/fd/{name}")}

before = opened()
try:
    Monitor(Config(home=Path(sys.argv[1]), bind="203.0.113.1", port=0)).start()
except (OSError, PortInUse):
    print("refused")
print(sorted(opened() - before), [thread.name for thread in threading.enumerate()])
"""
    done = program(source, tmp_path / "home")

    assert done.stdout.splitlines() == ["refused", "[] ['MainThread']"], done


def test_starting_patches_nothing(tmp_path: Path) -> None:
    source = """
import socket, sys, threading, time, select, os
before = (socket.socket, threading.Thread, threading.Lock, time.sleep, select.select, os.read)
from claude_mpm_monitor import Monitor
with Monitor(home=sys.argv[1], port=0) as monitor:
    monitor.emit("tick", wait=True)
    after = (socket.socket, threading.Thread, threading.Lock, time.sleep, select.select, os.read)
    from eventlet.patcher import already_patched
    print(before == after, dict(already_patched))
"""
    done = program(source, tmp_path / "home")

    assert done.stdout == "True {}\n", done


ENDING = """
import contextlib, sys, threading, time, urllib.request
from claude_mpm_monitor import Monitor

monitor = Monitor(home=sys.argv[1], port=0).start()

def load():
    with contextlib.suppress(Exception):
        while True:
            for _ in range(50):
                monitor.emit("tick", {"n": "x" * 500})
            monitor.emit("tick", wait=True)

def ask():
    while True:
        with contextlib.suppress(Exception):
            urllib.request.urlopen(f"http://127.0.0.1:{monitor.port}/api/v1/events?limit=100").read()

for target in (load, ask, ask):
    threading.Thread(target=target, daemon=True).start()
while monitor.query.last_seq() < 500:
    time.sleep(0.01)
"""


def test_an_interpreter_that_ends_under_load_without_closing_ends_well(tmp_path: Path) -> None:
    done = program(ENDING, tmp_path / "home")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_child_of_fork_holds_no_port_and_stops_nothing(tmp_path: Path) -> None:
    source = """
import os, sys, urllib.request, warnings
from claude_mpm_monitor import Monitor

warnings.simplefilter("ignore")  # Python 3.12 warns of any fork beside threads
monitor = Monitor(home=sys.argv[1], port=0).start()
child = os.fork()
if not child:
    sys.exit(7)  # with exit handlers
_, status = os.waitpid(child, 0)
monitor.emit("after", wait=True)
urllib.request.urlopen(f"http://127.0.0.1:{monitor.port}/health").read()
print(os.waitstatus_to_exitcode(status), monitor._runtime.read().pid == os.getpid())
monitor.close()
"""
    done = program(source, tmp_path / "home")

    assert (done.stdout, done.stderr) == ("7 True\n", ""), done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_our_threads_take_no_signal_from_the_program(tmp_path: Path, number: int) -> None:
    source = """
import os, signal, sys, threading
from claude_mpm_monitor import Monitor

caught = threading.Event()
signal.signal(int(sys.argv[2]), lambda *_: caught.set())
with Monitor(home=sys.argv[1], port=0):
    os.kill(os.getpid(), int(sys.argv[2]))
    print(caught.wait(10))
"""
    done = program(source, tmp_path / "home", int(number))

    assert (done.stdout, done.stderr, done.returncode) == ("True\n", "", 0)
