"""The file that holds everything."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.migrations import newest


def test_a_new_store_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    os.umask(os.umask(0))
    database = Database(tmp_path / "monitor.db")
    with database.writing(database.connect()) as connection:
        connection.execute("INSERT INTO deliveries (delivery_id) VALUES ('x')")

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("monitor.db*")}

    assert set(modes.values()) == {0o600}, modes
    connection.close()


def test_a_path_with_odd_characters_is_no_problem(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#d%20é"
    folder.mkdir()

    connection = Database(folder / "monitor.db").connect(readonly=True)

    assert connection.execute("PRAGMA user_version").fetchone() == (newest(),)
    connection.close()


def test_many_may_create_one_store_at_the_same_time(tmp_path: Path) -> None:
    failures: list[Exception] = []
    together = threading.Barrier(8)

    def create() -> None:
        together.wait()
        try:
            Database(tmp_path / "monitor.db")
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []


def test_a_folder_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        Database(tmp_path / "nowhere" / "monitor.db")


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "monitor.db")
    connection.execute(f"PRAGMA user_version = {newest() + 1}")
    connection.close()

    with pytest.raises(StoreError, match="newer"):
        Database(tmp_path / "monitor.db")


def test_what_raises_within_a_transaction_is_undone(database: Database) -> None:
    connection = database.connect()

    def fail() -> None:
        with database.writing(connection):
            connection.execute("INSERT INTO deliveries (delivery_id) VALUES ('x')")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert connection.execute("SELECT count(*) FROM deliveries").fetchone() == (0,)
    connection.close()


def test_a_commit_that_fails_leaves_the_connection_usable(database: Database) -> None:
    connection = database.connect()
    connection.executescript(
        "PRAGMA foreign_keys = ON; CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED);"
    )

    with pytest.raises(sqlite3.IntegrityError), database.writing(connection):
        connection.execute("INSERT INTO child VALUES (1)")

    with database.writing(connection):
        connection.execute("INSERT INTO parent VALUES (1)")
    assert connection.execute("SELECT count(*) FROM child").fetchone() == (0,)
    connection.close()


def test_a_reader_cannot_write(database: Database) -> None:
    connection = database.connect(readonly=True)

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO deliveries (delivery_id) VALUES ('x')")
    connection.close()


def test_the_size_counts_what_is_not_yet_copied_back(database: Database) -> None:
    before = database.size_bytes()
    connection = database.connect()
    with database.writing(connection):
        connection.execute("INSERT INTO deliveries (delivery_id) VALUES (?)", ("x" * 100_000,))

    assert database.size_bytes() > before + 100_000
    connection.close()


def test_who_connects_while_the_store_is_exchanged_gets_the_new_one(database: Database) -> None:
    stop = threading.Event()

    def exchange() -> None:
        while not stop.is_set():
            database.set_aside("for a test", database.inode())

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        for number in range(300):
            with closing(database.connect(readonly=bool(number % 2))) as connection:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        stop.set()
        thread.join()
