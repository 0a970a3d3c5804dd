"""Subscriptions: functions of the program that want to hear of new events."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable

import structlog

from claude_mpm_monitor.model.event import Event

Callback = Callable[[Event], None]

#: Batches that may wait for slow subscribers before they lose some.
WAITING_BATCHES = 64


class Subscription:
    """One subscriber. `close` from any thread; a call under way then may still come to its end."""

    def __init__(
        self, owner: Subscriptions, callback: Callback, kinds: frozenset[str], session_id: str
    ) -> None:
        self._owner = owner
        self._callback = callback
        self._kinds = kinds
        self._session_id = session_id
        self._closed = False

    def offer(self, event: Event) -> None:
        """Call the function when the event is one it wants."""
        if self._closed or (self._kinds and event.kind not in self._kinds):
            return
        if self._session_id and event.session_id != self._session_id:
            return
        self._callback(event)

    def close(self) -> None:
        """Stop hearing of events."""
        self._closed = True
        self._owner.remove(self)


class Subscriptions:
    """Calls subscribers on a thread of its own, in store order."""

    def __init__(self, log: structlog.typing.FilteringBoundLogger) -> None:
        self._log = log
        self._subscribers: list[Subscription] = []
        self._lock = threading.Lock()
        self._batches: queue.Queue[list[Event]] = queue.Queue(WAITING_BATCHES)
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, callback: Callback, kinds: Iterable[str], session_id: str) -> Subscription:
        """Call `callback(event)` for each new event that fits. Any thread."""
        subscription = Subscription(self, callback, frozenset(kinds), session_id)
        with self._lock:
            self._subscribers.append(subscription)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="mpm-monitor-subscribers", daemon=True
                )
                self._thread.start()
        return subscription

    def remove(self, subscription: Subscription) -> None:
        """Forget a subscriber. Any thread."""
        with self._lock:
            if subscription in self._subscribers:
                self._subscribers.remove(subscription)

    def publish(self, events: list[Event]) -> None:
        """Pass new events on. Never waits; consumer thread."""
        if not self._subscribers:
            return
        try:
            self._batches.put_nowait(events)
        except queue.Full:
            self._log.warning("subscribers are too slow, events passed over", count=len(events))

    def close(self, timeout: float) -> None:
        """Pass on what waits, as far as time allows, and end the thread (seconds)."""
        self._closed.set()
        with contextlib.suppress(queue.Full):
            self._batches.put_nowait([])  # wakes the thread; a full queue keeps it awake anyway
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not (self._closed.is_set() and self._batches.empty()):
            for event in self._batches.get():
                with self._lock:
                    subscribers = list(self._subscribers)
                for subscription in subscribers:
                    self._offer(subscription, event)

    def _offer(self, subscription: Subscription, event: Event) -> None:
        try:
            subscription.offer(event)
        except Exception:  # noqa: BLE001  a subscriber may raise anything; others want their events
            self._log.exception("a subscriber failed", seq=event.seq)
