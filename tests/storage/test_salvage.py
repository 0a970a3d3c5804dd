"""What is left of a damaged store is read into the one that takes its place."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from testkit.events import new_event

from claude_mpm_monitor.storage.database import SET_ASIDE_KIND, Database
from claude_mpm_monitor.storage.events import EventLog
from claude_mpm_monitor.storage.exchange import Aside
from claude_mpm_monitor.storage.pages import PAGE_BYTES
from claude_mpm_monitor.storage.query import EventFilter, Query
from claude_mpm_monitor.storage.salvage import Salvage, Salvaged

EVENTS = 1_600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with events of all sizes, all of them in its main file."""
    database = Database(tmp_path / "monitor.db")
    store(database, range(EVENTS))
    return database.path


def store(database: Database, numbers: range) -> None:
    with closing(database.connect()) as connection, database.writing(connection):
        log = EventLog(connection)
        log.begin()
        for number in numbers:
            text = f"{number} " + "é<x>" * random.Random(number).choice((0, 10, 300, 3_000))
            event_id = f"{number:032x}"
            payload = json.dumps({"text": text}).encode()
            event = new_event(
                kind="Note", session_id="s", event_id=event_id, summary=text[:80], payload=payload
            )
            log.append(event, event_id)
        log.flush()
        connection.execute("INSERT INTO deliveries (delivery_id) VALUES (?)", (str(numbers),))
        connection.execute(
            "INSERT OR IGNORE INTO import_files VALUES ('/a.jsonl', 1, 2, 3, 4)",
        )


def reopened(path: Path) -> tuple[Database, Aside]:
    database = Database(path)
    (note,) = database.exchange.notes()
    return database, note


def salvaged(database: Database, note: Aside) -> Salvaged:
    found = Salvage(database, note, lambda: True).run()
    assert found is not None
    return found


def numbers(database: Database) -> list[int]:
    """The seqs of the events that were in the store before."""
    query, found, seq = Query(database), [], 0
    while page := query.events(EventFilter(after=seq, newest_first=False, limit=1_000)):
        found += [event.seq for event in page if event.kind != SET_ASIDE_KIND]
        seq = page[-1].seq
    query.close()
    return found


def leaves(path: Path) -> list[int]:
    """The pages (from 0) that hold rows of the largest table."""
    content = path.read_bytes()
    return [
        number
        for number in range(1, len(content) // PAGE_BYTES)
        if content[number * PAGE_BYTES] == 0x0D
        # The schema takes more than the first page.
        and b"CREATE " not in content[number * PAGE_BYTES :][:PAGE_BYTES]
        and struct.unpack(">H", content[number * PAGE_BYTES + 3 :][:2])[0] > 3
    ]


def overwrite(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def test_around_damaged_pages_every_other_event_is_saved(path: Path) -> None:
    damaged = random.Random(1).sample(leaves(path), 3)
    for page in damaged:
        overwrite(path, page * PAGE_BYTES, random.Random(page).randbytes(PAGE_BYTES))
    database = Database(path)
    database.set_aside("found out later", database.inode())
    (note,) = database.exchange.notes()

    found = salvaged(database, note)

    kept = numbers(database)
    assert len(kept) == found.events == len(set(kept))
    assert EVENTS - found.lost <= len(kept) < EVENTS
    assert set(range(1, EVENTS + 1)) - set(kept) == {
        number for first, last in found.gaps for number in range(first, last + 1)
    }


@pytest.mark.parametrize("bytes_", [16, 100, PAGE_BYTES])
def test_without_its_first_bytes_all_that_is_in_other_pages_is_saved(
    path: Path, bytes_: int
) -> None:
    overwrite(path, 0, b"\xaa" * bytes_)
    database, note = reopened(path)

    found = salvaged(database, note)

    assert "begin" in note.reason
    assert numbers(database) == list(range(1, EVENTS + 1))
    assert found.events == EVENTS


def test_the_front_half_of_a_file_that_was_cut_off_is_saved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE_BYTES * PAGE_BYTES)
    database, note = reopened(path)

    found = salvaged(database, note)

    kept = numbers(database)
    assert 0 < len(kept) < EVENTS
    assert found.events == len(kept)
    assert kept == sorted(set(kept))


def test_what_was_committed_to_the_log_only_is_saved_without_a_header(path: Path) -> None:
    database = Database(path)
    with closing(database.connect()) as reader:
        store(database, range(EVENTS, EVENTS + 50))
        wal = path.with_name("monitor.db-wal").read_bytes()
    # As after a kill: the log was not copied back.
    path.with_name("monitor.db-wal").write_bytes(wal)
    overwrite(path, 0, b"\xaa" * PAGE_BYTES)
    del reader
    database, note = reopened(path)

    salvaged(database, note)

    assert numbers(database) == list(range(1, EVENTS + 51))


def test_doing_it_twice_changes_nothing(path: Path) -> None:
    overwrite(path, 0, b"\xaa" * 100)
    database, note = reopened(path)
    salvaged(database, note)
    before = numbers(database)

    salvaged(database, note)

    assert numbers(database) == before


def test_events_stored_meanwhile_come_after_what_is_salvaged(path: Path) -> None:
    overwrite(path, 0, b"\xaa" * 100)
    database, note = reopened(path)
    with closing(database.connect()) as connection, database.writing(connection):
        log = EventLog(connection)
        log.begin()
        seq = log.append(new_event(kind="New"), "ff" * 16)
        log.flush()

    salvaged(database, note)

    assert seq == note.first_seq + 1
    assert numbers(database) == [*range(1, EVENTS + 1), seq]


def test_how_far_transcripts_were_read_is_taken_over_only_when_nothing_is_missing(
    path: Path,
) -> None:
    def read(database: Database) -> int:
        with closing(database.connect()) as connection:
            return int(connection.execute("SELECT count(*) FROM import_files").fetchone()[0])

    whole = Database(path)
    whole.set_aside("a false alarm", whole.inode())
    (note,) = whole.exchange.notes()
    assert salvaged(whole, note).gaps == []
    assert read(whole) == 1

    overwrite(path, leaves(path)[0] * PAGE_BYTES, b"\xaa" * PAGE_BYTES)
    with closing(whole.connect()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(path, leaves(path)[0] * PAGE_BYTES, b"\xaa" * PAGE_BYTES)
    whole.set_aside("true", whole.inode())
    assert salvaged(whole, whole.exchange.notes()[-1]).gaps
    assert read(whole) == 0


def empty(path: Path) -> None:
    os.truncate(path, 0)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "kept").write_text("x")


def another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, mine TEXT)")
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("spoil", "reason"), [(empty, "empty"), (folder, "folder"), (another, "another program")]
)
def test_what_is_no_store_at_all_is_set_aside_and_kept(
    path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    spoil(path)
    database, note = reopened(path)

    assert reason in note.reason
    assert path.with_name(note.name).exists()
    assert salvaged(database, note).events == 0
    assert numbers(database) == []
    assert path.is_file()


def test_a_log_full_of_garbage_is_set_aside_and_the_store_goes_on(path: Path) -> None:
    path.with_name("monitor.db-wal").write_bytes(b"garbage" * 10_000)
    database, note = reopened(path)

    assert "write-ahead log" in note.reason
    assert path.with_name(note.name).read_bytes() == b"garbage" * 10_000
    assert numbers(database) == list(range(1, EVENTS + 1))


def test_an_exchange_cut_short_by_a_crash_is_completed_by_the_next_who_comes(path: Path) -> None:
    database = Database(path)
    note = Aside(name="monitor.db.damaged-x", at=1, reason="it had to be")
    for already in ("", "-wal"):
        path.with_name("monitor.db-wal").write_bytes(b"")
        database.exchange.write(note)
        if already:
            path.with_name("monitor.db-wal").rename(path.with_name(note.name + "-wal"))
        database = Database(path)
        assert numbers(database) == []
        assert database.exchange.notes()[-1].state == "waiting"
        path.with_name(note.name).replace(path)


def test_a_connection_to_a_file_that_was_set_aside_is_not_written_to(path: Path) -> None:
    database = Database(path)
    connection = database.connect()
    database.set_aside("for a test", database.inode())

    with (
        pytest.raises(Exception, match="exchanged"),
        database.writing(connection),
    ):
        connection.execute("DELETE FROM events")
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (EVENTS,)
    connection.close()
    assert numbers(database) == []
