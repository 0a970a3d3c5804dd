"""Watch: stands before everything else, notes what each connection is in the middle of."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Any
from urllib.parse import parse_qs

from claude_mpm_monitor.server.connections import Connection, Connections, Phase
from claude_mpm_monitor.server.http import problem

WsgiApp = Callable[..., Any]

#: Socket.IO clients at once: pages, and programs that listen.
MAX_LISTENERS = 200


class Watch:
    """WSGI middleware. Gateway thread only. `listeners` are the Socket.IO clients there are."""

    def __init__(
        self,
        app: WsgiApp,
        connections: Connections,
        listeners: Sized,
    ) -> None:
        self._app = app
        self._connections = connections
        self._listeners = listeners

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ["wsgi.errors"] = SILENT
        body = environ["eventlet.input"]
        connection = self._connections.of(body.get_socket().fd)
        environ["mpm_monitor.proven"] = connection.proven
        connection.is_read = lambda: _is_read(body)
        listens = environ["PATH_INFO"].startswith("/socket.io/")
        awaited = Phase.LISTENING if listens and connection.is_read() else Phase.BODY
        self._connections.moved(connection, awaited)
        environ["eventlet.posthooks"].append((self._answered, (connection,), {}))
        if listens and self._is_full(environ):
            detail = f"{MAX_LISTENERS} pages and programs listen already; close one."
            return problem(503, "Too many listeners", detail)(environ, start_response)
        return self._app(environ, start_response)

    def _answered(self, environ: dict[str, Any], connection: Connection) -> None:
        self._connections.moved(connection, Phase.IDLE)

    def _is_full(self, environ: dict[str, Any]) -> bool:
        is_new = "sid" not in parse_qs(environ.get("QUERY_STRING", ""))
        return is_new and len(self._listeners) >= MAX_LISTENERS


def without_compression(app: WsgiApp) -> WsgiApp:
    """Keep browsers from negotiating per-message deflate: it costs 25 times its use here."""

    def stripped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return app(environ, start_response)

    return stripped


class Silent:
    """Where eventlet.wsgi would write to stderr."""

    def write(self, text: str) -> None:
        """Drop it: requests are counted elsewhere, and the terminal belongs to Claude."""

    def flush(self) -> None:
        """Nothing waits."""


SILENT = Silent()


def _is_read(body: Any) -> bool:
    """Tell whether all of a request's body has come (an Input of eventlet.wsgi)."""
    if body.chunked_input:
        return bool(body.chunk_length == 0)
    return bool(body.position >= (body.content_length or 0))
