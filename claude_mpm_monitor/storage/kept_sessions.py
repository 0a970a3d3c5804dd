"""Which sessions are kept whatever happens (bookmarked), and which are kept no more (retired)."""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any

import msgspec

from claude_mpm_monitor.storage.database import Database


class KeptSessions:
    """Reads and writes on a connection of its own for each call. Any thread that may block."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def bookmark(self, session_id: str, *, kept: bool) -> None:
        """Keep the session whatever its age, or no longer; committed when this returns."""
        with (
            closing(self._database.connect()) as connection,
            self._database.writing(connection),
        ):
            if kept:
                connection.execute(
                    "INSERT OR IGNORE INTO bookmarked_sessions (session_id, at) VALUES (?, ?)",
                    (session_id, time.time_ns() // 1_000),
                )
            else:
                connection.execute(
                    "DELETE FROM bookmarked_sessions WHERE session_id = ?", (session_id,)
                )

    def bookmarked(self) -> list[str]:
        """Return the ids of the sessions that are kept, the last bookmarked first."""
        with closing(self._database.connect(readonly=True)) as connection:
            rows = connection.execute("SELECT session_id FROM bookmarked_sessions ORDER BY at DESC")
            return [row[0] for row in rows]

    def retired(self, limit: int) -> list[dict[str, Any]]:
        """Return what is left of sessions that were given up, the last first."""
        with closing(self._database.connect(readonly=True)) as connection:
            rows = connection.execute(
                "SELECT session_id, at, events, summary FROM retired_sessions "
                "ORDER BY at DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            {
                "session_id": session_id,
                "retired_at": at,
                "events": events,
                "session": msgspec.json.decode(summary),
            }
            for session_id, at, events, summary in rows
        ]
