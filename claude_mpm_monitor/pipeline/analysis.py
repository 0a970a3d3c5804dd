"""AnalysisRunner: drives the analyzers over the log and commits what they derive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from claude_mpm_monitor.model.analyzer import Analyzer, Change
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.documents import Checkpoints, DocumentStore
from claude_mpm_monitor.storage.events import COLUMNS, event_from_row

#: Events applied before their documents are committed.
SLICE = 300

#: Applies one event to one analyzer under the plugin guard; False when the analyzer is off.
Apply = Callable[[Analyzer, Event, DocumentStore], None]


class AnalysisRunner:
    """Reads the log in slices and applies each analyzer from where it stopped. Consumer thread."""

    def __init__(
        self,
        database: Database,
        connection: sqlite3.Connection,
        analyzers: Sequence[Analyzer],
        apply: Apply,
    ) -> None:
        self._database = database
        self._connection = connection
        self._analyzers = analyzers
        self._apply = apply
        self._documents = DocumentStore(connection)
        self._checkpoints = Checkpoints(connection)
        self._uncommitted: tuple[list[Analyzer], int] | None = None
        self._positions = {analyzer.name: self._resume(analyzer) for analyzer in analyzers}

    @property
    def seq(self) -> int:
        """The last seq that every analyzer has seen."""
        return min(self._positions.values(), default=0)

    def step(self) -> list[Change] | None:
        """Apply one slice to the analyzers furthest behind; None when all are up to date."""
        if self._uncommitted is not None:
            return self._commit(*self._uncommitted)
        if not self._positions:
            return None
        start = min(self._positions.values())
        group = [a for a in self._analyzers if self._positions[a.name] == start]
        ahead = [seq for seq in self._positions.values() if seq > start]
        events = self._read(start, min(ahead, default=None))
        if not events:
            return None
        for event in events:
            self._documents.begin(event)
            for analyzer in group:
                self._apply(analyzer, event, self._documents)
        # Applied already: should the commit fail, only the commit is tried again.
        self._uncommitted = (group, events[-1].seq)
        return self._commit(*self._uncommitted)

    def _commit(self, group: list[Analyzer], seq: int) -> list[Change]:
        with self._database.writing(self._connection):
            changes = self._documents.flush()
            for analyzer in group:
                self._checkpoints.set(analyzer.name, analyzer.version, seq)
        self._documents.flushed()
        self._uncommitted = None
        for analyzer in group:
            self._positions[analyzer.name] = seq
        return changes

    def _read(self, after: int, until: int | None) -> list[Event]:
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            (after, until if until is not None else 2**62, SLICE),
        )
        return [event_from_row(row) for row in rows]

    def _resume(self, analyzer: Analyzer) -> int:
        """Return where the analyzer stopped; 0, and no documents, when its version changed."""
        known = self._checkpoints.get(analyzer.name)
        if known is not None and known[0] == analyzer.version:
            return known[1]
        with self._database.writing(self._connection):
            self._documents.drop(analyzer.topics)
            self._checkpoints.set(analyzer.name, analyzer.version, 0)
        return 0
