"""History: events and sessions out of the store, in the host's words."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.server.host_contract.shape import (
    HISTORY_KINDS,
    Json,
    host_event,
    iso,
    version_3_event,
)
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.document import Document
from claude_mpm_monitor.storage.event_filter import MAX_LIMIT, EventFilter

#: Sent to a client that just connected.
FIRST_EVENTS = 50
#: Sent to a client that asks without saying how many.
DEFAULT_EVENTS = 100
#: How many of the newest events are searched, for all of them may be lines of transcripts.
LOOK_BACK = 200_000


class History:
    """Reads off the hub. Green threads of the gateway only."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def latest(
        self, limit: int = DEFAULT_EVENTS, session_id: str = "", types: tuple[str, ...] = ()
    ) -> tuple[list[Json], int, int]:
        """Return (events, oldest first; how many there are in all; the newest seq they cover)."""
        return self._services.offload(self._read, limit, session_id, types)  # type: ignore[no-any-return]

    def _read(
        self, limit: int, session_id: str, types: tuple[str, ...]
    ) -> tuple[list[Json], int, int]:
        query = self._services.query
        covered = query.last_seq()
        wanted = EventFilter(
            session_id=session_id,
            kinds=HISTORY_KINDS,
            after=0 if session_id else max(0, covered - LOOK_BACK),
            before=covered + 1,
            limit=MAX_LIMIT if types else limit,
        )
        bodies = [host_event(event) for event in query.events(wanted, payloads=True)]
        if types:
            bodies = [body for body in bodies if names_of(body) & set(types)]
        return bodies[:limit][::-1], covered, covered

    def sessions(self) -> list[Json]:
        """Return the sessions, last active first."""
        documents = self._services.offload(self._services.query.documents, "session")
        return [_session(document) for document in documents]

    def session(self, session_id: str) -> Json | None:
        """Return one session, None when nobody heard of it."""
        document = self._services.offload(self._services.query.document, "session", session_id)
        return _session(document) if document is not None else None


def names_of(body: Json) -> set[str]:
    """Return every word a client may use to ask for this type of event."""
    return {body["type"], body["subtype"], version_3_event(body)["type"]}


def wanted_number(value: Any, default: int) -> int:
    """Return a client's limit if it is a usable one."""
    usable = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return min(value, MAX_LIMIT) if usable else default


def _session(document: Document) -> Json:
    value = document.value
    started, ended = value.get("started_at"), value.get("ended_at")
    return {
        "session_id": document.session_id,
        "start_time": started / 1e6 if started else None,
        "end_time": ended / 1e6 if ended else None,
        "status": value.get("status"),
        "event_count": value.get("events"),
        "last_activity": document.at / 1e6,
        "last_activity_at": iso(document.at),
        "working_directory": value.get("cwd") or value.get("project"),
        "git_branch": value.get("branch"),
        "metadata": {"title": value.get("title"), "model": value.get("model")},
    }
