"""Other users of this machine are kept out of a loopback port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from testkit.payloads import Talk
from testkit.wire import SECONDS, post

from claude_mpm_monitor.access import Token
from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server import peers
from claude_mpm_monitor.server.peers import Peer, listener_at, peer_of

NOBODY = 65534
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells users")
root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

#: Becomes the user, sends standard input to the address, prints what comes back.
CLIENT = """
import encodings.idna, os, socket, sys  # all of it now: that user may not read our Python's files
uid, host, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
request = sys.stdin.buffer.read()
os.setgroups([]); os.setgid(uid); os.setuid(uid)
with socket.create_connection((host, port), timeout=10) as connection:
    try:
        connection.sendall(request)
    except OSError:
        pass
    answer = b""
    try:
        while part := connection.recv(65536):
            answer += part
    except ConnectionResetError:
        pass
sys.stdout.buffer.write(answer)
"""

#: Becomes the user, answers all as the monitor that was there, and prints what it was sent.
SQUATTER = """
import os, socket, sys, threading
uid = int(sys.argv[1])
os.setgroups([]); os.setgid(uid); os.setuid(uid)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def serve():
    while True:
        connection, _ = listener.accept()
        with connection:
            print(connection.recv(65536).decode(), flush=True)
            body = b'{"pid": %d, "url": "http://evil", "token_demanded": true}' % os.getpid()
            connection.sendall(
                b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%b" % (len(body), body)
            )
threading.Thread(target=serve, daemon=True).start()
sys.stdin.read()
"""


def ask_as(uid: int, port: int, request: bytes, host: str = "127.0.0.1") -> bytes:
    """Send bytes as another user, and return all that comes back."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", CLIENT, str(uid), host, str(port)],
        input=request,
        stdout=subprocess.PIPE,
        timeout=2 * SECONDS,
        check=True,
    ).stdout


def asking(method: str, path: str, body: bytes = b"") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


WEBSOCKET = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@linux
@root
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(asking("GET", "/"), id="page"),
        pytest.param(asking("GET", "/health"), id="health"),
        pytest.param(asking("GET", "/api/v1/events"), id="events"),
        pytest.param(asking("GET", "/socket.io/?EIO=4&transport=polling"), id="polling"),
        pytest.param(WEBSOCKET, id="websocket"),
        pytest.param(b"GET / HTTP/1.1\r\n", id="half a request"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_another_user_reads_nothing(running: Monitor, sent: bytes) -> None:
    answer = ask_as(NOBODY, running.port, sent)

    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"belongs to another user" in answer


@linux
@root
def test_another_user_plants_nothing(running: Monitor, talk: Talk) -> None:
    ours = int(running.ingest_url.split(":")[2].split("/")[0])
    for port in (running.port, ours):
        body = b'{"hook_event_name":"Stop","session_id":"%s"}' % talk.session_id.encode()

        answer = ask_as(NOBODY, port, asking("POST", "/hooks/claude", body))

        assert answer.startswith(b"HTTP/1.1 403 ")
    assert running.query.counts(talk.session_id)["events"] == 0


@linux
@root
def test_another_user_is_refused_over_ipv6(running: Monitor) -> None:
    try:
        socket.create_connection(("::1", running.port), timeout=SECONDS).close()
    except OSError:
        pytest.skip("no IPv6 here")

    assert ask_as(NOBODY, running.port, asking("GET", "/health"), "::1").startswith(
        b"HTTP/1.1 403 "
    )
    assert ask_as(0, running.port, asking("GET", "/health"), "::1").startswith(b"HTTP/1.1 200 ")


@linux
@root
def test_the_same_user_is_served(running: Monitor) -> None:
    assert ask_as(0, running.port, asking("GET", "/health")).startswith(b"HTTP/1.1 200 ")


@linux
@root
def test_a_user_is_served_their_own_monitor_and_so_is_root(
    running: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)

    for uid in (NOBODY, 0):
        answer = ask_as(uid, running.port, asking("GET", "/health"))
        assert answer.startswith(b"HTTP/1.1 200 ")
    assert ask_as(1, running.port, asking("GET", "/health")).startswith(b"HTTP/1.1 403 ")


@linux
def test_an_ipv6_socket_that_speaks_ipv4_is_known(running: Monitor) -> None:
    """As Node and Java may have it."""
    with socket.socket(socket.AF_INET6) as client:
        try:
            client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            client.settimeout(SECONDS)
            client.connect(("::ffff:127.0.0.1", running.port))
        except OSError:
            pytest.skip("no IPv6 here")
        client.sendall(asking("GET", "/health"))

        assert client.recv(12) == b"HTTP/1.1 200"


@linux
def test_whoever_hung_up_is_nobody() -> None:
    """Else a user could send something, close, and pass as root: such a socket is nobody's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=SECONDS)
        connection, _ = listener.accept()
        with connection:
            assert peer_of(connection) is Peer.OURS
            client.sendall(b"POST / HTTP/1.1\r\n")
            client.shutdown(socket.SHUT_WR)
            assert peer_of(connection) is Peer.OURS
            client.close()
            assert peer_of(connection) is Peer.GONE


@linux
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_who_listens_is_known_before_anything_is_said_to_them(host: str) -> None:
    with socket.create_server((host, 0)) as listener:
        port = listener.getsockname()[1]
        assert listener_at(("127.0.0.1", port)) is Peer.OURS

    assert listener_at(("127.0.0.1", port)) is Peer.UNKNOWN


@linux
@root
def test_another_user_who_took_the_port_of_a_killed_monitor_is_neither_told_nor_believed(
    tmp_path: Path,
) -> None:
    config = Config.from_environment(home=tmp_path / "home", port=0)
    config.home.mkdir()
    Token(config.token).ensure()
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", SQUATTER, str(NOBODY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as squatter:
        assert squatter.stdin is not None
        assert squatter.stdout is not None
        port = int(squatter.stdout.readline())
        config.runtime.write_text(json.dumps({"port": port, "pid": squatter.pid}))

        assert find(config) is None

        squatter.stdin.close()
        heard = squatter.stdout.read()
    assert heard == ""


@linux
def test_a_kernel_that_does_not_answer_is_no_reason_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=SECONDS)
        connection, _ = listener.accept()
        with client, connection:
            # No protocol of netlink has this number.
            monkeypatch.setattr(peers, "_NETLINK_SOCK_DIAG", 31)
            assert peer_of(connection) is Peer.UNKNOWN


@linux
def test_asking_takes_a_fraction_of_what_taking_an_event_in_does(
    running: Monitor, talk: Talk
) -> None:
    """Compared within one run, since machines differ."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=SECONDS)
        connection, _ = listener.accept()
        with client, connection:
            asked = min(_seconds(lambda: peer_of(connection)) for _ in range(200))
    taken = min(
        _seconds(lambda: post(running.port, "/hooks/claude", talk.stop())) for _ in range(20)
    )

    assert asked < taken / 4


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
