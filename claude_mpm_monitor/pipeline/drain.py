"""Drain: hands what lies in the spool to the writer, and removes it once it is committed."""

from __future__ import annotations

import threading

import structlog

from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome
from claude_mpm_monitor.pipeline.spool import Spool, Spooled
from claude_mpm_monitor.pipeline.stats import Stats

PERIOD_SECONDS = 2.0


class Drain:
    """Looks into the spool at start and every two seconds, on a thread of its own.

    Several processes may drain one spool: the delivery id makes the second one a no-op. A file
    that is no whole delivery becomes a dead letter.
    """

    def __init__(
        self,
        spool: Spool,
        intake: Intake,
        stats: Stats,
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._spool = spool
        self._stats = stats
        self._intake = intake
        self._log = log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-drain", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """End the thread; what is not drained stays in the spool."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while True:
            try:
                self._look()
            except OSError as error:
                self._log.warning("cannot read the spool", error=str(error))
            if self._stop.wait(PERIOD_SECONDS):
                return

    def _look(self) -> None:
        left = 0
        self._note_given_up()
        for spooled in self._spool.waiting():
            if self._stop.is_set():
                return
            left += not self._hand_over(spooled)
        if left:
            self._log.warning("deliveries stay in the spool, they cannot be stored now", count=left)

    def _note_given_up(self) -> None:
        # Room is being made from here on.
        count = self._spool.given_up()
        if count:
            self._stats.add(received=count, dropped=count)
            self._log.error("the spool was full: hooks gave events up", count=count)

    def _hand_over(self, spooled: Spooled) -> bool:
        """Have the delivery stored and its file removed; False when it has to stay."""
        committed = threading.Event()
        outcomes: list[Outcome] = []

        def done(outcome: Outcome) -> None:
            outcomes.append(outcome)
            committed.set()

        delivery = Delivery(raw=spooled.raw, done=done, recovered=True, problem=spooled.problem)
        if not self._intake.put(delivery):
            return False
        committed.wait()
        if outcomes[0].settled:
            spooled.path.unlink(missing_ok=True)
        return outcomes[0].settled
