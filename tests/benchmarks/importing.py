"""Import: transcripts on disk into a store with all that is derived from them, beside ccusage.

ccusage (npm, a native program) adds up tokens and stores nothing; it is the floor. It is fetched
into a temporary folder for the run.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.row import Row

NAME = "import"
WHAT = "MB/s of transcripts, whole processes from start to end (median of 3)"
ROUNDS = 3
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "transcripts"
#: Written where there are no recorded sessions beside the checkout.
SESSIONS, LINES = 20, 1_000


def run() -> list[Row]:
    """Import the same files with both, in turn."""
    with tempfile.TemporaryDirectory() as scratch:
        folders = sorted(DATA.iterdir()) if DATA.is_dir() else [_generated(Path(scratch))]
        size = sum(path.stat().st_size for f in folders for path in f.rglob("*.json*")) / 1e6
        first, again, other = [], [], []
        ccusage = _ccusage(Path(scratch))
        for number in range(ROUNDS):
            home = Path(scratch) / f"home-{number}"
            first.append(_seconds(lambda home=home: _import(home, folders)))  # type: ignore[misc]
            again.append(_seconds(lambda home=home: _import(home, folders)))  # type: ignore[misc]
            if ccusage is not None:
                other.append(_seconds(lambda: _count(ccusage, folders)))
    note = f"{size:.0f} MB"
    rows = [
        Row(
            name="mpm-monitor import", value=size / statistics.median(first), unit="MB/s", note=note
        )
    ]
    seconds = statistics.median(again)
    rows.append(Row(name="nothing new", value=size / seconds, unit="MB/s", note=f"{seconds:.2f} s"))
    if other:
        rows.append(
            Row(
                name="ccusage daily",
                value=size / statistics.median(other),
                unit="MB/s",
                note="adds up, stores nothing",
            )
        )
    else:
        print("ccusage could not be fetched: npm, or its package for this machine, is missing")
    return rows


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _import(home: Path, folders: list[Path]) -> None:
    command = [sys.executable, "-m", "claude_mpm_monitor", "import", "--json", "--home", str(home)]
    subprocess.run([*command, *map(str, folders)], check=True, stdout=subprocess.DEVNULL)


def _count(program: Path, folders: list[Path]) -> None:
    environment = {**os.environ, "CLAUDE_CONFIG_DIR": ",".join(map(str, folders))}
    arguments = [program, "daily", "--offline", "--json"]
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)


def _ccusage(folder: Path) -> Path | None:
    """Return the program, None when it cannot be had here."""
    if shutil.which("npm") is None:
        return None
    kind = "arm64" if platform.machine() in ("arm64", "aarch64") else "x64"
    packages = ["ccusage@20", f"@ccusage/ccusage-{sys.platform}-{kind}@20"]
    npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [*npm, "--prefix", str(folder), *packages], check=False, stdout=subprocess.DEVNULL
    )
    program = folder / "node_modules" / ".bin" / "ccusage"
    return program if done.returncode == 0 and program.exists() else None


def _generated(scratch: Path) -> Path:
    """Write sessions of answers and results as Claude Code would, and return their folder."""
    projects = scratch / "generated" / "projects" / "-work"
    projects.mkdir(parents=True)
    for session in range(SESSIONS):
        with (projects / f"{session:08}-0000-4000-8000-000000000000.jsonl").open("w") as file:
            for number in range(LINES):
                file.write(json.dumps(_line(session, number)) + "\n")
    return projects.parents[1]


def _line(session: int, number: int) -> dict[str, object]:
    use = f"toolu_{session}_{number // 2}"
    common = {
        "uuid": f"{session}-{number}",
        "sessionId": f"{session:08}-0000-4000-8000-000000000000",
        "timestamp": f"2026-07-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}.000Z",
        "cwd": "/work",
        "version": "2.1.330",
    }
    if number % 2:
        result = {"type": "tool_result", "tool_use_id": use, "content": "word " * 400}
        return {**common, "type": "user", "message": {"role": "user", "content": [result]}}
    call = {"type": "tool_use", "id": use, "name": "Bash", "input": {"command": "make " * 40}}
    usage = {"input_tokens": 5, "cache_read_input_tokens": 900 * number, "output_tokens": 50}
    message = {"id": f"msg_{session}_{number}", "model": "claude-opus-5", "usage": usage}
    return {
        **common,
        "type": "assistant",
        "requestId": f"req_{session}_{number}",
        "message": {**message, "role": "assistant", "content": [call], "stop_reason": "tool_use"},
    }
