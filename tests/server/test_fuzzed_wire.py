"""Bytes as no client of ours would send them: no server error, and the server lives on."""

from __future__ import annotations

import json
import re
import socket
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.wire import exchange, get, post, request

from claude_mpm_monitor.monitor import Monitor

POSTS = ["/hooks/claude", "/api/events", "/api/v1/events"]
quick = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def alive(monitor: Monitor) -> bool:
    return get(monitor.port, "/health").status == 200


def no_server_error(answer: bytes) -> None:
    assert not re.search(rb"^HTTP/1\.[01] 5", answer), answer[:500]


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("hook_event_name", "session_id", "tool_use_id", "cwd", "tool_name", "data"),
                    *("kind", "payload", "at", "event", "type", "subtype", "namespace", "event_id"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("path", POSTS)
@quick
@given(value=json_values)
def test_json_of_any_shape(running: Monitor, path: str, value: Any) -> None:
    answer = post(running.port, path, json.dumps(value).encode())

    assert answer.status in (200, 204, 400)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe{\x00",
        b"{" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"kind":"k","hook_event_name":"k","type":"k","payload":"\xed\xa0\x80"}',
        b'{"kind":"k","hook_event_name":"k","type":"k","x":"\\ud83d\xed\xa0\x80"}',
        b'{"kind":"k","at":' + b"9" * 400 + b"}",
        b'{"kind":"k","hook_event_name":"k","type":"k","session_id":"\\u0000"}',
        b'{"hook_event_name":"SessionStart","cwd":"/a\\u0000b"}',
        b'{"hook_event_name":"SessionStart","cwd":"/' + b"x" * 100_000 + b'"}',
        b'{"kind":"' + b"k" * 1_000_000 + b'"}',
    ],
    ids=range(12),
)
def test_bodies_that_are_none(running: Monitor, path: str, content: bytes) -> None:
    assert post(running.port, path, content).status in (200, 204, 400)
    assert alive(running)


@quick
@given(st.binary(max_size=300))
def test_bytes_that_are_no_request(running: Monitor, data: bytes) -> None:
    no_server_error(exchange(running.port, data))


@pytest.mark.parametrize(
    "data",
    [
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n{}",
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{}",
        "POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: ²\r\n\r\n{}".encode(
            "latin-1"
        ),
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{}",
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n0\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nno colon here\r\n\r\n",
        b"GET /%00%ff%2e%2e HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n" * 1_000,
    ],
    ids=range(18),
)
def test_requests_that_are_none(running: Monitor, data: bytes) -> None:
    no_server_error(exchange(running.port, data))
    assert alive(running)


@quick
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "WOW"]),
    st.from_regex(r"\A/[a-zA-Z0-9/._%?&=+~:@-]{0,60}\Z"),
)
def test_routes_and_methods_that_are_none(running: Monitor, method: str, path: str) -> None:
    assert request(running.port, method, path).status < 500


API = [
    *("events", "events/1", "sessions", "sessions/x", "turns", "agents", "tool-calls", "files"),
    *("projections/x", "counts", "status", "plugins", "widgets"),
]
words = st.text(max_size=12) | st.sampled_from(["-1", "1e9", "9" * 40, "%", "asc", "1", "²", "\0"])


@quick
@given(
    st.sampled_from(API),
    st.dictionaries(
        st.sampled_from(
            [
                *("after", "before", "limit", "order", "noise", "payload", "kind", "q", "session"),
                *("agent", "status", "key", "tool_use_id", "path", "project", "prompt_id"),
            ]
        ),
        words,
        max_size=4,
    ),
)
def test_parameters_that_are_none(running: Monitor, path: str, parameters: dict[str, str]) -> None:
    query = urlencode(parameters, errors="surrogatepass")
    assert get(running.port, f"/api/v1/{path}?{query}").status in (200, 400, 404)


@pytest.mark.parametrize("seq", ["0", "9" * 18, "9" * 19, "9" * 40, "-1", "1.5", "x"])
def test_an_event_of_any_number(running: Monitor, seq: str) -> None:
    assert get(running.port, f"/api/v1/events/{seq}").status == 404


@quick
@given(st.binary(max_size=200))
def test_a_websocket_that_speaks_nonsense(running: Monitor, frames: bytes) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: localhost:{running.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "\r\n".encode()
        )
        assert b" 101 " in connection.recv(4096)
        connection.sendall(frames)


def test_the_server_lives_after_all_this(running: Monitor) -> None:
    assert alive(running)
    assert running.emit("check", wait=True).stored == 1  # type: ignore[union-attr]
