"""Guard: what a plugin's code raises costs that plugin, nobody else."""

from __future__ import annotations

import time
import traceback
from pathlib import Path
from types import TracebackType

import msgspec
import structlog

_OURS = Path(__file__).resolve().parent
#: Failures in a row after which the object that fails is left alone until the next start.
BREAKER = 10


class PluginState(msgspec.Struct, kw_only=True):
    """What became of one plugin; shown at /api/v1/plugins."""

    name: str
    version: str = ""
    state: str = "active"
    error: str = ""
    #: Where a plugin of a single file lies, "" for an installed one.
    path: str = ""
    hooks: list[str] = []
    #: What it registered: kind in the plural → names.
    adds: dict[str, list[str]] = {}
    failures: int = 0
    seconds: float = 0.0


class Guard:
    """Runs one plugin's code, times it, and counts and logs what it raises."""

    def __init__(self, state: PluginState, log: structlog.typing.FilteringBoundLogger) -> None:
        self.state = state
        self._log = log
        self._in_a_row = 0

    @property
    def tripped(self) -> bool:
        """Whether the code failed so often in a row that it is left alone."""
        return self._in_a_row >= BREAKER

    def running(self, what: str) -> Run:
        """Return a context that swallows, counts and logs what its block raises.

        `what` names the block in the log.
        """
        return Run(self, what)

    def fail(self, what: str, error: BaseException) -> None:
        """Record that the plugin cannot be used at all."""
        self._note(what, error)
        self.state.state = "failed"

    def done(self, seconds: float) -> None:
        """Record that a block came to its end."""
        self._in_a_row = 0
        self.state.seconds += seconds

    def failed(self, what: str, error: Exception, seconds: float) -> None:
        """Record what a block raised."""
        self.state.seconds += seconds
        self._note(what, error)

    def _note(self, what: str, error: BaseException) -> None:
        self.state.failures += 1
        self._in_a_row += 1
        self.state.error = f"{what}: {type(error).__name__}: {error}{_place(error)}"
        if self.state.failures <= BREAKER:
            self._log.error("plugin failed", plugin=self.state.name, where=what, exc_info=error)
        if self.tripped:
            self.state.state = "failed"


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
            self._guard.done(seconds)
            return False
        if not isinstance(error, Exception):
            return False  # the interpreter ends, or somebody interrupts
        self._guard.failed(self._what, error, seconds)
        return True


def _place(error: BaseException) -> str:
    """Say where the error was raised, for who wrote that: "" when Python does not know."""
    if isinstance(error, SyntaxError):
        return ""  # it says so itself
    frames = traceback.extract_tb(error.__traceback__)
    if not frames or Path(frames[-1].filename).is_relative_to(_OURS):
        return ""
    path = Path(frames[-1].filename)
    return f" ({path.parent.name}/{path.name}, line {frames[-1].lineno})"
