"""AnalysisRunner: drives the analyzers over the log and commits what they derive."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from claude_mpm_monitor.model.analyzer import Analyzer, Change, Documents
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay
from claude_mpm_monitor.storage.database import Connection, Database
from claude_mpm_monitor.storage.documents import Checkpoints, DocumentStore

#: Events applied before their documents are committed, and for how long (seconds): in between,
#: pages are told of events.
SLICE, SLICE_SECONDS = 300, 0.05
#: Events between two pauses for deliveries, where there may be many runners.
PIECE = 32
#: What to reckon with before it is known how long something takes (seconds).
GLANCE_SECONDS = 0.001
#: How long a position that moved without changing anything need not be committed (seconds).
LAZY_SECONDS = 1.0


class Applying(Protocol):
    """Runs analyzers under their plugins' guards; False when one is off from now on."""

    def apply(self, analyzer: Analyzer, event: Event, documents: Documents) -> bool:
        """Have the analyzer handle one event."""

    def settle(self, analyzer: Analyzer, documents: Documents) -> bool:
        """Have the analyzer do what it has put off."""


class AnalysisRunner:
    """Reads the log in slices and applies each analyzer from where it stopped. One thread.

    :param permit: where other threads may delete documents: is asked within the transaction
        whether it may still be committed, and raises if not. There an analyzer may also hang, so
        that no snapshot is held while it runs.
    """

    def __init__(
        self,
        database: Database,
        connection: Connection,
        analyzers: Sequence[Analyzer],
        applying: Applying,
        recent: Recent,
        *,
        way: RightOfWay,
        permit: Callable[[], None] | None = None,
    ) -> None:
        self._database = database
        self._connection = connection
        self._analyzers = analyzers
        self._applying = applying
        self._recent = recent
        self._way = way
        #: Keeps the documents in memory that were used last.
        self.documents = DocumentStore(connection)
        self._checkpoints = Checkpoints(connection)
        self._permit = permit
        # Of many plugins each has a runner: looking at the clock would take longer than they do.
        self._piece = 1 if permit is None else PIECE
        self._committed_at = 0.0
        self._commit_took = GLANCE_SECONDS
        self._uncommitted: dict[str, int] | None = None
        self._versions = {analyzer.name: analyzer.version for analyzer in analyzers}
        #: Analyzers that are off are not in here: they go on after a restart, where they stopped.
        self._positions = {analyzer.name: self._resume(analyzer) for analyzer in analyzers}

    @property
    def seq(self) -> int:
        """The last seq that every analyzer has seen. Any thread."""
        return min(list(self._positions.values()), default=0)

    def positions(self) -> dict[str, int]:
        """Return the last seq that each analyzer at work has seen. Any thread."""
        return dict(list(self._positions.items()))

    def forget_cached(self) -> None:
        """Have documents read anew: some are about to be deleted."""
        self.documents.forget_cached()

    @property
    def settled(self) -> bool:
        """Whether everything derived so far is committed."""
        return self._uncommitted is None

    def step(self) -> list[Change] | None:
        """Apply one slice to the analyzers furthest behind; None when all are up to date."""
        if self._uncommitted is not None:
            return self._commit(self._uncommitted)
        if not self._positions:
            return None
        start = min(self._positions.values())
        group = [a for a in self._analyzers if self._positions.get(a.name) == start]
        ahead = [seq for seq in self._positions.values() if seq > start]
        events = self._recent.after(self._connection, start, SLICE, min(ahead, default=2**62))
        if not events:
            return None
        # Applied once only: should the commit fail, just the commit is tried again.
        self._uncommitted = self._apply_to(group, events)
        try:
            return self._commit(self._uncommitted)
        except (ArithmeticError, TypeError, ValueError):
            # No store can take what was made of these events, however often it is tried.
            self._pass_over(self._uncommitted)
            raise

    def _pass_over(self, seen: dict[str, int]) -> None:
        """Leave out what was derived of some events; what follows them is derived."""
        self.documents.flushed()
        self.documents.forget_cached()
        self._advance(seen)

    def _apply_to(self, group: list[Analyzer], events: list[Event]) -> dict[str, int]:
        """Apply the events; return the seq that each analyzer has seen."""
        if self._permit is None:
            # One snapshot for all the documents looked up: each look alone would lock the file.
            self._connection.execute("BEGIN")
        try:
            off, events = self._apply_each(group, events)
            for analyzer in group:
                if analyzer.name not in off:
                    self.documents.begin(events[-1], analyzer.topics)
                    if not self._applying.settle(analyzer, self.documents):
                        off[analyzer.name] = events[-1].seq
        finally:
            if self._permit is None:
                self._connection.execute("COMMIT")
        for name in off:
            del self._positions[name]
        return {analyzer.name: off.get(analyzer.name, events[-1].seq) for analyzer in group}

    def _apply_each(
        self, group: list[Analyzer], events: list[Event]
    ) -> tuple[dict[str, int], list[Event]]:
        """Apply as many events as there is time for.

        Returns the analyzers that went off, with the last seq each has seen, and the events.
        """
        off: dict[str, int] = {}
        running = [(analyzer, getattr(analyzer, "kinds", None)) for analyzer in group]
        seen = self._positions[group[0].name]
        ends = time.monotonic() + SLICE_SECONDS
        worked = GLANCE_SECONDS
        for count, event in enumerate(events, 1):
            if paused := not count % self._piece:
                self._way.give(worked)
                began = time.monotonic()
            for analyzer, kinds in running:
                if kinds is not None and event.kind not in kinds:
                    continue
                self.documents.begin(event, analyzer.topics)
                if not self._applying.apply(analyzer, event, self.documents):
                    off[analyzer.name] = seen
            if off:
                running = [pair for pair in running if pair[0].name not in off]
            seen = event.seq
            if paused:
                now = time.monotonic()
                worked = now - began
                if now > ends:
                    return off, events[:count]
        return off, events

    def _commit(self, seen: dict[str, int]) -> list[Change]:
        changes: list[Change] = []
        self._way.give(self._commit_took)
        # Where nothing changed, applying the events once more changes nothing either.
        if self._permit is None or self.documents.changed or self._is_due():
            began = time.monotonic()
            with self._database.writing(self._connection):
                if self._permit is not None:
                    self._permit()
                changes = self.documents.flush()
                self._checkpoints.set(
                    [(name, self._versions[name], seq) for name, seq in seen.items()]
                )
            self._committed_at = time.monotonic()
            self._commit_took = self._committed_at - began
        self.documents.flushed()
        self._advance(seen)
        return changes

    def _advance(self, seen: dict[str, int]) -> None:
        self._uncommitted = None
        for name in self._positions.keys() & seen.keys():
            self._positions[name] = seen[name]

    def _is_due(self) -> bool:
        return time.monotonic() - self._committed_at > LAZY_SECONDS

    def _resume(self, analyzer: Analyzer) -> int:
        """Return where the analyzer stopped; 0, and no documents, when its version changed."""
        known = self._checkpoints.get(analyzer.name)
        if known is not None and known[0] == analyzer.version:
            return known[1]
        with self._database.writing(self._connection):
            self.documents.drop(analyzer.topics)
            self._checkpoints.set([(analyzer.name, analyzer.version, 0)])
        return 0
