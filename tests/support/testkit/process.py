"""A monitor in a process of its own, to be killed."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from claude_mpm_monitor import Monitor

monitor = Monitor(home=sys.argv[1], port=int(sys.argv[2])).start()
print(monitor.port, monitor.ingest_port, flush=True)
sys.stdin.read()
monitor.close()
"""


class Process:
    """A monitor in a process of its own."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(home), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port, self.ingest_port = map(int, self._process.stdout.readline().split())

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.send_signal(signal.SIGKILL)
        self._end()

    def close(self) -> int:
        """Ask it to close."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._end()

    def _end(self) -> int:
        code = self._process.wait(20)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        return code


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
