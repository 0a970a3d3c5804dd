"""Taking events in over HTTP: each is committed before it is answered.

A load generator in C leaves the cores to the server. Beside it, in turn, the host's own server,
which stores nothing, and SQLite alone: the same payloads into a bare table on the same disk, a
commit for each.
"""

from __future__ import annotations

import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.benchmarks import host, native
from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.posting import serving
from tests.benchmarks.row import Row
from tests.benchmarks.viewers import viewing
from tests.benchmarks.waiting import until_at_rest

NAME = "ingest"
WHAT = "durable events a second over HTTP, and how long an event waits for its answer"
ROUNDS = 3
#: Events of one round; of the host with ten dashboards it would take minutes.
SINGLE, FEW, BATCHED = 4_000, 600, 30_000
#: Events of one body of NDJSON.
LINES = 500
#: Rates that are offered, each for so long (seconds), until less than `KEPT` of it is taken.
LADDER, LADDER_SECONDS, KEPT = (100, 500, 1_000, 2_000, 4_000, 8_000), 4, 0.95
HOOKS, EVENTS, HOST = "/hooks/claude", "/api/v1/events", "/api/events"


class Way(NamedTuple):
    """How many pages look on, and whether a connection is kept for the next event."""

    pages: int
    keep: bool

    def __str__(self) -> str:
        return f"connection {'kept' if self.keep else 'each'}, {self.pages} pages"


def run() -> list[Row]:
    """Take in, each time other events into the same store."""
    payloads = (raw.body for raw in deliveries(1_000_000))
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        rows = [_bare(scratch, list(islice(payloads, SINGLE)))]
        program, other = native.compiled("load", scratch), host.installed()
        if program is None:
            return rows
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(serving(scratch / "home"))
            theirs = stack.enter_context(host.serving(other, scratch / "theirs")) if other else 0
            for pages in (1, 10):
                for keep in (True, False):
                    how = Way(pages, keep)
                    rows += _beside(program, port, theirs, payloads, how)
                    rows += _ladder("ours", program, port, HOOKS, payloads, how)
                    if theirs:
                        wired = map(host.wire, payloads)
                        rows += _ladder("host's server", program, theirs, HOST, wired, how)
            rows.append(_ndjson(program, port, payloads))
    return rows


def _beside(
    program: Path, port: int, theirs: int, payloads: Iterator[bytes], how: Way
) -> list[Row]:
    """Measure ours and the host's in turn."""
    ours, other = [], []
    for _ in range(ROUNDS):
        with viewing(port, how.pages):
            bodies = list(islice(payloads, SINGLE))
            ours.append(native.load(program, port, HOOKS, bodies, keep=how.keep).rate)
        if theirs:
            with viewing(theirs, how.pages, "/"):
                bodies = [host.wire(body) for body in islice(payloads, FEW)]
                other.append(native.load(program, theirs, HOST, bodies, keep=how.keep).rate)
    unit = f"events/s, {how}"
    rows = [Row(name=f"host's server, {how}", value=statistics.median(other), unit=unit)]
    return [
        *(rows if other else []),
        Row(name=f"ours, {how}", value=statistics.median(ours), unit=unit),
    ]


def _ladder(
    whose: str, program: Path, port: int, path: str, payloads: Iterator[bytes], how: Way
) -> list[Row]:
    """Offer more and more until it is no longer taken."""
    rows = []
    with viewing(port, how.pages, "/v1" if path == HOOKS else "/"):
        for offered in LADDER:
            if path == HOOKS:
                until_at_rest(port)  # what was offered before is no part of what is offered now
            bodies = list(islice(payloads, offered * LADDER_SECONDS))
            found = native.load(
                program, port, path, bodies, connections=16, per_second=offered, keep=how.keep
            )
            waited = f"answered after {found.p50:.1f} ms, p99 {found.p99:.1f} ms"
            name = f"{whose}, {how}: offered {offered:,} a second"
            note = f"{waited}, {found.failed} failed"
            rows.append(Row(name=name, value=found.rate, unit="events/s taken", note=note))
            if found.rate < KEPT * offered:
                break
    return rows


def _ndjson(program: Path, port: int, payloads: Iterator[bytes]) -> Row:
    taken = []
    for _ in range(ROUNDS):
        bodies = ndjson(list(islice(payloads, BATCHED)), LINES)
        taken.append(native.load(program, port, EVENTS, bodies, connections=2).rate * LINES)
    name = f"NDJSON, {LINES} a POST"
    return Row(name=name, value=statistics.median(taken), unit="events/s", note="two clients")


def ndjson(payloads: list[bytes], lines: int) -> list[bytes]:
    """Return bodies of so many events each for our own API."""
    written = [
        msgspec.json.encode({"kind": "note", "session_id": "s", "payload": msgspec.Raw(payload)})
        for payload in payloads
    ]
    return [b"\n".join(written[start : start + lines]) for start in range(0, len(written), lines)]


def bare(folder: Path, payloads: list[bytes]) -> float:
    """Return how many events a second SQLite alone commits, one by one."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL)"
    )
    started = time.perf_counter()
    for payload in payloads:
        connection.execute("INSERT INTO events (payload) VALUES (?)", (payload.decode(),))
    seconds = time.perf_counter() - started
    connection.close()
    return len(payloads) / seconds


def _bare(folder: Path, payloads: list[bytes]) -> Row:
    value = bare(folder, payloads)
    return Row(name="SQLite alone, a commit each", value=value, unit="events/s")
