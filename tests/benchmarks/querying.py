"""Queries of the dashboard over HTTP, on a store of a million events.

The base is the server's answer to a question that reads nothing.
"""

from __future__ import annotations

import atexit
import http.client
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.large_store import LARGE_ID, large_store
from tests.benchmarks.posting import serving
from tests.benchmarks.row import Row

NAME = "query"
WHAT = "ms from question to answer over HTTP, p50 and p95, on 1,000,000 events"
ROUNDS = int(os.environ.get("MONITOR_BENCHMARK_ROUNDS", "20"))
#: What the search box may hold: common and rare words, their beginnings, every kind of field.
SEARCHES = (
    "word0",
    "rare17",
    "neverever",
    "wor",
    "rare",
    '"word1 word0"',
    "word0 -word1",
    "tool:Bash",
    "tool:Never",
    "tool:mcp__*",
    "status:error",
    "status:denied",
    "-status:ok",
    "agent:engineer",
    "agent:nobody",
    "dur>5s",
    "dur>10m",
    "file:module_7.py",
    "file:*.rs",
    "kind:PreCompact",
    "project:project-07",
    "project:nowhere",
    "error:word1*",
    "cost>0.10",
    "cost>100",
    "tokens>100k",
    "model:haiku",
    "before:2026-06-10",
    "after:2026-06-10 before:2026-06-11",
    "word3 tool:Bash",
    "word3 tool:Bash status:error dur>5s",
    "word3 tool:Never",
    "wor tool:Bash status:error",
    "rare1 tool:Bash status:error",
    "word3 OR word4 tool:Bash",
    "word3 file:*.py",
    "word3 -word4 status:error",
    "word3 model:haiku",
    "status:error dur>5s",
    "tool:Bash status:error",
)

#: How lists of tool calls are narrowed down and ordered.
CALLS: tuple[dict[str, str], ...] = (
    {"status": "error"},
    {"status": "denied,interrupted"},
    {"status": "error", "sort": "duration_us"},
    {"tool_name": "Bash", "status": "error", "sort": "started_at"},
    {"tool_name": "Never"},
    {"project": "/work/project-07", "status": "error"},
    {"session": LARGE_ID, "status": "error", "sort": "detail"},
    *({"sort": field} for field in ("started_at", "duration_us", "tool_name", "detail")),
    {"sort": "agent_type", "status": "ok"},
    {"q": "status:error"},
    {"q": "dur>5s", "sort": "tool_name"},
    {"q": "word0", "sort": "started_at"},
    {"q": "rare17"},
    {"q": "file:module_7.py"},
    {"q": "tool:Never"},
)


def run() -> list[Row]:
    """Ask everything in turn, in rounds."""
    with serving(copied()) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        times: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, path in questions():
                started = time.perf_counter()
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
                times.setdefault(name, []).append((time.perf_counter() - started) * 1_000)
                assert answer.status == 200, (path, body)
    rows = [_row(name, taken) for name, taken in times.items()]
    every = sorted(ms for taken in times.values() for ms in taken)
    rows.append(Row(name="all of them, p95", value=every[len(every) * 95 // 100], unit="ms"))
    return rows


def copied() -> Path:
    """Return the home folder of a copy of the store, there while this process is."""
    folder = Path(tempfile.mkdtemp(prefix="mpm-monitor-benchmark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(shutil.copytree(large_store(), folder / "home"))


def questions() -> Iterator[tuple[str, str]]:
    """Yield what is asked, and where."""
    yield "nothing read", "/api/v1/widgets"
    yield "newest page", _events()
    yield "page in the middle", _events(before=500_000)
    yield "page of the large session", _events(session=LARGE_ID, before=900_000)
    yield "kinds that are rare", _events(kind="SessionStart,SessionEnd")
    yield "kind that never was", _events(kind="PreCompact")
    yield "project", _events(project="/work/project-07")
    for text in SEARCHES:
        yield text, _events(q=text, limit=200, snippet=1)
        yield (
            f"{text} of the large session",
            _events(q=text, limit=200, snippet=1, session=LARGE_ID),
        )
    for path in ("tool-calls", "agents", "files", "sessions", "turns"):
        yield path, f"/api/v1/{path}?limit=100"
        yield f"{path} of the large session", f"/api/v1/{path}?limit=100&session={LARGE_ID}"
    for arguments in CALLS:
        name = ", ".join(f"{key} {value}" for key, value in arguments.items())
        yield (
            f"tool calls, {name.replace(LARGE_ID, 'large')}",
            f"/api/v1/tool-calls?{urlencode({'limit': 100, **arguments})}",
        )
    for text in ("agent:engineer", "status:error", "rare17"):
        yield f"agents, q {text}", f"/api/v1/agents?{urlencode({'q': text, 'limit': 200})}"
    for by in ("day", "model", "agent", "agent_type", "project", "session", "turn", "tool"):
        for whose, asked in (("", {}), (" of the large session", {"session": LARGE_ID})):
            question = {"by": by, "tz": "America/New_York", **asked}
            yield f"costs by {by}{whose}", f"/api/v1/costs?{urlencode(question)}"
    yield "overview", "/api/v1/overview"
    yield "counts", "/api/v1/counts"


def _events(**arguments: object) -> str:
    return f"/api/v1/events?{urlencode({'limit': 100, **arguments})}"


def _row(name: str, taken: list[float]) -> Row:
    taken.sort()
    p95 = taken[len(taken) * 95 // 100]
    return Row(name=name, value=statistics.median(taken), unit="ms", note=f"p95 {p95:.1f}")
