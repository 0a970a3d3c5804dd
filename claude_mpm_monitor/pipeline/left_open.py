"""LeftOpen: the sessions whose transcripts a monitor that ended may not have read to the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from claude_mpm_monitor.storage.event_filter import MAX_LIMIT
from claude_mpm_monitor.storage.query import Query

#: A session that ended longer ago (µs) was read to its end by whoever saw it end.
RECENT_US = 86_400_000_000


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """One session to follow. `over` says that nothing more will be written."""

    session_id: str
    transcript: Path
    project: str
    over: bool


class LeftOpen:
    """Asks the sessions' documents. `is_current` says whether those tell all that is stored."""

    def __init__(self, query: Query, is_current: Callable[[], bool]) -> None:
        self._query = query
        self._is_current = is_current

    def find(self) -> tuple[list[OpenSession], bool]:
        """Return the sessions known by now, and whether that is all of them. Any thread."""
        complete = self._is_current()
        documents = self._query.documents("session", limit=MAX_LIMIT)
        found = [_open_session(document.value) for document in documents]
        return [session for session in found if session is not None], complete


def _open_session(value: dict[str, Any]) -> OpenSession | None:
    session_id = str(value["session_id"])
    ended_at = value["ended_at"] if value["status"] == "ended" else None
    if ended_at is not None and time.time_ns() // 1_000 - ended_at > RECENT_US:
        return None
    path = Path(value["transcript_path"])
    # Anybody may have told the path of a document: only where Claude Code keeps transcripts, and
    # only the session's own.
    named_so = path.is_absolute() and path.name == f"{session_id}.jsonl"
    if not named_so or "projects" not in path.parts[:-2]:
        return None
    return OpenSession(
        session_id=session_id,
        transcript=path,
        project=str(value["project"]),
        over=ended_at is not None,
    )
