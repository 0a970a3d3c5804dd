"""Who has a port, told apart: nobody, a stranger, the host's monitor, ours."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from claude_mpm_monitor.cli.port_owner import owner_of


@contextmanager
def answering(health: dict[str, object]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(health).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_free_port_has_no_owner() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    assert owner_of(port) is None


def test_a_stranger_is_named_with_its_process() -> None:
    with answering({"hello": "world"}) as port:
        owner = owner_of(port)

    assert owner is not None
    assert owner.kind == "stranger"
    assert owner.pid == os.getpid()
    assert "python" in owner.command


@pytest.mark.parametrize(
    ("extra", "kind"), [({}, "host"), ({"implementation": "mpm-monitor"}, "ours")]
)
def test_the_hosts_monitor_and_ours_are_told_apart(extra: dict[str, object], kind: str) -> None:
    with answering({"service": "claude-mpm-monitor", "pid": 42, **extra}) as port:
        owner = owner_of(port)

    assert owner is not None
    assert (owner.kind, owner.pid) == (kind, 42)
