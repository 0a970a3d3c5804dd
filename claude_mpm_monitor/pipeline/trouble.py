"""Trouble: why nothing can be stored just now, in words, for as long as that is so."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import time
from pathlib import Path

import msgspec

#: With less than this left, SQLite's words "disk I/O error" mean that there is no room.
NO_ROOM_BYTES = 1_000_000


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What keeps events from being stored. `since` in µs since the epoch."""

    what: str
    detail: str
    since: int
    #: Events go to the spool meanwhile; otherwise they are refused.
    spooled: bool


class Troubles:
    """The trouble of now. The writer reports; `current` from any thread."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.current: Trouble | None = None

    def report(self, error: BaseException, *, spooled: bool) -> None:
        """Events could not be stored, because of `error`."""
        since = self.current.since if self.current else time.time_ns() // 1_000
        self.current = Trouble(
            what=self._words_for(error), detail=str(error), since=since, spooled=spooled
        )

    def over(self) -> None:
        """Events are stored again."""
        self.current = None

    def _words_for(self, error: BaseException) -> str:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        number = getattr(error, "errno", 0)
        if code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
            return "disk full"
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and self._is_full():
            return "disk full"
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM) or number == errno.EROFS:
            return "the store cannot be written"
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return "another process keeps the store to itself"
        return "events cannot be stored"

    def _is_full(self) -> bool:
        try:
            return shutil.disk_usage(self._home).free < NO_ROOM_BYTES
        except OSError:
            return False
