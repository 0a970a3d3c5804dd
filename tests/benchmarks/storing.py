"""The store as it grows: how fast it takes events, what they take on disk, what reading costs.

Reading is measured through HTTP, from sending a request to having its whole answer, on a
connection that is kept; the queries are what the dashboard asks for.
"""

from __future__ import annotations

import os
import tempfile
import time
from itertools import islice
from pathlib import Path

from claude_mpm_monitor import Monitor
from tests.benchmarks.generated_store import deliveries, token_of
from tests.benchmarks.posting import connection, get, serving
from tests.benchmarks.row import Row
from tests.benchmarks.waiting import until_derived, until_indexed

NAME = "store"
WHAT = (
    "a store as it grows: events a second and bytes an event; ms a query takes over HTTP, p50 (p95)"
)
#: `MONITOR_BENCHMARK_EVENTS=1000000`, or 10000000, goes on to these.
EVENTS = (10_000, 100_000, 1_000_000, 10_000_000)
MOST = int(os.environ.get("MONITOR_BENCHMARK_EVENTS", "100000"))
BATCH, TIMES = 1_000, 40
QUERIES = {
    "newest page": "/api/v1/events?limit=200",
    "a page in a session": "/api/v1/events?session={session}&limit=200",
    "a word": "/api/v1/events?q=word7&limit=50",
    "two words": "/api/v1/events?q=word7%20word30&limit=50",
    "the beginning of a word": "/api/v1/events?q=rare12*&limit=50",
    "a field": "/api/v1/events?q=tool:Grep%20status:error&limit=50",
    "failed calls": "/api/v1/tool-calls?status=error&limit=200",
    "slowest calls": "/api/v1/tool-calls?session={session}&sort=duration_us&limit=200",
    "sessions": "/api/v1/sessions?limit=200",
    "overview": "/api/v1/overview",
    "counts": "/api/v1/counts",
    "costs by day": "/api/v1/costs?by=day",
}


def run() -> list[Row]:
    """Fill a store of each size anew."""
    rows: list[Row] = []
    for events in (count for count in EVENTS if count <= MOST):
        with tempfile.TemporaryDirectory() as home:
            rows += _filled(Path(home), events)
            with serving(Path(home)) as port:
                rows += _read(port, f"{events:,}")
    return rows


def _filled(home: Path, events: int) -> list[Row]:
    """Take events in, without HTTP; return how fast, and what they take."""
    text = 0
    stream = deliveries(events)
    with Monitor(home=home, port=0) as monitor:
        started = time.perf_counter()
        while batch := list(islice(stream, BATCH)):
            text += sum(len(raw.body) for raw in batch)
            monitor.ingest_many(batch)
        committed = time.perf_counter() - started
        until_derived(monitor)
        derived = time.perf_counter() - started
        until_indexed(monitor)
    size = sum(path.stat().st_size for path in home.glob("monitor.db*"))
    label = f"{events:,}"
    return [
        Row(name=f"payload as text, {label}", value=text / events, unit="bytes"),
        Row(name=f"stored, {label}", value=size / events, unit="bytes", note="with all indexes"),
        Row(name=f"committed, {label}", value=events / committed, unit="events/s"),
        Row(name=f"worked out, {label}", value=events / derived, unit="events/s"),
    ]


def _read(port: int, label: str) -> list[Row]:
    rows = []
    with connection(port) as sock:
        for name, path in QUERIES.items():
            where = path.format(session=f"{token_of(0)}-0000-4000-8000-000000000000")
            times = []
            for _ in range(TIMES):
                started = time.perf_counter()
                get(sock, where)
                times.append((time.perf_counter() - started) * 1_000)
            times.sort()
            note = f"{times[TIMES * 95 // 100]:.1f}"
            row = Row(
                name=f"{name}, {label}", value=times[TIMES // 2], unit=f"ms, {name}", note=note
            )
            rows.append(row)
    return rows
