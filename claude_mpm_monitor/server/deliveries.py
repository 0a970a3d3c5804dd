"""PlainDeliveries: those that need nothing but to be taken, for the fast path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.server.entrance import lets_in
from claude_mpm_monitor.server.fast_path import Answer
from claude_mpm_monitor.server.ingest import IngestRoutes
from claude_mpm_monitor.server.security import HEADERS, WsgiApp


class PlainDeliveries:
    """Takes what the ingest routes would, and answers the same. Gateway thread.

    `shared`: other machines may come.
    """

    def __init__(self, ingest: IngestRoutes, *, shared: bool) -> None:
        self._ingest = ingest
        self._shared = shared

    def are_open_to(self, environ: dict[str, Any]) -> bool:
        """Tell of a request, of which the head was read, whether it is to be taken here."""
        return self._ingest.takes_at_once(environ) and lets_in(environ, shared=self._shared)

    def take(self, environ: dict[str, Any], body: bytes, done: Callable[[Answer], None]) -> None:
        """Take one whose body was read, and call `done` with what is to be answered."""
        self._ingest.take(environ, body, lambda answer: done(_said(answer, environ)))


def _said(app: WsgiApp, environ: dict[str, Any]) -> Answer:
    """Return what a WSGI application answers."""
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
        said[:] = status, headers

    body = b"".join(app(environ, start_response))
    status, headers = said
    return Answer(status, (*headers, *HEADERS), body)
