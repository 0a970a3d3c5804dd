"""A log that writes each event at once."""

from __future__ import annotations

import sqlite3

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.events import EventLog


class ImmediateLog:
    """What a test tells of is stored when the call returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._log = EventLog(connection)
        self.receive, self.bury = self._log.receive, self._log.bury

    def append(self, event: Event) -> int | None:
        self._log.begin([event.event_id])
        seq = self._log.append(event, event.event_id)
        self._log.flush()
        return seq

    def supersede(self, seqs: list[int], by: int) -> None:
        self._log.begin()
        self._log.supersede(seqs, by)
        self._log.flush()
