"""Handing over many deliveries at once and waiting until all of them are committed."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.ingest.importer import Receipt
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome


def deliver(intake: Intake, raws: Sequence[Raw]) -> list[Outcome]:
    """Return what became of `raws`, after their commit. Any thread but the writer's.

    Raises MonitorError when the intake is closed.
    """
    if not raws:
        return []
    committed = threading.Event()
    outcomes: list[Outcome] = []

    def done(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if len(outcomes) == len(raws):
            committed.set()

    # What comes from a file is on disk anyway, and is read again from where it was not stored.
    deliveries = [Delivery(raw=raw, done=done, kept=bool(raw.origin)) for raw in raws]
    if not intake.put(*deliveries):
        raise MonitorError("The monitor is closed: nothing can be stored any more.")
    committed.wait()
    return outcomes


def receipt(outcomes: Sequence[Outcome]) -> Receipt:
    """Add up what became of a batch, as the importer wants to know it.

    Raises OSError when a part of it is neither in the store nor kept elsewhere for certain: the
    importer must not go past it.
    """
    if not all(outcome.settled for outcome in outcomes):
        raise OSError("the store cannot be written now")
    return Receipt(
        stored=sum(outcome.stored for outcome in outcomes),
        duplicate=sum(outcome.duplicate for outcome in outcomes),
        rejected=sum(bool(outcome.error) for outcome in outcomes),
    )
