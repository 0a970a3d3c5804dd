"""Slow and flooding clients, of this very user too, hold nobody else up."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from testkit.page import Page
from testkit.waiting import eventually
from testkit.wire import exchange, get, post

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server import connections, serving, watch
from claude_mpm_monitor.server.connections import Connections, Phase

HOOK = {"hook_event_name": "Stop", "session_id": "slow"}
HEAD = b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        yield monitor


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def drip(client: socket.socket, part: bytes) -> bool:
    """Send a little more; False when nobody takes it any longer."""
    try:
        client.sendall(part)
        client.settimeout(0.05)
        return client.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        pytest.param(b"G", b"E", id="request line"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"X: y\r\n", id="headers"),
        pytest.param(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", id="body"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="chunked body"
        ),
        pytest.param(
            b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 100000\r\n\r\n",
            b"x",
            id="socket.io",
        ),
        pytest.param(
            b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nG", b"E", id="second request"
        ),
    ],
)
def test_a_request_that_trickles_in_is_hung_up_on(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch, begun: bytes, more: bytes
) -> None:
    monkeypatch.setattr(connections, "_LIMITS", dict.fromkeys(connections._LIMITS, 1.0))
    began = time.monotonic()
    with connect(monitor.port) as client:
        client.sendall(begun)

        eventually(lambda: not drip(client, more))

    assert time.monotonic() - began < 9


def test_a_page_that_listens_is_not_taken_for_a_slow_one(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_LIMITS", dict.fromkeys(connections._LIMITS, 0.2))
    page = Page(monitor.url).resume(0)
    with connect(monitor.port) as slow:
        slow.sendall(b"GET /")
        # By then both have been looked at.
        eventually(lambda: not drip(slow, b"x"))

    monitor.emit("still here", wait=True)
    page.wait_for(monitor.query.last_seq())
    page.close()


def test_one_client_with_more_connections_than_there_are_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PLACES", 60)
    monkeypatch.setattr(connections, "CROWDED", 50)
    with Monitor(home=tmp_path / "home", port=0) as monitor, ExitStack() as stack:
        for _ in range(100):
            client = stack.enter_context(connect(monitor.port))
            client.sendall(b"GET / HTTP/1.1\r\nX: ")

        assert post(monitor.port, "/hooks/claude", HOOK).status == 204


def test_who_keeps_most_loses_the_one_that_has_waited_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "CROWDED", 4)
    now = [0.0]
    known = Connections(lambda: now[0])
    for moment, (name, address) in enumerate(
        [("other", "10.0.0.9"), ("first", "10.0.0.1"), ("second", "10.0.0.1"), ("page", "10.0.0.1")]
    ):
        now[0] = float(moment)
        connection = known.opened(name, address, True)
        if name == "page":
            known.moved(connection, Phase.LISTENING)

    assert [known.to_make_room() for _ in range(4)] == ["first", "second", "other", None]


def test_a_hundred_megabytes_are_refused_before_they_come(monitor: Monitor) -> None:
    length = 100 * 2**20
    for path in ("/hooks/claude", "/api/v1/events", "/v1/logs", "/api/v1/lookup", "/api/v1/board"):
        method = "PUT" if path.endswith("board") else "POST"
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {length}\r\n\r\n"
        )
        answer = exchange(monitor.port, head.encode() + b"[" * 1000, finish=False)

        assert answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 400")), (path, answer[:200])
    assert get(monitor.port, "/health").status == 200


def test_a_hundred_megabytes_without_a_length_are_not_kept(monitor: Monitor) -> None:
    before = _rss()
    with connect(monitor.port) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        part = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
        try:
            for _ in range(100):
                client.sendall(part)
        except OSError:
            pass  # hung up on, as it should be
    assert _rss() - before < 200 * 2**20
    assert post(monitor.port, "/hooks/claude", HOOK).status == 204


def websocket(port: int) -> socket.socket:
    client = connect(port)
    client.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b" 101 " in client.recv(4096)
    return client


def frame(content: bytes, opcode: int = 1, final: bool = True) -> bytes:
    head = bytes([(0x80 if final else 0) | opcode])
    if len(content) < 126:
        head += bytes([0x80 | len(content)])
    else:
        head += bytes([0xFF]) + struct.pack("!Q", len(content))
    return head + b"\0\0\0\0" + content


def test_a_flood_of_messages_slows_its_sender_and_nobody_else(monitor: Monitor) -> None:
    one = frame(b'42/v1,["resume",{"after":0}]')
    flood = one * 20_000
    with websocket(monitor.port) as client:
        client.sendall(frame(b"40/v1,"))
        client.setblocking(False)
        sent, slowest = 0, 0.0
        for _ in range(30):
            with suppress(BlockingIOError):
                sent += client.send(flood[sent % len(one) :])
            began = time.monotonic()
            assert post(monitor.port, "/hooks/claude", HOOK).status == 204
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < 2


def test_a_message_in_ever_more_frames_is_cut_off(monitor: Monitor) -> None:
    before = _rss()
    part = frame(b"x" * 2**20, opcode=0, final=False)
    with websocket(monitor.port) as client:
        client.sendall(frame(b"4", opcode=2, final=False))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            client.sendall(part * 100)
    assert _rss() - before < 100 * 2**20


def test_a_message_that_is_masked_is_read_as_it_was_meant(monitor: Monitor) -> None:
    from claude_mpm_monitor.server.websocket import _unmasked

    mask, text = (1, 2, 3, 250), os.urandom(1001)
    for start in range(5):
        masked = bytes(byte ^ mask[(start + at) % 4] for at, byte in enumerate(text))
        assert _unmasked(masked, mask, len(masked), start) == text


def test_nothing_of_this_is_printed_over_claudes_terminal(
    monitor: Monitor, capfd: pytest.CaptureFixture[str]
) -> None:
    exchange(monitor.port, b"NONSENSE\r\n\r\n")
    exchange(monitor.port, b"GET / HTTP/9.9\r\n\r\n")
    with websocket(monitor.port) as client:
        client.sendall(frame(b"x" * 10, opcode=0xF))
        client.recv(100)
    get(monitor.port, "/health")

    assert capfd.readouterr() == ("", "")


def test_more_listeners_than_there_may_be_are_told_so(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MAX_LISTENERS", 3)
    path = "/socket.io/?EIO=4&transport=polling"
    assert [get(monitor.port, path).status for _ in range(5)] == [200, 200, 200, 503, 503]
    assert "close one" in get(monitor.port, path).json["detail"]
    assert get(monitor.port, f"{path}&sid=").status == 503
    assert get(monitor.port, f"{path}&xsid=1").status == 503


def _rss() -> int:
    """Memory of this process, in bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)
