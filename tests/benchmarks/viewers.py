"""Pages that follow everything, as far as their connection goes: raw websockets, drained.

They cost the machine hardly anything, so that what is measured is the server.
"""

from __future__ import annotations

import base64
import contextlib
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

#: Given what came and when (seconds of `time.perf_counter`).
Seen = Callable[[bytes, float], None]


@contextlib.contextmanager
def viewing(
    port: int, count: int, namespace: str = "/v1", seen: Seen | None = None
) -> Iterator[None]:
    """Have so many pages connected; `seen` gets what the first one is sent."""
    pages = [_connected(port, namespace) for _ in range(count)]
    stop = threading.Event()
    thread = threading.Thread(target=_drain, args=(pages, stop, seen))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for page in pages:
            page.close()


@contextlib.contextmanager
def stalled(port: int) -> Iterator[None]:
    """Have a page connected that follows everything and reads nothing."""
    page = _connected(port, "/v1")
    try:
        yield
    finally:
        page.close()


def _drain(pages: list[socket.socket], stop: threading.Event, seen: Seen | None) -> None:
    while not stop.is_set():
        ready, _, _ = select.select(pages, [], [], 0.1)
        for page in ready:
            part = page.recv(1 << 18)
            at = time.perf_counter()
            if seen is not None and page is pages[0]:
                seen(part, at)
            if part.endswith(b"\x81\x012"):
                page.sendall(_frame(b"3"))  # an answer to a ping


def _connected(port: int, namespace: str) -> socket.socket:
    page = socket.create_connection(("127.0.0.1", port), 10)
    key = base64.b64encode(os.urandom(16)).decode()
    page.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    _wait_for(page, b'"sid"')
    name = "" if namespace == "/" else f"{namespace},"
    page.sendall(_frame(f"40{name}".encode()))
    _wait_for(page, f"40{name}".encode())
    if namespace == "/v1":
        page.sendall(_frame(b'42/v1,0["resume",{"after":4000000000000}]'))
        _wait_for(page, b"43/v1,0")
    return page


def _wait_for(page: socket.socket, text: bytes) -> None:
    got = b""
    while text not in got:
        part = page.recv(65_536)
        assert part, got
        got += part


def _frame(text: bytes) -> bytes:
    """Return a text frame as clients send it: masked, here by nothing."""
    size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack(">H", len(text))
    return b"\x81" + size + b"\0\0\0\0" + text
