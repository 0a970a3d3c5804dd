"""Taking events in over HTTP: each is committed before it is answered.

The clients are written in Python and share the machine's cores with the server, so what they
measure is a lower bound of what the server can do. The base is SQLite alone: the same payloads into
a bare table on the same disk, a commit for each.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path

import msgspec

from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.posting import rate, serving, waits
from tests.benchmarks.row import Row

NAME = "ingest"
WHAT = "durable events a second over HTTP, and how long an event waits for its answer"
SINGLE, BATCHED = 6_000, 30_000
#: Events of one body of NDJSON.
LINES = 500
#: How long each rate is kept up (seconds).
PACED_SECONDS = 8
HOOKS, EVENTS = "/hooks/claude", "/api/v1/events"


def run() -> list[Row]:
    """Take in, each time other events into the same store."""
    slow, fast = 100 * PACED_SECONDS, 1_000 * PACED_SECONDS
    payloads = deliveries(3 * SINGLE + BATCHED + slow + fast)

    def some(count: int) -> list[bytes]:
        return [next(payloads).body for _ in range(count)]

    with tempfile.TemporaryDirectory() as scratch:
        rows = [_bare(Path(scratch), some(SINGLE))]
        with serving(Path(scratch) / "home") as port:
            for count, per_second in ((slow, 100), (fast, 1_000)):
                rows += _waited(waits(port, HOOKS, some(count), per_second), per_second)
            kept = rate(port, HOOKS, some(SINGLE))
            apart = rate(port, HOOKS, some(SINGLE), keep=False)
            bodies = _ndjson(some(BATCHED))
            batched = rate(port, EVENTS, bodies) * LINES
    return [
        *rows,
        Row(name="POST each, connection kept", value=kept, unit="events/s"),
        Row(name="POST each, connection each", value=apart, unit="events/s"),
        Row(name=f"NDJSON, {LINES} a POST", value=batched, unit="events/s"),
    ]


def _waited(times: list[float], per_second: int) -> list[Row]:
    note = f"{per_second:,} a second"
    return [
        Row(name="POST to answer, p50", value=times[len(times) // 2], unit="ms", note=note),
        Row(name="POST to answer, p99", value=times[len(times) * 99 // 100], unit="ms", note=note),
    ]


def _bare(folder: Path, payloads: list[bytes]) -> Row:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL)")
    started = time.perf_counter()
    for payload in payloads:
        connection.execute("INSERT INTO events (payload) VALUES (?)", (payload.decode(),))
    seconds = time.perf_counter() - started
    connection.close()
    return Row(name="SQLite alone, a commit each", value=len(payloads) / seconds, unit="events/s")


def _ndjson(payloads: list[bytes]) -> list[bytes]:
    lines = [
        msgspec.json.encode({"kind": "note", "session_id": "s", "payload": msgspec.Raw(payload)})
        for payload in payloads
    ]
    return [b"\n".join(lines[start : start + LINES]) for start in range(0, len(lines), LINES)]
