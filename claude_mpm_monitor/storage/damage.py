"""Damage: what is wrong with a store's files, as far as it can be told without reading them all."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

MAGIC = b"SQLite format 3\0"
WAL_MAGICS = (0x377F0682, 0x377F0683)
WAL_HEADER_BYTES = 32
#: Tables that every version of the store has had; a file without them is another program's.
TABLES = frozenset({"events", "documents", "analyzers"})
_DAMAGE_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException) -> bool:
    """Tell whether SQLite says that the file itself is wrong, not just what was asked of it."""
    code = getattr(error, "sqlite_errorcode", 0)
    # A virtual table keeps its own books, and can be rebuilt.
    return (code & 0xFF) in _DAMAGE_CODES and code != sqlite3.SQLITE_CORRUPT_VTAB


def damage_of_file(path: Path) -> str:
    """Return what is wrong with the file from outside, "" when nothing is. Raises OSError."""
    if path.is_dir():
        return "a folder is in its place"
    if not path.exists():
        return ""
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
    if not head:
        return "it is empty"
    return "" if head == MAGIC else "it does not begin as a database does"


def damage_of_wal(path: Path) -> str:
    """Return what is wrong with the write-ahead log beside `path`, "" when nothing is.

    SQLite would take a log it cannot read for an empty one, without a word.
    """
    try:
        with wal_of(path).open("rb") as file:
            head = file.read(WAL_HEADER_BYTES)
    except OSError:
        return ""
    if not head:
        return ""
    readable = len(head) == WAL_HEADER_BYTES and struct.unpack(">I", head[:4])[0] in WAL_MAGICS
    return "" if readable else "its write-ahead log does not begin as one does"


def damage_of_content(connection: sqlite3.Connection) -> str:
    """Return what is wrong with the tables, "" when nothing is. Raises sqlite3.DatabaseError.

    Reads the newest rows only; `damage_within` reads everything.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return ""
    if not tables >= TABLES:
        return "it is the database of another program"
    connection.execute("SELECT * FROM events ORDER BY seq DESC LIMIT 1").fetchall()
    connection.execute("SELECT * FROM analyzers").fetchall()
    return ""


def damage_within(connection: sqlite3.Connection) -> str:
    """Read the whole file and return what is wrong with it, "" when nothing is.

    Takes about a second for each GB that is in the system's cache, without the interpreter's lock.
    """
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def wal_of(path: Path) -> Path:
    """Return the path of a database's write-ahead log."""
    return path.with_name(path.name + "-wal")
