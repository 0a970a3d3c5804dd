"""Guard: what a plugin's code raises costs that plugin, nobody else."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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

    @contextmanager
    def running(self, what: str) -> Iterator[None]:
        """Swallow, count and log what the block raises; `what` names it in the log."""
        started = time.perf_counter()
        try:
            yield
            self._in_a_row = 0
        except Exception as error:  # noqa: BLE001  a plugin may raise anything
            self._note(what, error)
        finally:
            self.state.seconds += time.perf_counter() - started

    def fail(self, what: str, error: BaseException) -> None:
        """Record that the plugin cannot be used at all."""
        self._note(what, error)
        self.state.state = "failed"

    def _note(self, what: str, error: BaseException) -> None:
        self.state.failures += 1
        self._in_a_row += 1
        self.state.error = f"{what}: {type(error).__name__}: {error}{_place(error)}"
        if self.state.failures <= BREAKER:
            self._log.error("plugin failed", plugin=self.state.name, where=what, exc_info=error)
        if self.tripped:
            self.state.state = "failed"


def _place(error: BaseException) -> str:
    """Say where the error was raised, for who wrote that: "" when Python does not know."""
    if isinstance(error, SyntaxError):
        return ""  # it says so itself
    frames = traceback.extract_tb(error.__traceback__)
    if not frames or Path(frames[-1].filename).is_relative_to(_OURS):
        return ""
    path = Path(frames[-1].filename)
    return f" ({path.parent.name}/{path.name}, line {frames[-1].lineno})"
