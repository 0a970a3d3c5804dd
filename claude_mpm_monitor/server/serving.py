"""Serving: how connections are accepted, read, answered and closed. Gateway thread only."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.server.connections import PASSING, PLACES, Connections
from claude_mpm_monitor.server.fast_path import Head, answer
from claude_mpm_monitor.server.green import GreenSocket, eventlet
from claude_mpm_monitor.server.security import Admission

Admit = Callable[[socket.socket], Admission]


class Listener(GreenSocket):  # type: ignore[misc]
    """A listening socket on which accepting goes on: eventlet.wsgi would give up for good."""

    def accept(self) -> Any:
        """Return the next connection, when there is one and a descriptor for it."""
        while True:
            try:
                return super().accept()
            except OSError as error:
                if error.errno not in PASSING:
                    raise
                eventlet.sleep(0.05)


class Protocol(eventlet.wsgi.HttpProtocol):  # type: ignore[misc]
    """HTTP that prints nothing, and does not wait for a body that is too large to be taken."""

    def log_message(self, *message: Any) -> None:
        """Drop it: the terminal belongs to Claude."""

    def setup(self) -> None:
        """Prepare the connection, and ask once where it goes from and to."""
        super().setup()
        self._ends = (self.connection.fd.getsockname(), self.client_address)

    def handle_one_request(self) -> None:
        """Answer the next request, which in most cases delivers something."""
        head = Head.read(self._begun())
        if head is None:
            super().handle_one_request()
            # A browser has sent its next request by now. Without giving way this connection would
            # take all the turns: the others of a page that loads waited for 300 ms.
            eventlet.sleep(0)
            return
        self.conn_state[2] = eventlet.wsgi.STATE_REQUEST
        try:
            self.close_connection = not answer(
                head, self.rfile, self.connection, self._ends, self.server.app
            )
        except OSError:
            self.close_connection = True  # there is nobody to answer

    def _begun(self) -> bytes:
        """Return what has come of the next request, once something has; b"" when nothing will."""
        try:
            return self.rfile.peek(1)  # type: ignore[no-any-return]
        except (OSError, ValueError):
            return b""

    def handle_one_response(self) -> None:
        """Answer; what is left of too large a body is not read, so the connection ends."""
        if int(self.headers.get("content-length") or 0) > MAX_BODY_BYTES:
            self.close_connection = True
        super().handle_one_response()


class ConnectionPool(eventlet.GreenPool):  # type: ignore[misc]
    """Runs connections and knows their sockets, so that they can be hung up on."""

    def __init__(self, connections: Connections, admit: Admit) -> None:
        super().__init__(PLACES)
        self._admit = admit
        self._connections = connections

    def spawn(self, function: Callable[..., Any], connection: list[Any]) -> Any:
        """Serve a connection: [address, socket, state] as eventlet.wsgi hands it over."""
        address, client = connection[0][0], connection[1]
        leaving = self._connections.to_make_room()
        if leaving is not None:
            hang_up(leaving)
        admission = self._admit(client.fd)
        self._connections.opened(client, address, admission.proven)
        if admission.refusal:
            thread = super().spawn(send_and_close, client, admission.refusal)
        else:
            thread = super().spawn(function, connection)
        thread.link(lambda _: self._close(client))
        return thread

    def waitall(self) -> None:
        """Return at once: eventlet.wsgi would wait for connections that never end."""

    def hang_up(self) -> None:
        """Wake every connection that waits for its peer."""
        for client in self._connections.sockets():
            hang_up(client)

    def abandon(self) -> None:
        """Close every connection whose green thread will never come to its end."""
        for client in self._connections.sockets():
            self._close(client)

    def _close(self, client: GreenSocket) -> None:
        self._connections.closed(client)
        # Closed for good, though eventlet's files over it (a websocket has some) are still open.
        with contextlib.suppress(OSError):
            descriptor = client.fd.detach()
            if descriptor >= 0:
                os.close(descriptor)


def send_and_close(client: GreenSocket, answer: bytes) -> None:
    # Into empty buffers it goes at once, whether anybody is there to read it or not.
    with contextlib.suppress(OSError):
        client.fd.send(answer)
    hang_up(client)


def hang_up(connection: GreenSocket) -> None:
    # The peer may have closed it already.
    with contextlib.suppress(OSError):
        connection.fd.shutdown(socket.SHUT_RDWR)
