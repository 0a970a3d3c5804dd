"""Listening sockets: bound by the caller, so that a port in use is known at once."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable
from contextlib import suppress

from claude_mpm_monitor.errors import PortInUse

BACKLOG = 512
_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL})


def bind_first(bind: str, ports: Iterable[int]) -> socket.socket:
    """Listen on the first of `ports` that is free. Raises PortInUse when none is."""
    tried: list[int] = []
    for port in ports:
        try:
            return _listen(socket.AF_INET, bind, port)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            tried.append(port)
    raise PortInUse(f"No port is free on {bind}: {', '.join(map(str, tried))} are all in use.")


def bind_beside(listener: socket.socket) -> list[socket.socket]:
    """Listen on the same port of loopback as well, as far as that can be.

    Browsers look for localhost at ::1 first; our own programs ask 127.0.0.1.
    """
    wanted = [(socket.AF_INET6, "::1")] if socket.has_ipv6 else []
    if listener.getsockname()[0] not in ("127.0.0.1", "0.0.0.0"):
        wanted.append((socket.AF_INET, "127.0.0.1"))
    found = []
    for family, address in wanted:
        with suppress(OSError):
            found.append(_listen(family, address, port_of(listener)))
    return found


def port_of(listener: socket.socket) -> int:
    """Return the port the socket listens on."""
    return int(listener.getsockname()[1])


def _listen(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by the connections; without it answers wait 40 ms for more to say.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
