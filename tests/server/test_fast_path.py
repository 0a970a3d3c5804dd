"""Deliveries read by httptools, and what is left to eventlet.wsgi."""

from __future__ import annotations

import os
import socket
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Talk, body
from testkit.waiting import eventually
from testkit.wire import exchange

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.fast_path import Head

USUAL = (
    b"POST /hooks/claude?run HTTP/1.1\r\nHost: localhost:8765\r\nContent-Type: application/json\r\n"
    b"X-Event-Id: d-1\r\nContent-Length: 2\r\n\r\n"
)


def with_header(header: bytes) -> bytes:
    return USUAL.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n\r\n")


def test_a_usual_head_says_what_wsgi_wants_to_know() -> None:
    head = Head.read(USUAL + b"{}POST /next")

    assert head is not None
    assert head.size == len(USUAL)
    assert head.keep
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/hooks/claude",
        "QUERY_STRING": "run",
        "HTTP_HOST": "localhost:8765",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "2",
        "HTTP_X_EVENT_ID": "d-1",
    }
    assert expected.items() <= head.environ.items()


@pytest.mark.parametrize(
    ("begun", "keeps"),
    [
        (with_header(b"Connection: close"), False),
        (USUAL.replace(b"HTTP/1.1", b"HTTP/1.0"), False),
        (with_header(b"Connection: keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"), True),
    ],
)
def test_whether_a_client_wants_the_connection_kept_is_heard(begun: bytes, keeps: bool) -> None:
    head = Head.read(begun)

    assert head is not None
    assert head.keep is keeps


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        USUAL[:-2],
        USUAL.replace(b"POST", b"GET"),
        USUAL.replace(b"/hooks/claude", b"http://localhost/hooks/claude"),
        USUAL.replace(b"HTTP/1.1", b"HTTP/0.9"),
        USUAL.replace(b"Content-Length: 2\r\n", b""),
        USUAL.replace(b"Content-Length: 2", b"Content-Length: +2"),
        USUAL.replace(b"Content-Length: 2", "Content-Length: ²".encode("latin-1")),
        USUAL.replace(b"Content-Length: 2", b"Transfer-Encoding: chunked"),
        with_header(b"Transfer-Encoding: chunked"),
        with_header(b"Content-Length: 3"),
        with_header(b"Host: evil.example"),
        with_header(b"Expect: 100-continue"),
        with_header(b"Upgrade: websocket\r\nConnection: Upgrade"),
        with_header(b"no colon here"),
        with_header(b"X_Event_Id: d-2"),
        USUAL.replace(b"Content-Length", b"Content_Length"),
        USUAL.replace(b"Content-Length: 2", b"Content-Length: 0"),
        USUAL.replace(b"Content-Length: 2", b"Content-Length: %d" % (MAX_BODY_BYTES + 1)),
    ],
    ids=range(19),
)
def test_what_is_out_of_the_ordinary_is_left_to_others(begun: bytes) -> None:
    assert Head.read(begun) is None


@given(st.binary(max_size=200), st.integers(0, len(USUAL)), st.integers(0, 20))
def test_whatever_comes_is_read_or_left(noise: bytes, start: int, length: int) -> None:
    head = Head.read(USUAL[:start] + noise + USUAL[start + length :])

    assert head is None or head.length <= MAX_BODY_BYTES


#: The second header of the same name makes a request unusual.
WAYS = {"fast": b"", "eventlet": b"X-Twice: 1\r\nX-Twice: 1\r\n"}


@pytest.mark.parametrize(
    ("path", "extra", "content"),
    [
        (b"/hooks/claude", b"", None),
        (b"/hooks/claude", b"", b"{ not json"),
        (b"/api/v1/events", b"", b'{"kind":"k"}'),
        (b"/v1/logs", b"Content-Type: text/plain\r\n", b"{}"),
        (b"/v1/logs", b"Content-Type: application/json\r\n", b"{}"),
        (b"/hooks/claude", b"Origin: http://evil.example\r\n", None),
        (b"/hooks/claude", b"Sec-Fetch-Site: cross-site\r\n", None),
    ],
    ids=["taken", "not understood", "api", "refused", "telemetry", "foreign", "embedded"],
)
@pytest.mark.parametrize("keep", [True, False])
def test_both_ways_answer_alike(
    running: Monitor, talk: Talk, path: bytes, extra: bytes, content: bytes | None, keep: bool
) -> None:
    said = content if content is not None else body(talk.stop())

    def answer(way: bytes) -> tuple[bytes, set[bytes], bytes]:
        connection = b"keep-alive" if keep else b"close"
        request = (
            b"POST %b HTTP/1.1\r\nHost: localhost\r\nConnection: %b\r\n%b%b"
            b"Content-Length: %d\r\n\r\n" % (path, connection, way, extra, len(said))
        )
        head, _, told = exchange(running.port, request + said).partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        # A body that nobody read ends the connection here, and is read and dropped there.
        changing = (b"date:", b"keep-alive:", b"connection:")
        return status, {x for x in lines if not x.lower().startswith(changing)}, told

    fast, other = (answer(way) for way in WAYS.values())
    assert (fast[0], lowered(fast[1])) == (other[0], lowered(other[1]))
    if content != b'{"kind":"k"}':  # the second time it is a duplicate
        assert fast[2] == other[2]


def lowered(lines: set[bytes]) -> set[bytes]:
    return {line.lower() for line in lines}


def test_a_delivery_behind_another_request_and_before_one_is_taken(
    running: Monitor, talk: Talk
) -> None:
    content = body(talk.stop())
    delivery = b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (
        len(content),
        content,
    )
    asked = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answers = exchange(running.port, asked + delivery + asked + delivery)

    assert answers.count(b"HTTP/1.1 200 ") == 2
    assert answers.count(b"HTTP/1.1 204 ") == 2


def delivery(content: bytes, connection: bytes = b"keep-alive") -> bytes:
    return (
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nConnection: %b\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (connection, len(content), content)
    )


@pytest.mark.parametrize("parts", [1, 2, 7, 300])
def test_a_delivery_may_come_in_any_number_of_parts(
    running: Monitor, talk: Talk, parts: int
) -> None:
    large = body(talk.stop("ü" * 200_000))
    request = delivery(large)
    size = -(-len(request) // parts)
    with socket.create_connection(("127.0.0.1", running.port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(request), size):
            sock.sendall(request[start : start + size])
        assert sock.recv(100).startswith(b"HTTP/1.1 204 ")

    stored = running.query.event(running.query.last_seq())
    assert stored is not None
    assert stored.payload == large


def test_requests_that_come_before_the_answer_are_answered_in_order(
    running: Monitor, talk: Talk
) -> None:
    asked = [delivery(body(talk.prompt(f"number {number}"))) for number in range(50)]
    answers = exchange(
        running.port, b"".join(asked[:-1]) + asked[-1].replace(b"keep-alive", b"close")
    )

    assert answers.count(b"HTTP/1.1 204 ") == 50


def test_who_is_known_and_hangs_up_without_waiting_has_delivered(
    running: Monitor, talk: Talk
) -> None:
    before = running.query.last_seq()
    for number in range(0, 20, 2):
        with socket.create_connection(("127.0.0.1", running.port)) as sock:
            sock.sendall(delivery(body(talk.prompt(f"number {number}"))))
            assert sock.recv(100).startswith(b"HTTP/1.1 204 ")
            sock.sendall(delivery(body(talk.prompt(f"number {number + 1}"))))

    eventually(lambda: running.query.last_seq() - before == 20)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="descriptors are counted in /proc")
def test_a_connection_that_ends_within_a_request_is_let_go(running: Monitor) -> None:
    before = descriptors()
    for begun in (b"", b"POST", delivery(b"x" * 100)[:-50]):
        with socket.create_connection(("127.0.0.1", running.port)) as sock:
            sock.sendall(begun)

    eventually(lambda: descriptors() <= before)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_a_body_that_is_cut_off_is_refused_and_counted(running: Monitor) -> None:
    def rejected() -> int:
        return int(running.status()["counters"]["rejected"])

    before = rejected()
    with socket.create_connection(("127.0.0.1", running.port)) as sock:
        sock.sendall(delivery(b"x" * 100)[:-50])
        sock.shutdown(socket.SHUT_WR)
        assert sock.recv(100).startswith(b"HTTP/1.1 400 ")

    assert rejected() == before + 1


def test_a_connection_ends_for_its_client_though_a_child_process_has_it_too(
    running: Monitor, talk: Talk
) -> None:
    ready, more = os.pipe()
    with socket.create_connection(("127.0.0.1", running.port)) as sock:
        sock.sendall(delivery(body(talk.stop())))
        assert sock.recv(1_000).startswith(b"HTTP/1.1 204 ")
        # It has all that is open here, until the pipe is closed.
        child = subprocess.Popen(["cat"], stdin=ready, close_fds=False)
        try:
            sock.settimeout(5)
            sock.sendall(delivery(body(talk.stop("Again.")), b"close"))
            answers = b"".join(iter(lambda: sock.recv(1_000), b""))
        finally:
            os.close(more)
            os.close(ready)
            child.kill()
            child.wait()

    assert answers.startswith(b"HTTP/1.1 204 ")
