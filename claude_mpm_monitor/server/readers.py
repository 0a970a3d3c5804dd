"""Readers: threads that read the store for the gateway, whose own thread must never wait."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

#: What a read came to: its result, or what it raised.
Done = Callable[[tuple[Any, Exception | None]], None]

COUNT = 4


class Readers:
    """A few daemon threads, started when they are first needed. Any thread.

    Not a ThreadPoolExecutor: the interpreter would wait at its end for a read that is still
    running.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Callable[..., Any], Any, Done] | None] = (
            queue.SimpleQueue()
        )
        self._threads: list[threading.Thread] = []

    def submit(self, function: Callable[..., Any], arguments: Any, done: Done) -> None:
        """Have the function called; `done` is called with what it came to, on a reader thread."""
        if len(self._threads) < COUNT:
            name = f"mpm-monitor-reader-{len(self._threads)}"
            thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put((function, arguments, done))

    def stop(self, timeout: float) -> None:
        """End the threads, each after the read it is busy with; wait for them so long (seconds)."""
        for _ in self._threads:
            self._jobs.put(None)
        until = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, arguments, done = job
            outcome: tuple[Any, Exception | None]
            try:
                outcome = (function(*arguments), None)
            except Exception as error:  # noqa: BLE001  it belongs to who asked for the read
                outcome = (None, error)
            done(outcome)
