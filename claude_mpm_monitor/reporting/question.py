"""StoredQuestion: what a report is asked about, read from the store."""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

#: Events or documents read at once.
PAGE = 500


class StoredQuestion:
    """Implements `Question`. Nothing of what it yields is kept in memory."""

    def __init__(self, query: Query, *, text: str, session_id: str, project: str, now: int) -> None:
        self._query = query
        self.text = text
        self.session_id = session_id
        self.project = project
        self.now = now

    def events(self, *kinds: str) -> Iterator[Event]:
        """Yield the events that fit, with payloads, oldest first."""
        after = 0
        while True:
            wanted = EventFilter(
                session_id=self.session_id,
                project=self.project,
                text=self.text,
                kinds=kinds,
                after=after,
                newest_first=False,
                limit=PAGE,
            )
            page = self._query.events(wanted, payloads=True)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].seq

    def documents(self, topic: str) -> Iterator[Json]:
        """Yield the documents that fit, by the last event that changed them."""
        after, key = 0, ""
        while True:
            page = self._query.documents(
                topic,
                session_id=self.session_id,
                project=self.project,
                text=self.text,
                after=after,
                beyond_key=key,
                newest_first=False,
                limit=PAGE,
            )
            yield from (document.value for document in page)
            if len(page) < PAGE:
                return
            after, key = page[-1].seq, page[-1].key
