"""A backup is a moment of the store, and can take its place again."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from testkit.events import new_event

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.storage.backup import back_up, restore
from claude_mpm_monitor.storage.database import Database, Exchanged
from claude_mpm_monitor.storage.events import EventLog
from claude_mpm_monitor.storage.query import Query


def add(database: Database, count: int) -> None:
    with closing(database.connect()) as connection, database.writing(connection):
        log = EventLog(connection)
        log.begin()
        for _ in range(count):
            event = new_event(summary="x" * 500)
            log.append(event, event.event_id)
        log.flush()


def count(database: Database) -> int:
    query = Query(database)
    found = query.totals()["events"]
    query.close()
    return found


def test_a_backup_brings_back_what_was_there_when_it_was_made(
    database: Database, tmp_path: Path
) -> None:
    add(database, 50)
    copied = back_up(database, tmp_path / "copy")
    add(database, 7)

    name = restore(database, tmp_path / "copy")

    assert (copied.events, copied.sessions, copied.last_seq) == (50, 1, 50)
    assert count(database) == 50
    assert count(Database(tmp_path / name)) == 57
    add(database, 1)
    assert count(database) == 51


def test_a_backup_shows_one_moment_while_events_are_stored(
    database: Database, tmp_path: Path
) -> None:
    add(database, 3_000)
    stop = threading.Event()

    def store() -> None:
        while not stop.is_set():
            add(database, 10)

    thread = threading.Thread(target=store)
    thread.start()
    try:
        copied = back_up(database, tmp_path / "copy")
    finally:
        stop.set()
        thread.join()

    assert copied.events == copied.last_seq >= 3_000
    assert count(database) > copied.events


def test_a_backup_is_one_file_for_its_owner_only(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    back_up(database, folder / "copy")

    assert [path.name for path in folder.iterdir()] == ["copy"]
    assert (folder / "copy").stat().st_mode & 0o777 == 0o600


def test_a_connection_that_was_open_during_a_restore_writes_no_more(
    database: Database, tmp_path: Path
) -> None:
    add(database, 2)
    back_up(database, tmp_path / "copy")
    connection = database.connect()
    restore(database, tmp_path / "copy")

    with pytest.raises(Exchanged), database.writing(connection):
        connection.execute("DELETE FROM events")
    connection.close()
    assert count(database) == 2


def no_database(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[5_000:9_000] = b"\xaa" * 4_000
    path.write_bytes(bytes(content))


def another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE mine (x)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize("spoil", [no_database, damaged, another, newer])
def test_what_is_no_good_backup_changes_nothing(
    database: Database, tmp_path: Path, spoil: object
) -> None:
    add(database, 50)
    back_up(database, tmp_path / "copy")
    assert callable(spoil)
    spoil(tmp_path / "copy")
    before = {path.name for path in tmp_path.iterdir()}

    with pytest.raises(StoreError):
        restore(database, tmp_path / "copy")

    assert count(database) == 50
    assert {path.name for path in tmp_path.iterdir()} <= before | {
        "monitor.db-wal",
        "monitor.db-shm",
    }


def test_a_restore_cut_short_before_anything_was_moved_leaves_the_store_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    add(database, 5)
    back_up(database, database.exchange.new)

    assert count(Database(database.path)) == 5
    assert not database.exchange.new.exists()


def test_a_store_that_cannot_be_read_is_replaced_as_well(
    database: Database, tmp_path: Path
) -> None:
    add(database, 3)
    back_up(database, tmp_path / "copy")
    database.path.write_bytes(b"x" * 4096)

    restore(database, tmp_path / "copy")

    assert count(database) == 3
