"""Lane: a thread of its own for code that may hang, so that only the lane hangs with it."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.plugins.place import place_of_frame

Outcome = tuple[Any, BaseException | None]


class Hung(Exception):
    """A call did not return in time; `place` is where it is: "" when Python does not know."""

    def __init__(self, seconds: float, place: str) -> None:
        super().__init__(f"it did not return within {seconds:g} s")
        self.place = place


class Left(Exception):
    """A plugin's code asked its thread or the process to end, as `sys.exit` does."""


def held(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what the function returns; raises Left where it would end the calling thread.

    Not for the main thread, where a signal may be what ends it.
    """
    try:
        return function(*arguments)
    except Exception:
        raise
    except BaseException as error:  # noqa: BLE001  who asked for the call must not end with it
        told = f"{type(error).__name__}: {error}"
        raise Left(told).with_traceback(error.__traceback__) from None


class Lane:
    """Runs one call after another on one daemon thread, started when it is first needed.

    Methods: any thread but the lane's own.
    """

    def __init__(self, name: str) -> None:
        self._name = f"mpm-monitor-plugin-{name}"
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """Return what the function returns, or raise what it raises.

        Raises Hung when that takes longer than `seconds`; what it comes to later is dropped.
        """
        ended = threading.Event()
        job = _Job(function, arguments, lambda _: ended.set())
        self._put(job)
        if not ended.wait(seconds) and job.give_up():
            raise self.hung(seconds)
        result, error = job.outcome
        if error is not None:
            raise error
        return result

    def submit(
        self, function: Callable[..., Any], *arguments: Any, done: Callable[[Outcome], None]
    ) -> None:
        """Have the function called; `done` is called on the lane with what it came to."""
        self._put(_Job(function, arguments, done))

    def hung(self, seconds: float) -> Hung:
        """Return what to say of a call that takes longer than `seconds`.

        Later calls go to another thread: this one may never come back.
        """
        with self._lock:
            thread, self._thread = self._thread, None
            jobs, self._jobs = self._jobs, queue.SimpleQueue()
        jobs.put(None)
        frame = sys._current_frames().get(thread.ident or 0) if thread is not None else None
        return Hung(seconds, place_of_frame(frame))

    def stop(self) -> None:
        """End the thread after the call it is busy with; never waits."""
        self._jobs.put(None)

    def _put(self, job: _Job) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=_run, args=(self._jobs,), name=self._name, daemon=True
                )
                self._thread.start()
            self._jobs.put(job)


class _Job:
    """One call and what it came to."""

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        done: Callable[[Outcome], None],
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._done = done
        self._ended = False
        self._given_up = False
        self._lock = threading.Lock()
        self.outcome: Outcome = (None, None)

    def give_up(self) -> bool:
        """Say that nobody waits any more; False when the call has ended meanwhile."""
        with self._lock:
            self._given_up = not self._ended
            return self._given_up

    def run(self) -> None:
        """Call the function, unless nobody waits for it."""
        if self._given_up:
            return
        outcome: Outcome
        try:
            outcome = (held(self._function, *self._arguments), None)
        except Exception as error:  # noqa: BLE001  it belongs to who asked for the call
            outcome = (None, error)
        with self._lock:
            self.outcome, self._ended = outcome, True
        if not self._given_up:
            self._done(outcome)


def _run(jobs: queue.SimpleQueue[_Job | None]) -> None:
    while (job := jobs.get()) is not None:
        job.run()
        del job  # what it came to may be large
