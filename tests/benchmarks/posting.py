"""A server in a process of its own, and how to talk to it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.runtime import Runtime

_numbers = itertools.count()


@contextlib.contextmanager
def serving(home: Path) -> Iterator[int]:
    """Run `mpm-monitor serve` over a store and give its port."""
    command = [sys.executable, "-m", "claude_mpm_monitor", "serve", "--no-browser"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, "--port", "0", "--home", str(home)], **quiet) as server:  # type: ignore[call-overload]
        try:
            owner = Runtime(Config.from_environment(home=home).runtime).wait_for_owner(120)
            assert owner is not None, "the server did not start within 120 s"
            yield owner.port
        finally:
            server.terminate()


def post_at(port: int, count: int, per_second: int) -> None:
    """Post so many prompts as NDJSON at a rate, ten bodies a second; 0: as fast as it goes.

    Each is another: the same, said again at once, would be one event.
    """
    lines = max(1, per_second // 10) if per_second else 500
    started = time.perf_counter()
    with connection(port) as sock:
        for first in range(0, count, lines):
            if per_second:
                time.sleep(max(0.0, started + first / per_second - time.perf_counter()))
            body = b"\n".join(
                b'{"kind":"UserPromptSubmit","session_id":"stream","payload":{"prompt":"n %d"}}'
                % next(_numbers)
                for _ in range(first, min(first + lines, count))
            )
            post(sock, "/api/v1/events", body, keep=True)


@contextlib.contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    """Give a connection that sends at once."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield sock


def post(sock: socket.socket, path: str, body: bytes, *, keep: bool) -> None:
    """Post a body and wait for its answer."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {'keep-alive' if keep else 'close'}\r\n\r\n"
    )
    sock.sendall(head.encode() + body)
    _answer(sock, "POST")


def get(sock: socket.socket, path: str) -> bytes:
    """Return what is answered, on a connection that is kept."""
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return _answer(sock, "GET")


def _answer(sock: socket.socket, method: str) -> bytes:
    answer = http.client.HTTPResponse(sock, method=method)
    answer.begin()
    text = answer.read()
    answer.close()
    assert answer.status in (200, 204), (answer.status, text)
    return text
