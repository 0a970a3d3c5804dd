"""Serving: how connections are accepted, served, and hung up on. Gateway thread only.

Each begins on the fast path; what is no usual delivery is eventlet.wsgi's, a green thread for each
connection.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.server.connections import PLACES, Connection, Connections, hang_up
from claude_mpm_monitor.server.fast_path import Deliveries, FastPath
from claude_mpm_monitor.server.green import GreenSocket, Readable, eventlet, hubs
from claude_mpm_monitor.server.security import Admission

Admit = Callable[[socket.socket], Admission]
WsgiApp = Callable[..., Any]

#: Connections accepted before what is there already has its turn.
ACCEPTED_AT_ONCE = 16
#: How long to wait when no descriptor is left for one (seconds).
FULL_SECONDS = 0.05


class Serving:
    """Serves an application, and deliveries beside it, on any number of listening sockets."""

    def __init__(
        self,
        app: WsgiApp,
        deliveries: Deliveries,
        connections: Connections,
        admit: Admit,
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._app = app
        self._admit = admit
        self._connections = connections
        self._fast_path = FastPath(connections, deliveries, self._serve_generally, log)
        self._green = eventlet.GreenPool(PLACES)
        self._listeners: dict[socket.socket, Readable | None] = {}

    def listen(self, listener: socket.socket) -> None:
        """Serve on a socket that is bound and listening."""
        listener.setblocking(False)
        self._watch(listener)

    def running(self) -> int:
        """How many connections there are."""
        return len(self._connections)

    def stop_listening(self) -> None:
        """Accept no more connections."""
        for watched in self._listeners.values():
            if watched is not None:
                watched.stop()
        self.let_go()

    def let_go(self) -> None:
        """Close the ports, also in a child of fork(), which must not hold them open."""
        for listener in self._listeners:
            with contextlib.suppress(OSError):
                listener.close()

    def hang_up(self) -> None:
        """Wake every connection that waits for its peer."""
        for connection in self._connections.sockets():
            hang_up(connection)

    def abandon(self) -> None:
        """Close every connection whose green thread will never come to its end."""
        for connection in self._connections.sockets():
            self._connections.close(connection)

    # ---- accepting

    def _watch(self, listener: socket.socket) -> None:
        self._listeners[listener] = Readable(listener.fileno(), partial(self._accept, listener))

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                connection, address = listener.accept()
            except BlockingIOError:
                return
            except OSError:
                # No descriptor is left, the peer has gone, the network is down (accept(2)).
                self._pause(listener)
                return
            # What eventlet still has under this number is of a connection before.
            hubs.notify_opened(connection.fileno())
            self._begin(connection, address)

    def _pause(self, listener: socket.socket) -> None:
        """Look again a little later: by then it may be possible."""
        watched, self._listeners[listener] = self._listeners[listener], None
        if watched is not None:
            watched.stop()
            hubs.get_hub().schedule_call_global(FULL_SECONDS, self._resume, listener)

    def _resume(self, listener: socket.socket) -> None:
        if listener.fileno() >= 0:
            self._watch(listener)

    def _begin(self, client: socket.socket, address: tuple[Any, ...]) -> None:
        client.setblocking(False)
        leaving = self._connections.to_make_room()
        if leaving is not None:
            hang_up(leaving)
        admission = self._admit(client)
        connection = self._connections.opened(client, address[0], admission.proven)
        if admission.refusal:
            send_and_hang_up(client, admission.refusal)
            self._connections.close(client)
        else:
            self._fast_path.serve(connection)

    # ---- everything but usual deliveries

    def _serve_generally(self, connection: Connection, begun: bytes) -> None:
        """Have eventlet.wsgi serve a connection, of which so much was read."""
        client: socket.socket = connection.socket
        if not self._green.free():
            self._connections.close(client)  # those who were hung up on are not through yet
            return
        try:
            ends = client.getsockname(), client.getpeername()
        except OSError:
            self._connections.close(client)  # it has gone
            return
        server = eventlet.wsgi.Server(
            client,
            ends[0],
            self._app,
            log_output=False,
            debug=False,
            # Connections that take too long are swept: a timer for each wait costs 15 µs.
            socket_timeout=None,
            keepalive=True,
            protocol=_Protocol,
        )
        state = [ends[1], _Begun(client, begun), eventlet.wsgi.STATE_IDLE]
        green = self._green.spawn(server.process_request, state)
        green.link(lambda _: self._connections.close(client))


class _Begun(GreenSocket):  # type: ignore[misc]
    """A connection of which something was read already: that comes first."""

    def __init__(self, client: socket.socket, begun: bytes) -> None:
        super().__init__(client, set_nonblocking=False)
        self._begun = begun

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        """Read into a buffer, and return how many bytes."""
        if not self._begun:
            return super().recv_into(buffer, nbytes, flags)  # type: ignore[no-any-return]
        part = self._begun[: nbytes or len(buffer)]
        self._begun = self._begun[len(part) :]
        buffer[: len(part)] = part
        return len(part)


class _Protocol(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
    """HTTP that prints nothing, and does not wait for a body that is too large to be taken."""

    def log_message(self, *message: Any) -> None:
        """Drop it: the terminal belongs to Claude."""

    def handle_one_request(self) -> None:
        """Answer the next request."""
        super().handle_one_request()
        # A browser has sent its next request by now. Without giving way this connection would
        # take all the turns: the others of a page that loads waited for 300 ms.
        eventlet.sleep(0)

    def handle_one_response(self) -> None:
        """Answer; what is left of too large a body is not read, so the connection ends."""
        if int(self.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            self.close_connection = True
        super().handle_one_response()


def send_and_hang_up(client: socket.socket, answer: bytes) -> None:
    # Into empty buffers it goes at once, whether anybody is there to read it or not.
    with contextlib.suppress(OSError):
        client.send(answer)
    hang_up(client)
