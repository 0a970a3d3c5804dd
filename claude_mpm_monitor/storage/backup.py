"""Backup and restore of a store, while it is in use.

A copy shows one moment of the store, is complete, and has been checked; then only is it given its
name. A restored store takes the place of the one there is, which is kept beside it, and whatever
runs notices and goes on with it (`exchange.py`).
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.storage.damage import TABLES
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.exchange import Aside

#: Pages copied at once, and the pause after them (seconds), so that what is stored meanwhile has
#: the disk to itself most of the time: 200 MB/s at most.
STEP_PAGES = 512
STEP_PAUSE = 0.01

#: Called with how many pages of all are copied.
Progress = Callable[[int, int], object]


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a backup."""

    events: int
    sessions: int
    last_seq: int
    bytes: int


def back_up(
    database: Database, target: Path, progress: Progress = lambda done, all_: None
) -> Copied:
    """Copy the store to `target`, which is replaced if it is there, and check the copy.

    Raises StoreError when the copy is not what the store was, and OSError.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        # Prompts and code are in it: never readable by others, not even for a moment.
        os.close(os.open(draft, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
        with closing(database.connect(readonly=True)) as source:
            # Holding on to this moment: the copy would begin anew at every commit otherwise.
            source.execute("BEGIN")
            expected = _counts(source)
            _copy(source, draft, progress)
        found = checked(draft)
        if found != expected:
            raise StoreError(
                f"The backup has {found} instead of {expected} (events, sessions, last number). "
                "Run `mpm-monitor doctor`: the store may be damaged."
            )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    events, sessions, last_seq = found
    return Copied(events=events, sessions=sessions, last_seq=last_seq, bytes=target.stat().st_size)


def checked(path: Path) -> tuple[int, int, int]:
    """Return how many events and sessions are in a backup, and the last number.

    Raises StoreError when it is none, is damaged, or comes from a newer version.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
            if not tables >= TABLES:
                raise StoreError(f"{path} is no event store: it has no events in it.")
            fault = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if fault != "ok":
                raise StoreError(f"{path} is damaged: {fault}.")
            return _counts(copy)
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read as an event store: {error}.") from error


def restore(database: Database, source: Path, progress: Progress = lambda done, all_: None) -> str:
    """Make the backup `source` the store; return the name under which the old one is kept.

    Raises StoreError when the backup cannot be used; then nothing is changed.
    """
    checked(source)
    draft = database.path.with_name(f"{database.path.name}.restoring-{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            _copy(copy, draft, progress)
        # Opened once at its own place: brought up to date, and refused if that is impossible.
        Database(draft)
        _complete(draft)
        return _exchange(database, draft, source)
    finally:
        for left in database.path.parent.glob(f"{draft.name}*"):
            left.unlink(missing_ok=True)


def _exchange(database: Database, draft: Path, source: Path) -> str:
    exchange = database.exchange
    with contextlib.ExitStack() as holding, exchange.exclusively():
        with contextlib.suppress(sqlite3.Error):
            # As far as the old store can still be locked, nobody is in the middle of a commit.
            connection = holding.enter_context(closing(database.connect_now()))
            connection.execute("BEGIN IMMEDIATE")
        name = exchange.free_name("replaced")
        draft.replace(exchange.new)
        exchange.set_aside(
            Aside(
                name=name,
                at=time.time_ns() // 1_000,
                reason=f"by the backup {source.absolute()}",
                replaced=True,
                after="done",
            )
        )
        exchange.place_new()
    return name


def _copy(source: sqlite3.Connection, target: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(
            copy,
            pages=STEP_PAGES,
            progress=lambda _, left, all_: progress(all_ - left, all_),
            sleep=STEP_PAUSE,
        )
        # One file, that needs no other beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _complete(path: Path) -> None:
    """Leave everything in the file itself, on the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _counts(connection: sqlite3.Connection) -> tuple[int, int, int]:
    row = connection.execute(
        "SELECT count(*), count(DISTINCT session_id), coalesce(max(seq), 0) FROM events"
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])
