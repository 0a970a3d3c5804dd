"""Guard: what a plugin's code raises, or takes too long for, costs that plugin, nobody else."""

from __future__ import annotations

import time
from types import TracebackType

import msgspec
import structlog

from claude_mpm_monitor.plugins.lane import Hung, Lane
from claude_mpm_monitor.plugins.place import place_of

#: Failures, or calls over their budget, in a row after which an object is put in quarantine.
BREAKER = 10


class LastRun(msgspec.Struct, frozen=True, kw_only=True):
    """When a chore was done last (µs, 0: not yet), how long it took, and what went wrong."""

    at: int = 0
    seconds: float = 0.0
    error: str = ""


class PluginState(msgspec.Struct, kw_only=True):
    """What became of one plugin; shown at /api/v1/plugins.

    `state` is "active"; "disabled", by the user; "failed", it could not be loaded or does not
    register what it should; or "quarantined", some of it failed so often that it is left alone.
    """

    name: str
    version: str = ""
    state: str = "active"
    error: str = ""
    #: Where a plugin of a single file lies, "" for an installed one.
    path: str = ""
    hooks: list[str] = []
    #: What its author should change before the next major version of the API, a sentence each.
    notices: list[str] = []
    #: What it registered: kind in the plural → names.
    adds: dict[str, list[str]] = {}
    failures: int = 0
    #: Its calls, how long they took in all, and the longest of them with what it was.
    calls: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_call: str = ""
    #: How long importing and registering it took.
    load_seconds: float = 0.0
    #: What the process grew by meanwhile (bytes), whatever for: a library that two plugins import
    #: counts for the first. 0 where the system does not tell.
    load_bytes: int = 0
    #: How many events each of its analyzers is behind.
    lag: dict[str, int] = {}
    #: How each of its chores went the last time.
    chores: dict[str, LastRun] = {}


class Guard:
    """Runs one object's code, times it, and counts and logs what it raises.

    :param budget: how long a call may take (seconds); longer ones in a row lead to quarantine.
    :param lane: the thread it runs on where others must not wait for it; what is built in has none.
    """

    def __init__(
        self,
        state: PluginState,
        log: structlog.typing.FilteringBoundLogger,
        budget: float = float("inf"),
        lane: Lane | None = None,
    ) -> None:
        self.state = state
        self.lane = lane
        self._log = log
        self._budget = budget
        self._in_a_row = 0
        self._slow_in_a_row = 0

    @property
    def tripped(self) -> bool:
        """Whether the code is left alone: it failed too often, or the user wants it to rest."""
        return self._in_a_row >= BREAKER or self.state.state == "disabled"

    def running(self, what: str) -> Run:
        """Return a context that swallows, counts and logs what its block raises.

        `what` names the block in the log.
        """
        return Run(self, what)

    def fail(self, what: str, error: BaseException) -> None:
        """Record that the plugin cannot be used at all."""
        self._note(what, error)
        self.state.state = "failed"

    def done(self, seconds: float, what: str) -> None:
        """Record that a block came to its end."""
        # One that began before the quarantine does not end it.
        if 0 < self._in_a_row < BREAKER:
            self._in_a_row = 0
        state = self.state
        state.calls += 1
        state.seconds += seconds
        if seconds > state.slowest:
            state.slowest, state.slowest_call = seconds, what
        if seconds <= self._budget:
            if self._slow_in_a_row:
                self._slow_in_a_row = 0
            return
        self._slow_in_a_row += 1
        if self._slow_in_a_row >= BREAKER:
            self._quarantine(
                f"{what}: it took {seconds:.3f} s, {self._budget:g} s at most were expected, "
                f"{BREAKER} times in a row"
            )

    def failed(self, what: str, error: BaseException, seconds: float) -> None:
        """Record what a block raised."""
        self.state.calls += 1
        self.state.seconds += seconds
        self._note(what, error)
        # One that hangs holds a thread: it is not given another.
        if self._in_a_row >= BREAKER or isinstance(error, Hung):
            self._quarantine(self.state.error)

    def again(self) -> None:
        """Give the code another chance."""
        self._in_a_row = self._slow_in_a_row = 0

    def _note(self, what: str, error: BaseException) -> None:
        # The reason before the count: another thread that sees the one looks for the other.
        self.state.error = f"{what}: {type(error).__name__}: {error}{place_of(error)}"
        self.state.failures += 1
        self._in_a_row += 1
        if self.state.failures <= BREAKER:
            self._log.error("plugin failed", plugin=self.state.name, where=what, exc_info=error)

    def _quarantine(self, reason: str) -> None:
        self._in_a_row = BREAKER
        self.state.error = reason
        if self.state.state == "active":
            self.state.state = "quarantined"
            self._log.error("plugin in quarantine", plugin=self.state.name, reason=reason)


class Run:
    """One block under a guard. A class, not a generator: analyzers enter one for every event."""

    __slots__ = ("_guard", "_started", "_what")

    def __init__(self, guard: Guard, what: str) -> None:
        self._guard = guard
        self._what = what

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        seconds = time.perf_counter() - self._started
        if error is None:
            self._guard.done(seconds, self._what)
            return False
        if not isinstance(error, Exception):
            return False  # the interpreter ends, or somebody interrupts
        self._guard.failed(self._what, error, seconds)
        return True
