"""claude-mpm beside us: its handlers and its server, of a version that is fixed.

`MONITOR_BENCHMARK_HOST` names an environment that has it; otherwise it is installed into a
temporary folder, which takes a minute.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

VERSION = "5.9.10"
_SERVER = """
import sys, threading
from claude_mpm.services.monitor.server import UnifiedMonitorServer
assert UnifiedMonitorServer(host="127.0.0.1", port=int(sys.argv[1])).start()
threading.Event().wait()
"""


@cache
def installed() -> Path | None:
    """Return an environment with the host, None (and say so) when it cannot be had."""
    given = os.environ.get("MONITOR_BENCHMARK_HOST")
    if given:
        return Path(given)
    home = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    pip = [home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    done = subprocess.run([*pip, f"claude-mpm=={VERSION}"], check=False, stderr=subprocess.DEVNULL)
    if done.returncode:
        print(f"claude-mpm {VERSION} cannot be installed here, so it is left out")
        return None
    return home


def script(environment: Path) -> Path:
    """Return the host's fast handler."""
    return next(
        environment.glob("lib/python*/site-packages/claude_mpm/scripts/claude-hook-fast.sh")
    )


@contextlib.contextmanager
def serving(environment: Path, home: Path) -> Iterator[int]:
    """Run the host's server, which stores nothing, and give its port."""
    port = free_port()
    home.mkdir(exist_ok=True)
    command = [environment / "bin" / "python", "-c", _SERVER, str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(  # type: ignore[call-overload]
        command, cwd=home, env={**os.environ, "HOME": str(home)}, **quiet
    ) as server:
        try:
            until = time.monotonic() + 60
            while not answers(port):
                assert server.poll() is None, "the host's server did not start"
                assert time.monotonic() < until, "the host's server does not answer"
                time.sleep(0.1)
            yield port
        finally:
            server.kill()


def answers(port: int) -> bool:
    """Tell whether somebody listens."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wire(payload: bytes) -> bytes:
    """Return a hook's payload as the host's handlers send it."""
    head = b'{"namespace":"","event":"claude_event","data":{"type":"hook","subtype":"post_tool",'
    return (
        head + b'"timestamp":"2026-07-01T00:00:00Z","source":"fast_hook","data":' + payload + b"}}"
    )
