"""FastPath: deliveries, read off a connection and answered without a general HTTP server's cost.

Claude waits for each of them, and eventlet.wsgi takes 240 µs for a request, most of it for parsing
headers as if they were those of a mail. With httptools (llhttp, the parser of Node.js) it is 140,
through the same WSGI application. Whatever is out of the ordinary is left to eventlet.wsgi, from
its first byte on: anything but a POST to a delivery's path, a head that does not come at once, a
body of unknown length, a header said twice, a client that wants to be asked before it sends.

The only module that knows httptools.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from email.utils import formatdate
from functools import lru_cache
from typing import Any, BinaryIO

import httptools

from claude_mpm_monitor.server.connections import IDLE_SECONDS
from claude_mpm_monitor.server.ingest import is_delivery

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Of these the value says how the rest of the request is to be read, or that it is no plain one.
_UNUSUAL = frozenset({"HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE"})
_PLAIN = {"HTTP_CONTENT_LENGTH": "CONTENT_LENGTH", "HTTP_CONTENT_TYPE": "CONTENT_TYPE"}
_END = b"\r\n\r\n"
#: Headers of an answer that are said here, whatever the application says of them.
_OURS = frozenset({"Content-Length", "Connection"})
_CLOSE = ("Connection", "close")


class Head:
    """The head of a delivery: its WSGI environment, and what is to become of the connection."""

    def __init__(self, size: int) -> None:
        #: Bytes of it, the blank line included.
        self.size = size
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
        environ = head.environ
        length = environ.get("CONTENT_LENGTH", "")
        if not (head.is_usual and is_delivery(environ) and length.isascii() and length.isdigit()):
            return None
        head.keep = parser.should_keep_alive()
        return head if parser.get_http_version() == "1.1" else None

    # ---- called by the parser

    def on_url(self, url: bytes) -> None:
        """Take the path and the query."""
        path, _, query = url.decode("latin-1").partition("?")
        self.environ["PATH_INFO"], self.environ["QUERY_STRING"] = path, query

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        variable = _variable(name)
        if variable in self.environ or variable in _UNUSUAL:
            self.is_usual = False
        self.environ[variable] = value.decode("latin-1")


class Body:
    """What follows the head, read when it is asked for. Stands for an Input of eventlet.wsgi."""

    chunked_input = False

    def __init__(self, file: BinaryIO, length: int, socket: Any) -> None:
        self._file = file
        self._socket = socket
        self.content_length = length
        self.position = 0

    def get_socket(self) -> Any:
        """Return the connection's socket."""
        return self._socket

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, fewer where the body ends or the sender went."""
        data = self._file.read(min(size, self.content_length - self.position))
        self.position += len(data)
        return data


def answer(
    head: Head, file: BinaryIO, client: Any, addresses: tuple[Any, Any], app: WsgiApp
) -> bool:
    """Take the request whose head was read and answer it; False when the connection is to end.

    `file` reads the connection and is still before the head; `addresses` are the two ends. Green
    threads only. Raises OSError when the client has gone.
    """
    file.read(head.size)
    environ, (here, there) = head.environ, addresses
    body = Body(file, int(environ["CONTENT_LENGTH"]), client)
    posthooks: list[tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]]] = []
    environ |= {
        "REMOTE_ADDR": there[0],
        "SERVER_NAME": here[0],
        "SERVER_PORT": str(here[1]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "wsgi.input": body,
        "eventlet.input": body,
        "eventlet.posthooks": posthooks,
    }
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
        said[:] = status, headers

    try:
        content = b"".join(app(environ, start_response))
        status, headers = said
        # What is left of a body that nobody read is no request.
        keep = head.keep and body.position == body.content_length and _CLOSE not in headers
        asked = environ.get("HTTP_CONNECTION", "").lower() == "keep-alive"
        length = None if status.startswith("204") else len(content)
        begun = _begun(status, tuple(headers), length, keep=keep, asked=asked)
        client.sendall(begun + _date(int(time.time())) + content)
        return keep
    finally:
        for hook, arguments, named in posthooks:
            hook(environ, *arguments, **named)


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
