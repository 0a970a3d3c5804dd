"""Clients: who is connected to the host's namespace, and what waits to be sent to each."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec
import socketio

NAMESPACE = "/"
#: Messages that may wait for one client; the oldest are dropped then, and counted.
OUTBOX = 2_000
#: A client's connection takes this many packets ahead of what it has read.
AHEAD = 48
#: Pause before trying a client again that is behind (seconds).
PAUSE = 0.01

Message = tuple[str, Any]


class Client(msgspec.Struct, kw_only=True):
    """One connection. `cursor` is the last seq its history held, None until that was sent."""

    sid: str
    connected_at: float
    user_agent: str
    remote_addr: str
    outbox: deque[tuple[int, Message]]
    cursor: int | None = None
    name: str = ""
    kind: str = "unknown"
    registered: bool = False
    version_3: bool = False


class Clients:
    """Sends to every client at the pace it reads. Green threads of the gateway only."""

    def __init__(self) -> None:
        self.by_sid: dict[str, Client] = {}
        self.dropped = 0
        self._server: socketio.Server | None = None
        self._pumping = False

    def use(self, server: socketio.Server) -> None:
        """Send through this server from now on."""
        self._server = server

    def __len__(self) -> int:
        return len(self.by_sid)

    def add(self, client: Client) -> None:
        """Take a client in. It is told nothing until `live`."""
        self.by_sid[client.sid] = client

    def remove(self, sid: str) -> None:
        """Forget a client."""
        self.by_sid.pop(sid, None)

    def live(self, client: Client, cursor: int) -> None:
        """Let the client be told what came after `cursor`, kept since it connected."""
        client.cursor = cursor
        client.outbox = deque((e for e in client.outbox if e[0] > cursor), OUTBOX)
        self._wake()

    def tell(self, client: Client, seq: int, *messages: Message) -> None:
        """Queue the messages about the event `seq`, unless the client knows it from history."""
        if client.cursor is not None and seq <= client.cursor:
            return
        for message in messages:
            self.dropped += len(client.outbox) == OUTBOX
            client.outbox.append((seq, message))
        self._wake()

    def send(self, sid: str, name: str, body: Any) -> None:
        """Send one message to one client now."""
        self._emit(name, body, sid)

    def send_all(self, name: str, body: Any) -> None:
        """Send one message to every client now."""
        self._emit(name, body, None)

    def _emit(self, name: str, body: Any, sid: str | None) -> None:
        if self._server is not None:
            self._server.emit(name, body, to=sid, namespace=NAMESPACE)

    def _wake(self) -> None:
        if not self._pumping and self._server is not None:
            self._pumping = True
            self._server.start_background_task(self._pump, self._server)

    def _pump(self, server: socketio.Server) -> None:
        while self._something_left():
            self._send_some(server)
            server.sleep(PAUSE if self._something_left() else 0)
        self._pumping = False

    def _something_left(self) -> bool:
        return any(client.outbox for client in self.by_sid.values() if client.cursor is not None)

    def _send_some(self, server: socketio.Server) -> None:
        """Send what the connections take."""
        for client in list(self.by_sid.values()):
            room = AHEAD - _waiting(server, client.sid) if client.cursor is not None else 0
            while client.outbox and room > 0:
                _, (name, body) = client.outbox.popleft()
                self._emit(name, body, client.sid)
                room -= 1


def _waiting(server: socketio.Server, sid: str) -> int:
    """How many packets the client's connection has not taken yet."""
    connection = server.manager.eio_sid_from_sid(sid, NAMESPACE)
    channel = server.eio.sockets.get(connection)
    return channel.queue.qsize() if channel is not None else 0
