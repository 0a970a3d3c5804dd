"""What a hook costs Claude: the wall time from starting it to its end.

Each command is started in turn, round after round, and gets the event on standard input as Claude
Code gives it. What starting any process costs here is in all of them: the C program is the floor.
The HTTP hook is posted by Claude Code itself; a C program posts in its place, on a connection each.

`wedged`: a server that takes connections and never reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from tests.benchmarks import host, native
from tests.benchmarks.posting import serving
from tests.benchmarks.row import Row

NAME = "claude"
WHAT = "ms that a hook takes of Claude's time, median (and 95th percentile) of paired rounds"
SIZES = {"1 kB": 1_000, "50 kB": 50_000, "1 MB": 1_000_000}
ROUNDS, SLOW_ROUNDS = 20, 3
#: A handler slower than this (ms) says as much in a few rounds.
SLOW_MS = 100.0
#: The host's fast handler takes minutes for 1 MB: longer than this (seconds) nobody waits.
SECONDS = 5.0
_BARE_PYTHON = "import sys; sys.stdin.buffer.read()"
Command = tuple[list[str], dict[str, str]]


def run() -> list[Row]:
    """Measure with the servers up, down and wedged."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        floor, load = native.compiled("hook", scratch), native.compiled("load", scratch)
        other = host.installed()
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(serving(scratch / "home"))
            theirs = stack.enter_context(host.serving(other, scratch / "theirs")) if other else 0
            for label, size in SIZES.items():
                commands = _commands(scratch, port, theirs, floor, other)
                rows += _timed(commands, _event(size), f"{label}, up", ROUNDS)
                if load is not None:
                    rows.append(_http(load, port, size, label))
        for label, size in SIZES.items():
            commands = _commands(scratch, host.free_port(), host.free_port(), None, other)
            rows += _timed(commands, _event(size), f"{label}, down", ROUNDS)
        with _wedged() as port:
            for label, size in SIZES.items():
                commands = _commands(scratch, port, port, None, other)
                rows += _timed(commands, _event(size), f"{label}, wedged", SLOW_ROUNDS)
    return rows


def _commands(
    scratch: Path, port: int, theirs: int, floor: Path | None, other: Path | None
) -> dict[str, Command]:
    """Return what is compared, with the environment each is started in."""
    plain = {"PATH": os.environ["PATH"], "HOME": str(scratch)}
    commands: dict[str, Command] = {}
    if floor is not None:
        commands["C program"] = ([str(floor), str(port)], plain)
    commands["bare bash"] = (["bash", "-c", ":"], plain)
    commands["bare python -I -S"] = ([sys.executable, "-I", "-S", "-c", _BARE_PYTHON], plain)
    emit = str(files("claude_mpm_monitor.hook") / "emit.sh")
    commands["our command hook"] = (["bash", emit, str(port), str(scratch / "spool")], plain)
    if other is not None:
        told = {"CLAUDE_MPM_SERVER_HOST": "127.0.0.1", "CLAUDE_MPM_SERVER_PORT": str(theirs)}
        given = {**plain, **told, "CLAUDE_MPM_SOCKETIO_PORT": str(theirs)}
        commands["host's fast.sh"] = (["bash", str(host.script(other))], given)
        commands["host's claude-hook"] = ([str(other / "bin" / "claude-hook")], given)
    return commands


def _timed(commands: dict[str, Command], event: bytes, note: str, rounds: int) -> list[Row]:
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.NamedTemporaryFile() as given:
        given.write(event)
        given.flush()
        for number in range(rounds + 1):
            for name, (command, environment) in commands.items():
                if _is_enough(times[name]):
                    continue
                took = _one(command, environment, Path(given.name))
                # The first round fills caches; who takes that long does so every time.
                if number or took > SECONDS * 1_000:
                    times[name].append(took)
    return [
        Row(
            name=f"{name}, {note}",
            value=statistics.median(taken),
            unit=f"ms {note}",
            note=f"{sorted(taken)[len(taken) * 95 // 100]:.1f}",
        )
        for name, taken in times.items()
    ]


def _is_enough(times: list[float]) -> bool:
    slow = bool(times) and statistics.median(times) > SLOW_MS
    return slow and (len(times) >= SLOW_ROUNDS or max(times) > SECONDS * 1_000)


def _one(command: list[str], environment: dict[str, str], given: Path) -> float:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with given.open("rb") as event:
        started = time.perf_counter()
        with subprocess.Popen(  # type: ignore[call-overload]
            command, stdin=event, env=environment, start_new_session=True, **quiet
        ) as process:
            # Not `wait(timeout)`: that looks after 0.5 ms, 1.5, 3.5, 7.5 …
            watchdog = threading.Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
            watchdog.start()
            process.wait()
            took = (time.perf_counter() - started) * 1_000
            watchdog.cancel()
            return took


def _http(load: Path, port: int, size: int, label: str) -> Row:
    bodies = [_event(size) for _ in range(ROUNDS)]
    found = native.load(load, port, "/hooks/claude", bodies, connections=1, keep=False)
    note = f"{found.p95:.1f}"
    name = f"our HTTP hook, {label}, up"
    return Row(name=name, value=found.p50, unit=f"ms {label}, up", note=note)


def _event(size: int) -> bytes:
    """Return a PostToolUse of about so many bytes, another one each time."""
    event = {
        "session_id": "00000000-0000-4000-8000-000000000000",
        "transcript_path": "/home/dev/.claude/projects/-work/0.jsonl",
        "cwd": "/work",
        "hook_event_name": "PostToolUse",
        "tool_name": "Bash",
        "tool_input": {"command": "make test"},
        "tool_use_id": f"toolu_{time.perf_counter_ns()}",
        "duration_ms": 12,
    }
    rest = max(0, size - len(json.dumps(event)) - 80)
    said = "".join(f"line {number:>8} passed\n" for number in range(rest // 22))
    return json.dumps({**event, "tool_response": {"stdout": said, "stderr": ""}}).encode()


@contextlib.contextmanager
def _wedged() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1_000)
        yield int(listener.getsockname()[1])
