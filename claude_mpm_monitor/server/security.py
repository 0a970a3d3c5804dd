"""Who may talk to the monitor: programs of this machine, and the monitor's own pages.

A web page elsewhere reaches a server on loopback through the user's browser in two ways: across
origins, which its Origin header gives away, and by rebinding its own name to 127.0.0.1, which
the Host header gives away. Both are refused before anything else looks at the request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from claude_mpm_monitor.server.http import problem

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: A name, or an IPv6 address in brackets, and perhaps a port.
_HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

#: The page's own scripts and styles, and nothing else; {nonce} lets the import map in.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class LoopbackOnly:
    """WSGI middleware that refuses foreign hosts and foreign origins with 403."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if not is_loopback(host):
            detail = f"The host {host!r} is not this machine's loopback address."
            return problem(403, "Foreign host", detail)(environ, start_response)
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            detail = f"Pages of {origin!r} may not use this server."
            return problem(403, "Foreign origin", detail)(environ, start_response)
        return self._app(environ, start_response)


def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine's loopback interface."""
    found = _HOST.fullmatch(host.lower())
    return found is not None and (found[1] in _LOOPBACK or found[1].endswith(".localhost"))
