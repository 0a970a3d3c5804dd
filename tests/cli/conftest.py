"""Running `mpm-monitor` as its users do: as a program of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

PROGRAM = [sys.executable, "-m", "claude_mpm_monitor"]


class Program:
    """A `mpm-monitor` that is running, and what it has printed so far."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
        )
        self.output = ""
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def line(self, containing: str) -> str:
        """Return the next line that contains the text; fails when none comes in 15 seconds."""
        while True:
            line = self._lines.get(timeout=15)
            self.output += line
            assert line, f"it ended without a line with {containing!r}:\n{self.output}"
            if containing in line:
                return line.strip()

    def end(self, signal_number: int) -> int:
        """Send the signal; return the exit code."""
        self.process.send_signal(signal_number)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end; return the exit code."""
        code = self.process.wait(timeout=15)
        self._reader.join(timeout=5)
        while not self._lines.empty():
            self.output += self._lines.get()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The monitor's folder for this test."""
    return tmp_path / "monitor"


@pytest.fixture
def mpm_monitor() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command to its end."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=25,
            check=False,
            cwd="/",
        )

    return run


@pytest.fixture
def started() -> Iterator[Callable[..., Program]]:
    """Start commands that stay; whatever still runs after the test is killed."""
    programs: list[Program] = []

    def start(*arguments: str | Path) -> Program:
        programs.append(Program(*map(str, arguments)))
        return programs[-1]

    yield start
    for program in programs:
        if program.process.poll() is None:
            program.process.kill()
            program.wait()
