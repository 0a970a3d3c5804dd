"""Who is at the other end of a connection, where the system can tell: on Linux.

A loopback port is open to every user of the machine. The kernel knows whose socket a connection
comes from, and tells anybody who asks over netlink (sock_diag(7)), in about 12 microseconds.
/proc/net/tcp says the same but lists every connection there is, which takes milliseconds.
"""

from __future__ import annotations

import enum
import errno
import os
import socket
import struct
import sys

_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_NLMSG_ERROR = 2
_ALL_STATES = 0xFFFFFFFF
_ANY_SOCKET = b"\xff" * 8

#: struct nlmsghdr: length, type, flags, number, port.
_HEADER = struct.Struct("=IHHII")
#: The rest of struct inet_diag_req_v2 before the addresses: family, protocol, extensions, states.
_REQUEST = struct.Struct("=BBBxI")
#: struct inet_diag_sockid: both ports, both addresses, interface, and any cookie.
_ADDRESSES = struct.Struct("!HH16s16s4x8s")
#: struct inet_diag_msg: family, state, timer, retransmissions, the addresses, expiry, both queues,
#: user, inode.
_ANSWER = struct.Struct("=BBBB48xIIIII")
_ERROR = struct.Struct("=i")
_PORTS = struct.Struct("!HH")

#: Something at an address: host and port, as the socket module has it.
Address = tuple[str, int]


class Peer(enum.Enum):
    """What is known of the program at the other end."""

    OURS = "of this user, or of root"
    FOREIGN = "of another user"
    #: Hung up already, or no socket of this machine.
    GONE = "gone"
    UNKNOWN = "this system does not tell"


def peer_of(connection: socket.socket) -> Peer:
    """Tell who connected. Asks the kernel, which answers at once."""
    try:
        ours, theirs = connection.getsockname()[:2], connection.getpeername()[:2]
    except OSError:
        return Peer.GONE
    if not sys.platform.startswith("linux"):
        return Peer.UNKNOWN
    try:
        found = _ask(connection.family, theirs, ours)
        # A kernel without the module for it finds nothing ever, not even our own end.
        if found is None and _ask(connection.family, ours, theirs) is None:
            return Peer.UNKNOWN
    except OSError:
        return Peer.UNKNOWN  # a sandbox without netlink
    uid = None if found is None else _owner(found, theirs, ours)
    if uid is None:
        return Peer.UNKNOWN if _is_wsl() else Peer.GONE
    return _whose(uid)


def listener_at(address: Address) -> Peer:
    """Tell who takes the connections to an address of this machine. Asks the kernel."""
    if not sys.platform.startswith("linux"):
        return Peer.UNKNOWN
    try:
        found = _ask(socket.AF_INET, address, (address[0], 0))
    except OSError:
        return Peer.UNKNOWN  # a sandbox without netlink
    uid = None if found is None else _owner(found, address, (address[0], 0))
    return Peer.UNKNOWN if uid is None else _whose(uid)


def system_tells() -> bool:
    """Whether this system tells every local peer's user. Asks about a connection of its own."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        return peer_of(connection) is Peer.OURS and not _is_wsl()


def _whose(uid: int) -> Peer:
    return Peer.OURS if uid in (0, os.geteuid()) else Peer.FOREIGN


def _is_wsl() -> bool:
    """Tell whether programs of Windows, which have no sockets here, share our loopback."""
    return "microsoft" in os.uname().release.lower()


def _ask(family: int, local: Address, remote: Address) -> bytes | None:
    """Return what the kernel says of the socket from `local` to `remote`, None if there is none.

    It offers whoever listens at `local` when the connection is no more. Raises OSError where
    netlink does not answer.
    """
    sought = _ADDRESSES.pack(
        local[1], remote[1], _packed(family, local), _packed(family, remote), _ANY_SOCKET
    )
    request = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, _ALL_STATES) + sought
    length = _HEADER.size + len(request)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as kernel:
        kernel.send(_HEADER.pack(length, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0) + request)
        # The answer is there when `send` returns.
        answer = kernel.recv(4096, socket.MSG_DONTWAIT)
    if _HEADER.unpack_from(answer)[1] != _NLMSG_ERROR:
        return answer
    number = -_ERROR.unpack_from(answer, _HEADER.size)[0]
    if number == errno.ENOENT:
        return None
    raise OSError(number, os.strerror(number))


def _owner(answer: bytes, local: Address, remote: Address) -> int | None:
    """Return the user a socket belongs to, None when it is another one or is closed."""
    ports = _PORTS.unpack_from(answer, _HEADER.size + 4)
    *_, uid, inode = _ANSWER.unpack_from(answer, _HEADER.size)
    # A socket that was closed has no inode, and older kernels say that it is root's.
    return int(uid) if inode and ports == (local[1], remote[1]) else None


def _packed(family: int, address: Address) -> bytes:
    return socket.inet_pton(family, address[0])
