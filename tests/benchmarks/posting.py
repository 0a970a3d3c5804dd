"""A server in a process of its own, and clients that post to it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.runtime import Runtime

#: Clients that post at once, as many sessions would.
CLIENTS = 8


@contextlib.contextmanager
def serving(home: Path) -> Iterator[int]:
    """Run `mpm-monitor serve` over a store and give its port."""
    command = [sys.executable, "-m", "claude_mpm_monitor", "serve", "--no-browser"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, "--port", "0", "--home", str(home)], **quiet) as server:  # type: ignore[call-overload]
        try:
            owner = Runtime(Config.from_environment(home=home).runtime).wait_for_owner(30)
            assert owner is not None, "the server did not start within 30 s"
            yield owner.port
        finally:
            server.terminate()


def rate(port: int, path: str, bodies: Sequence[bytes], *, keep: bool = True) -> float:
    """Post everything as fast as it is answered; return answers a second."""
    shares = [bodies[number::CLIENTS] for number in range(CLIENTS)]
    started = time.perf_counter()
    _together([lambda share=share: _post_all(port, path, share, keep) for share in shares])  # type: ignore[misc]
    return len(bodies) / (time.perf_counter() - started)


def waits(port: int, path: str, bodies: Sequence[bytes], per_second: int) -> list[float]:
    """Post at a fixed rate; return how long each waited, counted from when it was due (ms)."""
    waited: list[float] = []
    started = time.perf_counter() + 0.1

    def post(first: int) -> None:
        with _connection(port) as connection:
            for number in range(first, len(bodies), CLIENTS):
                due = started + number / per_second
                time.sleep(max(0.0, due - time.perf_counter()))
                _post(connection, path, bodies[number], keep=True)
                waited.append((time.perf_counter() - due) * 1_000)

    _together([lambda first=first: post(first) for first in range(CLIENTS)])  # type: ignore[misc]
    return sorted(waited)


def post_at(port: int, count: int, per_second: int) -> None:
    """Post so many prompts as NDJSON at a rate, ten bodies a second; 0: as fast as it goes."""
    lines = max(1, per_second // 10) if per_second else 500
    started = time.perf_counter()
    with _connection(port) as connection:
        for first in range(0, count, lines):
            if per_second:
                time.sleep(max(0.0, started + first / per_second - time.perf_counter()))
            body = b"\n".join(
                b'{"kind":"UserPromptSubmit","session_id":"stream","payload":{"prompt":"n %d"}}'
                % number
                for number in range(first, min(first + lines, count))
            )
            _post(connection, "/api/v1/events", body, keep=True)


def _together(actions: Sequence[object]) -> None:
    threads = [threading.Thread(target=action) for action in actions]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _post_all(port: int, path: str, bodies: Sequence[bytes], keep: bool) -> None:
    if keep:
        with _connection(port) as connection:
            for body in bodies:
                _post(connection, path, body, keep)
        return
    for body in bodies:
        with _connection(port) as connection:
            _post(connection, path, body, keep)


@contextlib.contextmanager
def _connection(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def _post(connection: socket.socket, path: str, body: bytes, keep: bool) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: {'keep-alive' if keep else 'close'}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    answer = http.client.HTTPResponse(connection, method="POST")
    answer.begin()
    text = answer.read()
    answer.close()
    assert answer.status in (200, 204), (answer.status, text)
