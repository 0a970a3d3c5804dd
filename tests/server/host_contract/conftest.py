"""A running monitor and one of the host's clients connected to it."""

from __future__ import annotations

import json
import queue
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from claude_mpm_monitor.monitor import Monitor

SECONDS = 5.0


class HostClient:
    """Speaks the host's event names and keeps all it is told, in order."""

    def __init__(self, url: str) -> None:
        self._told: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._socket = socketio.Client(reconnection=False)
        self._socket.on("*", self._keep)
        self._socket.connect(url)

    def _keep(self, name: str, body: Any = None) -> None:
        self._told.put((name, body))

    def say(self, name: str, *data: Any) -> None:
        """Send an event."""
        self._socket.emit(name, *data)

    def next(self, name: str) -> Any:
        """Wait for the next event of that name and return what it carries."""
        while True:
            told, body = self._told.get(timeout=SECONDS)
            if told == name:
                return body

    def ask(self, name: str, data: Any, answer: str) -> Any:
        """Send an event and return what the answer carries."""
        self.say(name, data)
        return self.next(answer)

    def live(self) -> HostClient:
        """Return when the history was sent, so that what follows is live."""
        self.next("event_history")
        return self

    def names_until(self, last: str) -> list[str]:
        """Return the names of what comes up to the event `last`."""
        names: list[str] = []
        while not names or names[-1] != last:
            names.append(self._told.get(timeout=SECONDS)[0])
        return names

    def close(self) -> None:
        """Leave."""
        self._socket.disconnect()


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    with Monitor(home=tmp_path / "store", port=0) as running:
        yield running


@pytest.fixture
def connect(monitor: Monitor) -> Iterator[Callable[[], HostClient]]:
    clients: list[HostClient] = []

    def connected() -> HostClient:
        clients.append(HostClient(monitor.url))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


Post = Callable[..., int]
Get = Callable[[str], tuple[int, Any]]


@pytest.fixture
def post(monitor: Monitor) -> Post:
    """POST a hook payload (or another body) and return the status."""

    def send(body: Any, path: str = "/hooks/claude") -> int:
        request = urllib.request.Request(
            monitor.url + path, data=json.dumps(body).encode(), method="POST"
        )
        return answer_of(request)[0]

    return send


@pytest.fixture
def get(monitor: Monitor) -> Get:
    """GET a path and return (status, JSON or text)."""

    def fetch(path: str) -> tuple[int, Any]:
        return answer_of(urllib.request.Request(monitor.url + path))

    return fetch


def answer_of(request: urllib.request.Request) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            status, body, kind = (
                response.status,
                response.read(),
                response.headers.get_content_type(),
            )
    except urllib.error.HTTPError as error:
        with error:
            status, body, kind = error.code, error.read(), error.headers.get_content_type()
    return status, json.loads(body) if kind.endswith("json") else body.decode()


def hook(kind: str, **fields: Any) -> dict[str, Any]:
    """A hook payload as Claude Code writes it."""
    common = {"session_id": "s1", "transcript_path": "/t/s1.jsonl", "cwd": "/proj"}
    return {**common, "hook_event_name": kind, **fields}


def tool(kind: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    """A hook payload about a call of Bash."""
    call = {"tool_name": "Bash", "tool_input": {"command": "ls"}, "tool_use_id": f"toolu_{number}"}
    return hook(kind, **call, **fields)
