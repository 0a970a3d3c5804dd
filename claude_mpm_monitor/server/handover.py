"""Handover: takes what came in one turn of the gateway to the writer, and the outcomes back.

Both threads need the interpreter. While both can go on they take it from each other at every call
of the system, some twenty times for an event, mostly from one core to another, and an event costs
twice as much as when one works and the other waits. So all that came in one turn goes over
together, and the gateway waits for its commit: a moment at most, since a commit may have to wait
for another process or a slow disk, and pages are served meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome
from claude_mpm_monitor.server.gateway import Expected, Gateway

#: How long the gateway waits for a commit before it goes on (seconds). A batch takes 1 to 2 ms.
PATIENCE_SECONDS = 0.003
#: Says that more comes in than can be committed.
NO_ROOM = Outcome(error="the queue is full", settled=False)


class Handover:
    """Gateway thread only. `committed` is called after the answers."""

    def __init__(self, gateway: Gateway, intake: Intake, committed: Callable[[], None]) -> None:
        self._gateway = gateway
        self._intake = intake
        self._committed = committed
        self._came: list[tuple[Raw, Expected]] = []

    def take(self, raw: Raw, timeout: float, done: Callable[[Outcome | None], None]) -> None:
        """Hand a delivery over and call `done` with what became of it; NO_ROOM: the queue is full.

        None when it was not committed in time (seconds).
        """

        def arrived(outcome: Outcome | None) -> None:
            self._intake.way.end(outcome.stored if outcome is not None else 0)
            done(outcome)

        self._intake.way.begin()
        self._came.append((raw, self._gateway.expect_within(timeout, arrived)))
        if len(self._came) == 1:
            self._gateway.later(0, self._cross)

    def _cross(self) -> None:
        came, self._came = self._came, []
        crossing = _Crossing([awaited for _, awaited in came], self._gateway, self._committed)
        if self._intake.offer(*(Delivery(raw=raw, done=crossing.done) for raw, _ in came)):
            crossing.wait()
        else:
            for _, awaited in came:
                awaited.bring(NO_ROOM)


class _Crossing:
    """Deliveries that went over together; they are committed together, too."""

    def __init__(
        self, awaited: list[Expected], gateway: Gateway, committed: Callable[[], None]
    ) -> None:
        self._awaited = awaited
        self._gateway = gateway
        self._committed = committed
        self._outcomes: list[Outcome] = []
        self._over = threading.Event()
        self._is_late = False

    def done(self, outcome: Outcome) -> None:
        """Take an outcome; they come in the order of the deliveries. Writer thread."""
        self._outcomes.append(outcome)
        if len(self._outcomes) == len(self._awaited):
            self._over.set()
            # Looked at after, as the gateway looks at the other one after: one of them sees it.
            if self._is_late:
                self._gateway.call(self._arrive)

    def wait(self) -> None:
        """Wait a moment for the commit. Gateway thread."""
        if not self._over.wait(PATIENCE_SECONDS):
            self._is_late = True
        if self._over.is_set():
            self._arrive()

    def _arrive(self) -> None:
        for awaited, outcome in zip(self._awaited, self._outcomes, strict=True):
            awaited.bring(outcome)
        self._committed()
