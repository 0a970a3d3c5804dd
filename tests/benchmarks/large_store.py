"""A store of a million events within minutes: a small one of the pipeline's, repeated.

    python -m tests.benchmarks.large_store [EVENTS]      # prints the folder

Some sessions with their transcripts go through the whole pipeline. Their events, documents and
words are then written again and again under other ids and later times, straight into the tables,
until there are 2,000 sessions, one of which has a fifth of all events. What documents say of a
session is true of each copy; only the sums of the one large session are multiplied.

The folder is kept below the system's temporary folder under a name that has the versions of all
that made it, and found again by it. Copy it before you write to it.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.cli.importing import wait_for_documents
from claude_mpm_monitor.plugins.builtin import monitor_register_analyzers
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.storage import requests, session_rows, timeline
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.document_text import stored, text_of
from claude_mpm_monitor.storage.events import COLUMNS, STORED_FIELDS, event_from_row
from claude_mpm_monitor.storage.packing import pack
from claude_mpm_monitor.storage.request_rollups import RequestRollups
from claude_mpm_monitor.storage.search_index import texts_of
from claude_mpm_monitor.storage.skip_index import BLOCK, SkipIndex
from tests.benchmarks.generated_store import DAY, session, token_of

EVENTS = 1_000_000
#: How often the small store is repeated, and how many sessions it has beside a large one.
COPIES, SESSIONS = 50, 40
BATCH = 2_000
#: Blocks of the log noted at once.
BLOCKS = 40
LARGE = SESSIONS
LARGE_ID = f"{token_of(LARGE)}-0000-4000-8000-000000000000"
#: Sums in the documents of the one large session, which has all its copies' events.
_SUMS = re.compile(
    r'"(events|tool_calls|errors|denied|agents|turns|files|calls|input|output|cache_read'
    r'|cache_write|cache_write_5m|cache_write_1h|total|busy_us)":(\d+)'
)
#: What a copy has of its own: times (µs), numbers and ids of events.
_OWN = re.compile(
    r'\b(17[89]\d{13})\b|(?<="input_seq":)(\d+)|(?<="result_seq":)(\d+)|(?<="last_seq":)(\d+)'
    r'|(?<=")([0-9a-f]{32})(?=")'
)
_INSERT_EVENT = (
    f"INSERT INTO events (seq, event_id, {', '.join(STORED_FIELDS)}, payload, superseded_by) "
    f"VALUES ({', '.join('?' * (len(STORED_FIELDS) + 4))})"
)
_INSERT_DOCUMENT = (
    "INSERT OR REPLACE INTO documents (topic, key, session_id, agent_id, seq, at, value) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class _Copy(NamedTuple):
    """Which copy it is, and by how much its events' numbers and times are later (µs)."""

    number: int
    seqs: int
    micros: int


def large_store(events: int = EVENTS) -> Path:
    """Return the home folder of a monitor with so many events; made when it is not there."""
    home = Path(tempfile.gettempdir()) / f"mpm-monitor-benchmark-{_version()}-{events}"
    if not home.exists():
        draft = Path(tempfile.mkdtemp(prefix="mpm-monitor-benchmark-draft-"))
        _make(draft, events)
        try:
            draft.replace(home)
        except OSError:  # somebody else made it meanwhile
            shutil.rmtree(draft)
    return home


def _version() -> str:
    """Return a name for what the store depends on: this code, the analyzers and the prices.

    Not the schema: an older store is brought up to date when it is opened.
    """
    analyzers = monitor_register_analyzers(PriceTable.builtin())
    root = Path(__file__).parent
    sources = [root / "large_store.py", root / "generated_store.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources))
    digest.update(str([(one.name, one.version) for one in analyzers]).encode())
    return digest.hexdigest()[:12]


def _make(home: Path, events: int) -> None:
    started = time.perf_counter()
    with Monitor(home=home, port=0) as monitor:
        stream = list(_small(events // COPIES))
        for start in range(0, len(stream), BATCH):
            monitor.ingest_many(stream[start : start + BATCH])
        wait_for_documents(monitor, threading.Event())
        path = monitor.config.database
        while monitor.status()["index"]["lag"]:
            time.sleep(0.1)
    _say(started, f"{len(stream):,} events through the pipeline")
    with closing(Database(path).connect()) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.execute("PRAGMA temp_store = MEMORY")
        _repeat(connection, started)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _small(events: int) -> Iterator[Raw]:
    """Yield the sessions that are repeated; the last is the large one's beginning."""
    dice = random.Random(8765)
    large = events // 5
    shares = [dice.paretovariate(1.3) for _ in range(SESSIONS)]
    for number, share in enumerate(shares):
        # A tool call is two hook payloads and a line.
        size = max(4, int((events - large) * share / sum(shares) * 2 / 3))
        yield from session(dice, number, size, lines=True)
    yield from session(dice, LARGE, large * 2 // 3, lines=True)


def _repeat(connection: sqlite3.Connection, started: float) -> None:
    rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY seq").fetchall()
    superseded = dict(connection.execute("SELECT seq, superseded_by FROM events"))
    told = [(event_from_row(row), superseded[row[0]]) for row in rows]
    documents = [
        _prepared(row)
        for row in connection.execute(
            "SELECT topic, key, session_id, agent_id, seq, at, value FROM documents"
        )
    ]
    texts = {seq: text for event, _ in told for seq, text in texts_of([event])}
    last = rows[-1][0]
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for number in range(1, COPIES):
        copy = _Copy(number, number * last, number * SESSIONS * DAY // 20)
        connection.execute("BEGIN")
        connection.executemany(_INSERT_EVENT, (_event(*one, copy) for one in told))
        connection.executemany(_INSERT_DOCUMENT, (_document(one, copy) for one in documents))
        connection.executemany(
            "INSERT INTO search (rowid, text) VALUES (?, ?)",
            ((seq + copy.seqs, _renamed(text, copy)) for seq, text in texts.items()),
        )
        connection.execute("COMMIT")
        if number % 10 == 0:
            _say(started, f"{number * last:,} events")
    _multiply(connection)
    _show(connection)
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("UPDATE search_position SET seq = ?", (COPIES * last,))
    connection.execute("UPDATE analyzers SET seq = ?", (COPIES * last,))
    _say(started, f"{COPIES * last:,} events with all indexes")
    index = SkipIndex(connection)
    while index.lags():
        connection.execute("BEGIN")
        index.extend(BLOCKS * BLOCK)
        connection.execute("COMMIT")
    _say(started, "and with what their blocks hold")
    sums = RequestRollups(connection)
    while found := sums.next(time.time_ns() // 1_000):
        made = sums.made(found[0])
        connection.execute("BEGIN")
        sums.keep(*found, made)
        connection.execute("COMMIT")
    _say(started, "and with what requests cost, added up")


def _show(connection: sqlite3.Connection) -> None:
    """Have the copies in the timeline and among the sessions, too."""
    rows = connection.execute("SELECT topic, session_id, key, value FROM documents")
    while batch := [(*row[:-1], text_of(row[-1])) for row in rows.fetchmany(20_000)]:
        timeline.put(connection, batch)
        requests.put(connection, batch)
        session_rows.put(connection, batch)


def _event(event: Any, superseded_by: int | None, copy: _Copy) -> tuple[object, ...]:
    fields = {name: getattr(event, name) for name in STORED_FIELDS}
    fields["at"] += copy.micros
    for name in ("session_id", "agent_id", "tool_use_id", "prompt_id", "summary"):
        fields[name] = _renamed(fields[name], copy)
    payload = pack(_renamed(event.payload.decode(), copy).encode())
    by = None if superseded_by is None else superseded_by + copy.seqs
    event_id = bytes.fromhex(_event_id(event.event_id, copy))
    return (event.seq + copy.seqs, event_id, *fields.values(), payload, by)


def _prepared(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a document's row with its text as a format, and what to fill it with."""
    *rest, value = row
    text = text_of(value)
    own: list[tuple[int, Any]] = []

    def note(found: re.Match[str]) -> str:
        kind = found.lastindex or 0
        own.append((kind, found[0] if kind == 5 else int(found[0])))
        return "%s"

    return (*rest, _OWN.sub(note, text.replace("%", "%%")), own)


def _document(prepared: tuple[Any, ...], copy: _Copy) -> tuple[object, ...]:
    topic, key, session_id, agent_id, seq, at, text, own = prepared
    values = tuple(
        value + copy.micros
        if kind == 1
        else _event_id(value, copy)
        if kind == 5
        else value + copy.seqs
        for kind, value in own
    )
    names = (_renamed(name, copy) for name in (key, session_id, agent_id))
    value = stored(topic, _renamed(text % values, copy))
    return (topic, *names, seq + copy.seqs, at + copy.micros, value)


def _renamed(text: str, copy: _Copy) -> str:
    """Return a text with the ids of a copy; the large session keeps its own."""
    if "5e5" not in text:
        return text
    renamed = text.replace("5e5", f"{copy.number:02x}5")
    return renamed.replace(LARGE_ID.replace("5e5", f"{copy.number:02x}5"), LARGE_ID)


def _event_id(event_id: str, copy: _Copy) -> str:
    return f"{int(event_id[:8], 16) ^ copy.number:08x}{event_id[8:]}"


def _multiply(connection: sqlite3.Connection) -> None:
    """Have the large session's own documents say what all its copies come to."""
    found = connection.execute(
        "SELECT topic, key, value FROM documents WHERE (topic IN ('session', 'coverage') AND "
        "key = ?) OR (topic IN ('agent', 'usage') AND key IN (?, ?, ?))",
        (LARGE_ID, f"{LARGE_ID}/", f"session/{LARGE_ID}", f"agent/{LARGE_ID}/"),
    ).fetchall()
    for topic, key, value in found:
        text = _SUMS.sub(lambda sum_: f'"{sum_[1]}":{int(sum_[2]) * COPIES}', value)
        json.loads(text)
        connection.execute(
            "UPDATE documents SET value = ? WHERE topic = ? AND key = ?", (text, topic, key)
        )


def _say(started: float, what: str) -> None:
    print(f"{time.perf_counter() - started:6.1f} s  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(large_store(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS))
