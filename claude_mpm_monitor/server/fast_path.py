"""FastPath: deliveries, taken off a connection and answered without a general HTTP server's cost.

Claude waits for each of them. eventlet.wsgi takes 240 µs for one: headers parsed as if they were
those of a mail, a green thread that leaves and enters the hub's poll for each read, and every
layer of the application. Here the hub calls when something has come, httptools (llhttp, the parser
of Node.js) reads the head, and what may be answered at once is: 41 µs. A connection begins here and
stays while all it brings are usual deliveries. Whatever is out of the ordinary is left to
eventlet.wsgi, from its first byte on: anything but a POST to a delivery's path, a head that does
not come at once, a body of unknown length, a header said twice, a client that wants to be asked
before it sends, or who is not to be let in.

The only module that knows httptools.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import httptools
import structlog

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.server.connections import (
    IDLE_SECONDS,
    Connection,
    Connections,
    Phase,
)
from claude_mpm_monitor.server.green import Readable

#: Read at once (bytes), and of a large body.
READ_BYTES, LARGE_READ_BYTES = 1 << 16, 1 << 20
#: Of these the value says how the rest of the request is to be read, or that it is no plain one.
_UNUSUAL = frozenset({"HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE"})
_PLAIN = {"HTTP_CONTENT_LENGTH": "CONTENT_LENGTH", "HTTP_CONTENT_TYPE": "CONTENT_TYPE"}
_END = b"\r\n\r\n"
#: Headers of an answer that are said here, whatever the application says of them.
_OURS = frozenset({"Content-Length", "Connection"})


class Answer(NamedTuple):
    """What is said to a delivery; `status` is a number and its name."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Deliveries(Protocol):
    """Who takes deliveries. Gateway thread; neither method waits for anything."""

    def are_open_to(self, environ: dict[str, Any]) -> bool:
        """Tell of a request, of which the head was read, whether it is to be taken here."""

    def take(self, environ: dict[str, Any], body: bytes, done: Callable[[Answer], None]) -> None:
        """Take one whose body was read, and call `done` with what is to be answered."""


class Head:
    """The head of a delivery: its WSGI environment, and what is to become of the connection."""

    def __init__(self, size: int) -> None:
        #: Bytes of it, the blank line included, and of the body behind it.
        self.size = size
        self.length = 0
        self.environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "wsgi.url_scheme": "http"}
        self.keep = False
        self.is_usual = True

    @classmethod
    def read(cls, begun: bytes) -> Head | None:
        """Return the head that a connection's next bytes begin with, None if it is no usual one."""
        size = begun.find(_END) + len(_END)
        if not begun.startswith(b"POST /") or size < len(_END):
            return None
        head = cls(size)
        parser = httptools.HttpRequestParser(head)
        try:
            parser.feed_data(begun[:size])
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return None  # eventlet.wsgi has an answer to it
        length = head.environ.get("CONTENT_LENGTH", "")
        if not (head.is_usual and length.isascii() and length.isdigit() and len(length) < 20):
            return None
        # Of a body that is none the parser does not say whether the connection is to be kept.
        if not int(length):
            return None
        head.length = int(length)
        head.keep = parser.should_keep_alive()
        # Our command hooks speak 1.0: they want the connection closed.
        is_usual = parser.get_http_version() in ("1.0", "1.1") and head.length <= MAX_BODY_BYTES
        return head if is_usual else None

    # ---- called by the parser

    def on_url(self, url: bytes) -> None:
        """Take the path and the query."""
        path, _, query = url.decode("latin-1").partition("?")
        self.environ["PATH_INFO"], self.environ["QUERY_STRING"] = path, query

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        variable = _variable(name)
        # With an underscore it would pass for another header: eventlet.wsgi drops it.
        if variable in self.environ or variable in _UNUSUAL or b"_" in name:
            self.is_usual = False
        self.environ[variable] = value.decode("latin-1")


class FastPath:
    """Connections while all they bring are usual deliveries. Gateway thread only.

    `leave` serves what comes on a connection that is out of the ordinary, given what was read.
    """

    def __init__(
        self,
        connections: Connections,
        deliveries: Deliveries,
        leave: Callable[[Connection, bytes], None],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self.connections = connections
        self.deliveries = deliveries
        self.leave = leave
        self.log = log

    def serve(self, connection: Connection) -> None:
        """Serve a connection that was just accepted, whose socket does not block."""
        _Lane(self, connection).read()


class _Lane:
    """One connection: reads a request, has it taken, answers, and reads the next."""

    def __init__(self, path: FastPath, connection: Connection) -> None:
        self._path = path
        self._connection = connection
        self._socket: socket.socket = connection.socket
        self._watched: Readable | None = None
        #: What has come and is not taken yet.
        self._parts: list[bytes] = []
        self._size = 0
        #: The request that is under way, and whether all of it has come.
        self._head: Head | None = None
        self._is_read = False
        connection.is_read = lambda: self._is_read

    def read(self) -> None:
        """Take what has come. Called by the hub, too."""
        if self._is_read:
            # The next request, or a goodbye: it waits until this one is answered.
            self._unwatch()
        else:
            self._guarded(self._read)

    def _guarded(self, step: Callable[..., None], *arguments: Any) -> None:
        try:
            step(*arguments)
        except Exception:  # the connection's boundary: the log gets the rest
            self._path.log.exception("a delivery failed")
            self._close()

    def _read(self) -> None:
        head = self._head
        missing = head.size + head.length - self._size if head is not None else 0
        try:
            part = self._socket.recv(min(max(READ_BYTES, missing), LARGE_READ_BYTES))
        except BlockingIOError:
            self._watch()
            return
        except OSError:
            part = b""
        if not part:
            # A body that is cut off is refused and counted there.
            self._close() if head is None else self._leave()
            return
        self._parts.append(part)
        self._size += len(part)
        self._go_on()

    def _go_on(self) -> None:
        """Do what can be done with what has come."""
        head = self._head
        if head is None:
            self._head = head = Head.read(self._joined())
            if head is None or not self._is_open_to(head):
                self._leave()
                return
            self._moved(Phase.BODY)
        end = head.size + head.length
        if self._size < end:
            self._watch()
            return
        begun = self._joined()
        self._parts, self._size = ([begun[end:]], len(begun) - end) if end < len(begun) else ([], 0)
        self._is_read = True
        self._moved(Phase.ANSWER)
        self._path.deliveries.take(head.environ, begun[head.size : end], self._done)

    def _is_open_to(self, head: Head) -> bool:
        head.environ["REMOTE_ADDR"] = self._connection.address
        head.environ["mpm_monitor.proven"] = self._connection.proven
        return self._path.deliveries.are_open_to(head.environ)

    def _done(self, answer: Answer) -> None:
        self._guarded(self._answer, answer)

    def _answer(self, answer: Answer) -> None:
        head, self._head, self._is_read = self._head, None, False
        assert head is not None
        asked = head.environ.get("HTTP_CONNECTION", "").lower() == "keep-alive"
        length = None if answer.status.startswith("204") else len(answer.body)
        begun = _begun(answer.status, answer.headers, length, keep=head.keep, asked=asked)
        said = begun + _date(int(time.time())) + answer.body
        try:
            # It fits into what the system keeps for a reader, unless that one never reads.
            is_said = self._socket.send(said) == len(said)
        except OSError:
            is_said = False  # there is nobody to answer
        if not (is_said and head.keep):
            self._close()
            return
        self._moved(Phase.IDLE)
        if self._parts:
            self._go_on()
        else:
            self._watch()

    def _joined(self) -> bytes:
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0]

    def _moved(self, phase: Phase) -> None:
        self._path.connections.moved(self._connection, phase)

    def _watch(self) -> None:
        """Be called when something comes."""
        if self._watched is None:
            self._watched = Readable(self._socket.fileno(), self.read)

    def _unwatch(self) -> None:
        if self._watched is not None:
            self._watched.stop()
            self._watched = None

    def _leave(self) -> None:
        self._unwatch()
        self._path.leave(self._connection, self._joined())

    def _close(self) -> None:
        self._unwatch()
        self._path.connections.close(self._socket)


@lru_cache(256)
def _variable(name: bytes) -> str:
    """Return what WSGI calls a header."""
    variable = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    return _PLAIN.get(variable, variable)


@lru_cache(64)
def _begun(
    status: str,
    headers: tuple[tuple[str, str], ...],
    length: int | None,
    *,
    keep: bool,
    asked: bool,
) -> bytes:
    """Return an answer's head up to its date: most deliveries are answered alike."""
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name}: {value}" for name, value in headers if name not in _OURS]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    if not keep:
        lines.append("Connection: close")
    elif asked:
        lines.append(f"Connection: keep-alive\r\nKeep-Alive: timeout={IDLE_SECONDS:.0f}")
    return ("\r\n".join(lines) + "\r\n").encode("latin-1")


@lru_cache(1)
def _date(second: int) -> bytes:
    """Return the last header and the blank line behind it."""
    return f"Date: {formatdate(second, usegmt=True)}\r\n\r\n".encode()
