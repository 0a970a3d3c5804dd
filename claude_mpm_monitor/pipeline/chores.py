"""Chores: has what plugins want done now and then done, each by a thread of its own.

Only in the process that owns the dashboard. A chore that is slow delays itself alone; one that
hangs is left behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from claude_mpm_monitor.model.chore import Chore, ChoreCall
from claude_mpm_monitor.plugins.guard import LastRun
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.storage.query import Query

#: How long a chore of a plugin may take (seconds). What is built in takes what it takes.
CHORE_SECONDS = 60.0
#: Nothing is done before the process has been the owner for so long (seconds): its start is not
#: to take longer, and one that ends soon, as an import does, begins nothing.
FIRST_SECONDS = 10.0
#: When something built in that failed is tried again (seconds), unless it is due later: a copy of a
#: large store that is found wrong in the end is not to be made every few minutes.
FAILED_SECONDS = 86_400.0


class Chores:
    """Watches the time. Any thread.

    :param first: how long after `start` a chore is done at first (seconds), or when it is due.
    """

    def __init__(
        self,
        chores: Iterable[Contribution[Chore]],
        query: Query,
        home: Path,
        *,
        first: float = FIRST_SECONDS,
    ) -> None:
        self._stopping = threading.Event()
        self._call = ChoreCall(query=query, home=home, stopping=self._stopping.is_set)
        self._first = first
        self._threads: list[threading.Thread] = []
        for found in chores:
            # All there will be: who reads the states must not find a dictionary that grows.
            found.guard.state.chores[found.item.name] = LastRun()
            name = f"mpm-monitor-chore-{found.item.name}"
            self._threads.append(
                threading.Thread(target=self._turns, args=(found,), name=name, daemon=True)
            )

    def start(self) -> None:
        """Begin: this process owns the dashboard now. Once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float) -> None:
        """Begin nothing more, and wait for what is being done (seconds)."""
        self._stopping.set()
        until = time.monotonic() + timeout
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def _turns(self, found: Contribution[Chore]) -> None:
        """Do the chore again and again. Its thread."""
        wait = min(self._first, found.item.every)
        while not self._stopping.wait(wait):
            wait = found.item.every
            if found.guard.tripped or self._do(found) or found.guard.lane is not None:
                continue
            # What is built in fails by what is around it, a full disk, and goes on when that is
            # over: it is never left alone.
            found.guard.again()
            wait = max(wait, FAILED_SECONDS)

    def _do(self, found: Contribution[Chore]) -> bool:
        """Do the chore; tell whether it came to its end."""
        at, started = time.time_ns() // 1_000, time.perf_counter()
        done = False
        with found.guard.running(f"chore {found.item.name}"):
            found.call(CHORE_SECONDS, found.item.run, self._call)
            done = True
        state = found.guard.state
        state.chores[found.item.name] = LastRun(
            at=at,
            seconds=round(time.perf_counter() - started, 6),
            error="" if done else state.error,
        )
        return done
