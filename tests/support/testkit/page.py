"""A page of the dashboard, as far as its connection goes."""

from __future__ import annotations

import queue
import threading
from typing import Any

import engineio
import socketio

NAMESPACE = "/v1"
SECONDS = 10.0


class _InOrder(engineio.Client):  # type: ignore[misc]
    """Hands messages on as they come; the original gives each a thread of its own."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *args, **{**options, "run_async": False})


class _Client(socketio.Client):  # type: ignore[misc]
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


class Page:
    """A Socket.IO client on /v1 that keeps the events it is told and what else comes."""

    def __init__(self, url: str, **options: Any) -> None:
        self.heads: list[dict[str, Any]] = []
        self.other: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._changed = threading.Condition()
        self._socket = _Client(reconnection=False)
        self._socket.on("*", self._take, namespace=NAMESPACE)
        self._socket.connect(url, namespaces=[NAMESPACE], wait_timeout=SECONDS, **options)

    @property
    def seqs(self) -> list[int]:
        """The seqs of the events told so far, in the order they were told."""
        with self._changed:
            return [head["seq"] for head in self.heads]

    def resume(self, after: object = 0) -> Page:
        """Ask for what came after a seq and for everything from then on; return once live."""
        self._socket.call("resume", {"after": after}, namespace=NAMESPACE, timeout=SECONDS)
        return self

    def ask(self, plugin: object, name: object, data: object = None) -> dict[str, Any]:
        """Ask a plugin; return the acknowledgement."""
        asked = {"plugin": plugin, "name": name, "data": data}
        told: dict[str, Any] = self._socket.call(
            "ask", asked, namespace=NAMESPACE, timeout=2 * SECONDS
        )
        return told

    def say(self, name: str, *data: Any) -> None:
        """Send anything."""
        self._socket.emit(name, *data, namespace=NAMESPACE)

    def wait_for(self, seq: int) -> list[int]:
        """Return all seqs told once one of at least `seq` was."""
        with self._changed:
            told = self._changed.wait_for(
                lambda: any(head["seq"] >= seq for head in self.heads), SECONDS
            )
            assert told, f"seq {seq} never came; the last was {self.heads[-1:]}"
        return self.seqs

    def next(self, name: str) -> Any:
        """Return what the next message of this name carries."""
        while True:
            told, body = self.other.get(timeout=SECONDS)
            if told == name:
                return body

    def close(self) -> None:
        """Leave."""
        self._socket.disconnect()

    def _take(self, name: str, body: Any = None) -> None:
        if name != "events":
            self.other.put((name, body))
            return
        with self._changed:
            self.heads += body["events"]
            self._changed.notify_all()
