"""StoredRecording: one session of the store, as exporters read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

#: Events read at once: a session may be larger than the memory there is.
PAGE = 200


class StoredRecording:
    """Implements `Recording`. Any thread; nothing of it is kept in memory.

    `redact` hides secrets: what was stored before they were known as such may still hold some.
    Raises MonitorError when there is no such session.
    """

    def __init__(
        self, query: Query, session_id: str, redact: Callable[[bytes], tuple[bytes, object]]
    ) -> None:
        found = query.document("session", session_id)
        if found is None:
            raise MonitorError(f"There is no session {session_id!r} in the store.")
        self.session_id = session_id
        self._query = query
        self._redact = redact
        self._session = self._hidden(found.value)

    def session(self) -> Json:
        """Return the session's document."""
        return self._session

    def events(self, *, noise: bool = False) -> Iterator[Event]:
        """Yield the session's events with payloads, oldest first, with noise where it is wanted."""
        after = 0
        while True:
            wanted = EventFilter(
                session_id=self.session_id,
                after=after,
                noise=noise,
                newest_first=False,
                limit=PAGE,
            )
            page = self._query.events(wanted, payloads=True)
            for event in page:
                payload, _ = self._redact(event.payload)
                summary, _ = self._redact(event.summary.encode())
                yield msgspec.structs.replace(event, payload=payload, summary=summary.decode())
            if len(page) < PAGE:
                return
            after = page[-1].seq

    def documents(self, topic: str) -> Iterator[Json]:
        """Yield the session's documents of a topic, by key, none that is another's second name."""
        for found in self._query.every_document(topic, session_id=self.session_id):
            if not found.value.get("same_as"):
                yield self._hidden(found.value)

    def _hidden(self, value: Json) -> Json:
        text, hidden = self._redact(msgspec.json.encode(value))
        shown: Json = msgspec.json.decode(text) if hidden else value
        return shown
