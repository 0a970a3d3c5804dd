"""Lane: a thread of its own for code that may hang, so that only the lane hangs with it."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.plugins.place import place_of_frame

Outcome = tuple[Any, BaseException | None]


class Hung(Exception):
    """A call did not return in time; `place` is where it is: "" when Python does not know."""

    def __init__(self, seconds: float, place: str) -> None:
        super().__init__(f"it did not return within {seconds:g} s")
        self.place = place


class Behind(Exception):
    """A call was not begun: others of the plugin took all the time there was."""


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

    A call has its time from when it begins, and may wait as long to begin. Methods: any thread but
    the lane's own.
    """

    def __init__(self, name: str) -> None:
        self._name = f"mpm-monitor-plugin-{name}"
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """Return what the function returns, or raise what it raises.

        Raises Hung when that takes longer than `seconds`; what it comes to later is dropped. Raises
        Behind when it was not begun within as long.
        """
        ended = threading.Event()
        job = self.submit(function, *arguments, done=lambda _: ended.set())
        while not ended.wait(job.time_left(seconds)):
            if job.give_up(seconds):
                raise self.late(job, seconds)
        result, error = job.outcome
        if error is not None:
            raise error
        return result

    def submit(
        self, function: Callable[..., Any], *arguments: Any, done: Callable[[Outcome], None]
    ) -> Job:
        """Have the function called; `done` is called, on another thread, with what it came to."""
        job = Job(function, arguments, done)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=_run, args=(self._jobs,), name=self._name, daemon=True
                )
                self._thread.start()
            self._jobs.put(job)
        return job

    def late(self, job: Job, seconds: float) -> Hung | Behind:
        """Return what to say of a call given up after `seconds`.

        After one that hangs, later calls go to another thread: its own may never come back.
        """
        if job.thread is None:
            return Behind(f"it waited {seconds:g} s for other calls of the plugin")
        self._leave(job.thread)
        frame = sys._current_frames().get(job.thread.ident or 0)
        return Hung(seconds, place_of_frame(frame))

    def stop(self) -> None:
        """End the thread after the call it is busy with; never waits."""
        self._jobs.put(None)

    def _leave(self, thread: threading.Thread) -> None:
        """Have no more calls made by that thread; those that wait for it are told so."""
        with self._lock:
            if self._thread is not thread:
                return
            self._thread = None
            jobs, self._jobs = self._jobs, queue.SimpleQueue()
        with contextlib.suppress(queue.Empty):
            while True:
                waiting = jobs.get_nowait()
                if waiting is not None:
                    waiting.end((None, Behind("another call of the plugin did not return")))
        jobs.put(None)


class Job:
    """One call and what it came to. Any thread."""

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        done: Callable[[Outcome], None],
    ) -> None:
        self._function = function
        self._arguments = arguments
        self._done = done
        self._since = time.monotonic()
        self._ended = False
        self._given_up = False
        self._lock = threading.Lock()
        #: What runs it, None until it has begun.
        self.thread: threading.Thread | None = None
        self.outcome: Outcome = (None, None)

    def time_left(self, seconds: float) -> float:
        """Return how much is left of so many seconds since it began, or since it waits to (s)."""
        return max(0.0, self._since + seconds - time.monotonic())

    def give_up(self, seconds: float) -> bool:
        """Say that nobody waits any more; False when it has ended, or time is left after all."""
        with self._lock:
            self._given_up = not self._ended and not self.time_left(seconds)
            return self._given_up

    def run(self) -> None:
        """Call the function, unless nobody waits for it."""
        with self._lock:
            if self._given_up:
                return
            self.thread, self._since = threading.current_thread(), time.monotonic()
        outcome: Outcome
        try:
            outcome = (held(self._function, *self._arguments), None)
        except Exception as error:  # noqa: BLE001  it belongs to who asked for the call
            outcome = (None, error)
        self.end(outcome)

    def end(self, outcome: Outcome) -> None:
        """Tell who waits what the call came to."""
        with self._lock:
            self.outcome, self._ended = outcome, True
            if self._given_up:
                return
        self._done(outcome)


def _run(jobs: queue.SimpleQueue[Job | None]) -> None:
    while (job := jobs.get()) is not None:
        job.run()
        del job  # what it came to may be large
