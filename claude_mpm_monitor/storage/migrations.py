"""Migrations: numbered steps that bring a store's schema up to date, each of them whole or not.

A step is a file ``steps/NNN_what.sql``; `PRAGMA user_version` counts the steps a store has. A step
that is released is never changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files
from typing import Any

Writing = Callable[[Any], AbstractContextManager[sqlite3.Connection]]


@cache
def steps() -> tuple[str, ...]:
    """Return the scripts of all steps, in order."""
    folder = files(__package__).joinpath("steps")
    names = sorted(path.name for path in folder.iterdir() if path.name.endswith(".sql"))
    numbers = [int(name[:3]) for name in names]
    assert numbers == list(range(1, len(names) + 1)), "steps are numbered without a gap"
    return tuple(folder.joinpath(name).read_text() for name in names)


def newest() -> int:
    """Return the version that this program knows."""
    return len(steps())


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a store, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, writing: Writing) -> None:
    """Apply the steps that the store lacks, each in a transaction with its number.

    Safe against being killed at any moment, and against other processes that do the same.
    """
    for number, script in enumerate(steps(), 1):
        if version_of(connection) >= number:
            continue
        with writing(connection):
            # Another process may have been first while this one waited for its turn.
            if version_of(connection) >= number:
                continue
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """Split a script into statements, since executescript() would commit the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
