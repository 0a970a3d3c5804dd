"""Others: the analyzers of all plugins that are not built in, a thread for each plugin."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable

import structlog

from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.pipeline.apart import Apart
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.storage.database import Database

#: How often to look whether one hangs (seconds).
WATCH_SECONDS = 0.2


class Others:
    """Owned by the consumer; methods on its thread, unless one says otherwise."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        recent: Recent,
        way: RightOfWay,
        wake_consumer: Callable[[], None],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._database = database
        self._registry = registry
        self._recent = recent
        self._way = way
        self._wake_consumer = wake_consumer
        self._log = log
        self._generation = 0
        self._watched_at = 0.0
        self._analyzers = registry.analyzers_apart()
        self._threads: dict[str, Apart] = {}
        self._changes: collections.deque[Change] = collections.deque()

    def start(self) -> None:
        """Begin to follow the log: this process owns the store.

        The threads start at the next `watch`: the monitor's own start does not wait for them.
        """
        for plugin in self._analyzers:
            self._threads[plugin] = self._new(plugin)
        self._watched_at = time.monotonic()

    def wake(self) -> None:
        """Say that there are events."""
        for apart in self._threads.values():
            apart.wake()

    def forget(self) -> None:
        """Have everything in memory read anew: documents are deleted, or were. Also see `Apart`.

        To be called before they are deleted and, where positions are too, after that.
        """
        self._generation += 1
        self.wake()

    def changes(self) -> list[Change]:
        """Return what changed since the last call."""
        found: list[Change] = []
        while self._changes:
            found.append(self._changes.popleft())
        return found

    def watch(self, last_seq: int) -> None:
        """Give up threads that hang, start those that get another chance, and say who lags."""
        now = time.monotonic()
        if now - self._watched_at < WATCH_SECONDS:
            return
        self._watched_at = now
        lags = self.lags(last_seq)
        for plugin, analyzers in self._analyzers.items():
            apart = self._threads.get(plugin)
            if apart is None:
                continue
            if not apart.started:
                apart.start()
            apart.watch()
            chance = any(not self._registry.guard_of(one).tripped for one in analyzers)
            if apart.lost and chance:
                self._threads[plugin] = self._new(plugin)
            for analyzer in analyzers:
                if analyzer.name in lags:
                    guard = self._registry.guard_of(analyzer)
                    guard.state.lag[analyzer.name] = lags[analyzer.name]

    def lags(self, last_seq: int) -> dict[str, int]:
        """Return how many events each analyzer at work has before it. Any thread."""
        return {
            name: max(0, last_seq - seq)
            for apart in list(self._threads.values())
            if not apart.lost
            for name, seq in apart.positions().items()
        }

    def seq(self, most: int) -> int:
        """Return the seq that every analyzer at work has seen, `most` if that is further."""
        return most - max(self.lags(most).values(), default=0)

    def stop(self, timeout: float) -> None:
        """Follow the log to its end, as far as time allows (seconds), and end the threads."""
        until = time.monotonic() + timeout
        for apart in self._threads.values():
            apart.stop()
        for apart in self._threads.values():
            apart.join(max(0.0, until - time.monotonic()))

    def _new(self, plugin: str) -> Apart:
        return Apart(
            plugin,
            self._analyzers[plugin],
            self._database,
            self._registry,
            self._recent,
            self._way,
            generation=lambda: self._generation,
            take=self._took,
            log=self._log,
        )

    def _took(self, changes: list[Change]) -> None:
        self._changes.extend(changes)
        self._wake_consumer()
