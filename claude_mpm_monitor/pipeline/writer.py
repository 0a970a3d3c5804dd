"""Writer: the thread that decodes deliveries and commits them, many in one transaction.

It takes whatever is queued and commits it at once (no timer): under load the batches grow by
themselves. A delivery's `done` is called after its commit, never before.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator

import msgspec
import structlog

from claude_mpm_monitor.errors import DecodeError, PartlyUnderstood, StoreError
from claude_mpm_monitor.ingest.hooks import is_hook_payload
from claude_mpm_monitor.ingest.identity import Occurrences, content_key, fact_id
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome
from claude_mpm_monitor.pipeline.likeness import Likeness
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.spool import Spool
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.pipeline.trouble import Troubles
from claude_mpm_monitor.storage.damage import is_damage
from claude_mpm_monitor.storage.database import Database, Exchanged
from claude_mpm_monitor.storage.events import EventLog, check_storable

Decode = Callable[[Raw], list[Event]]
#: A delivery, its events, the reason why there are none or not all, and how many are lost.
Decoded = tuple[Delivery, list[Event], str, int]
Redact = Callable[[bytes], tuple[bytes, dict[str, int]]]


class Writer:
    """Owns the process's only connection that appends to the log."""

    def __init__(
        self,
        database: Database,
        intake: Intake,
        spool: Spool,
        stats: Stats,
        troubles: Troubles,
        redact: Redact,
        decode: Decode,
        likeness: Likeness,
        recent: Recent,
        committed: Callable[[], None],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._database = database
        self._intake = intake
        self._spool = spool
        self._stats = stats
        self._troubles = troubles
        self._redact = redact
        self._decode = decode
        self._likeness = likeness
        self._recent = recent
        #: Events of the transaction at hand.
        self._appended: list[Event] = []
        self._committed = committed
        self._log = log
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-writer", daemon=True)

    def start(self) -> None:
        """Open the log and start the thread."""
        self._connect()
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Commit what is queued and end the thread; False when that took longer (seconds)."""
        self._intake.close()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _connect(self) -> None:
        self._connection = self._database.connect()
        self._events = EventLog(self._connection)
        self._occurrences = Occurrences(self._events.stored_at)

    # ---- below: writer thread only

    def _run(self) -> None:
        try:
            while batch := self._intake.take():
                self._commit(batch)
        finally:
            self._connection.close()

    def _commit(self, batch: list[Delivery]) -> None:
        for delivery in batch:
            self._hide_secrets(delivery)
        decoded = [(delivery, *self._understand(delivery)) for delivery in batch]
        try:
            outcomes = self._write(decoded)
            self._troubles.over()
        except (sqlite3.Error, StoreError, OSError) as error:
            self._log.error("commit failed, spooling", error=str(error), deliveries=len(batch))
            outcomes = self._undo(batch, error)
        except Exception as error:  # noqa: BLE001  the thread outlives whatever one batch does
            self._log.exception("commit failed, spooling", deliveries=len(batch))
            outcomes = self._undo(batch, error)
        self._appended = []
        self._count(batch, outcomes)
        for delivery, outcome in zip(batch, outcomes, strict=True):
            if delivery.done is not None:
                delivery.done(outcome)
        self._committed()

    def _write(self, decoded: list[Decoded]) -> list[Outcome]:
        """Commit the batch; once more when the store turns out to be damaged or exchanged."""
        try:
            return self._transact(decoded)
        except (sqlite3.DatabaseError, Exchanged) as error:
            if is_damage(error):
                self._log.error("the store is damaged and is set aside", reason=str(error))
                self._database.set_aside(str(error), self._connection.inode)
            elif self._database.is_current(self._connection):
                raise
        self._appended = []
        self._likeness.forget()
        self._connection.close()
        self._database.open()
        self._connect()
        return self._transact(decoded)

    def _transact(self, decoded: list[Decoded]) -> list[Outcome]:
        with self._database.writing(self._connection):
            self._events.begin(self._likely_ids(decoded))
            outcomes = [self._store(*entry) for entry in decoded]
            self._events.flush()
        self._occurrences.keep()
        self._recent.add(self._appended, self._connection.inode)
        return outcomes

    def _hide_secrets(self, delivery: Delivery) -> None:
        """First of all: what is not to be stored is not to be spooled or buried either."""
        body, hidden = self._redact(delivery.raw.body)
        if hidden:
            delivery.raw = msgspec.structs.replace(delivery.raw, body=body)
            self._stats.add(redacted=sum(hidden.values()))

    def _likely_ids(self, decoded: list[Decoded]) -> Iterator[str]:
        """Yield the ids of events as far as they can be foreseen: the store is asked at once.

        Two SELECTs for each event were a fifth of what taking in NDJSON took, and each gives the
        interpreter away.
        """
        for delivery, events, _, _ in decoded:
            for event in events:
                yield event.event_id or self._likely_id(event, delivery.raw)

    def _understand(self, delivery: Delivery) -> tuple[list[Event], str, int]:
        """Return the events, the reason why there are none or not all, and how many are lost."""
        if delivery.problem:
            return [], delivery.problem, 0
        events: list[Event] = []
        problem, lost = "", 0
        try:
            try:
                events = self._decode(delivery.raw)
            except PartlyUnderstood as error:
                events, problem, lost = list(error.events), str(error), error.lost
            for event in events:
                check_storable(event)
        except DecodeError as error:
            return [], str(error), 0
        return events, problem, lost

    def _store(self, delivery: Delivery, events: list[Event], problem: str, lost: int) -> Outcome:
        raw = delivery.raw
        if raw.delivery_id and not self._events.receive(raw.delivery_id):
            return Outcome(duplicate=max(1, len(events)))
        if problem:
            self._events.bury(raw, problem)
        stored = sum(self._append(event, raw) for event in events)
        return Outcome(stored=stored, duplicate=len(events) - stored, error=problem, lost=lost)

    def _append(self, event: Event, raw: Raw) -> bool:
        poor = raw.dialect == "mpm" and not is_hook_payload(event)
        if poor and self._likeness.repeats(event):
            return False
        event_id = event.event_id or self._identify(event, raw)
        seq = self._events.append(event, event_id)
        if seq is None:
            return False
        self._appended.append(event.as_stored(seq, event_id))
        if poor:
            self._likeness.keep_poor(event, seq)
        else:
            replaced = self._likeness.replaced_by(event)
            if replaced:
                self._events.supersede(replaced, seq)
        return True

    def _identify(self, event: Event, raw: Raw) -> str:
        if raw.dialect == "transcript":
            # A transcript may be read again from its start: the same line is the same fact.
            return fact_id(event.session_id, event.kind, content_key(event))
        return self._occurrences.event_id(event, raw.channel or raw.source)

    def _likely_id(self, event: Event, raw: Raw) -> str:
        if raw.dialect == "transcript":
            return self._identify(event, raw)
        return self._occurrences.likely(event, raw.channel or raw.source)

    def _undo(self, batch: list[Delivery], reason: Exception) -> list[Outcome]:
        """Nothing of the batch is stored: leave no trace of it, and keep it elsewhere."""
        self._events.rolled_back()
        self._occurrences.undo()
        self._likeness.forget()
        outcomes = [self._set_aside(delivery, reason) for delivery in batch]
        self._troubles.report(reason, spooled=not any(outcome.error for outcome in outcomes))
        return outcomes

    def _set_aside(self, delivery: Delivery, reason: Exception) -> Outcome:
        if delivery.recovered or delivery.kept:
            return Outcome(settled=False)
        try:
            self._spool.save(delivery.raw)
        except OSError as error:
            problem = f"neither store ({reason}) nor spool ({error}) can be written"
            return Outcome(error=problem, settled=False)
        return Outcome(settled=False)

    def _count(self, batch: list[Delivery], outcomes: list[Outcome]) -> None:
        stored = sum(outcome.stored for outcome in outcomes)
        duplicate = sum(outcome.duplicate for outcome in outcomes)
        rejected = sum(1 for outcome in outcomes if outcome.error and outcome.settled)
        dropped = sum(1 for outcome in outcomes if outcome.error and not outcome.settled)
        recovered = sum(
            outcome.stored
            for delivery, outcome in zip(batch, outcomes, strict=True)
            if delivery.recovered
        )
        self._stats.add(
            received=stored + duplicate + rejected + dropped,
            stored=stored,
            duplicate=duplicate,
            rejected=rejected,
            recovered=recovered,
            dropped=dropped,
        )
