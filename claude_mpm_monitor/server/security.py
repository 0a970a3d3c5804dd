"""Who may talk to the monitor: programs of this user, and the monitor's own pages.

Another user of this machine is told apart by whose socket a connection comes from; see peers.py.

A web page elsewhere reaches a server on loopback through the user's browser in three ways: across
origins, which its Origin header gives away; by embedding what it cannot read (<script>, <img>),
which has no Origin but the browser's Sec-Fetch headers; and by rebinding its own name to
127.0.0.1, which the Host header gives away. All are refused before anything else looks at the
request.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec
import structlog

from claude_mpm_monitor.server.http import problem
from claude_mpm_monitor.server.peers import Peer, peer_of

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


#: Said with every answer: no other page may embed it, frame it or keep a handle on its window.
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
)


class Admission(msgspec.Struct, frozen=True):
    """What becomes of a connection: `refusal` is sent before hanging up, if there is one.

    `proven`: the system says that its other end is this user's.
    """

    refusal: bytes = b""
    proven: bool = False


class UsersOnly:
    """Refuses connections of other users of this machine. Gateway thread.

    Where the system does not tell, and from other machines if `shared`, they get as far as the
    `Entrance`.
    """

    def __init__(self, log: structlog.typing.FilteringBoundLogger, *, shared: bool) -> None:
        self._log = log
        self._shared = shared
        self._said: set[Peer] = set()

    def __call__(self, connection: socket.socket) -> Admission:
        """Say what becomes of a new connection."""
        peer = peer_of(connection)
        if peer is Peer.OURS:
            return Admission(proven=True)
        if peer is Peer.GONE and self._shared and not _is_local(connection):
            return Admission()
        if peer is not Peer.GONE and peer not in self._said:
            self._said.add(peer)
            self._log.warning("a connection is not known to be this user's", peer=peer.value)
        return Admission() if peer is Peer.UNKNOWN else Admission(refusal=_ANOTHER_USER)


def _is_local(connection: socket.socket) -> bool:
    try:
        return is_local_address(connection.getpeername()[0])
    except OSError:
        return True  # it has gone: whose it was cannot be told any more


def is_local_address(address: str) -> bool:
    """Tell whether an IP address is one of loopback."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None)
    return bool((inner or found).is_loopback)


def is_asked_by_us(environ: dict[str, Any]) -> bool:
    """Tell whether a request comes from our page, the address bar, a link, or no browser."""
    if environ.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none"):
        return True
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
        and environ.get("HTTP_SEC_FETCH_DEST") == "document"
    )


@lru_cache(64)
def is_loopback(host: str) -> bool:
    """Tell whether a Host header names this machine's loopback interface."""
    found = _HOST.fullmatch(host.lower())
    return found is not None and (found[1] in _LOOPBACK or found[1].endswith(".localhost"))


def _refusal() -> bytes:
    detail = (
        "This monitor belongs to another user of this machine: "
        "start one of your own with `mpm-monitor serve --port 0`."
    )
    body = problem(403, "Another user", detail).get_data()
    head = (
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


_ANOTHER_USER = _refusal()
