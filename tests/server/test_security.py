"""Who may talk to the monitor."""

from __future__ import annotations

import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st
from testkit.page import NAMESPACE
from testkit.payloads import Talk
from testkit.wire import exchange, get, post

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.security import is_loopback


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8765", "LOCALHOST", "127.0.0.1:1", "[::1]", "[::1]:8765"),
        *("monitor.localhost:80", "a.b.localhost"),
    ],
)
def test_names_of_this_machine_are_welcome(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"),
        *("localhost@evil.example", "evil.example#localhost", "[::1]evil.example", "[::2]"),
        *("localhost:80:80", "localhost:port", "[::1", "notlocalhost", "evil\n.localhost"),
        *(" localhost", "localhost ", "0.0.0.0", "evil.example/.localhost", "é.localhost"),
    ],
)
def test_any_other_name_is_foreign(host: str) -> None:
    assert not is_loopback(host)


@given(st.text() | st.from_regex(r"\A[a-z0-9.\[\]:@/%-]{1,40}\Z"))
def test_a_name_is_either_ours_or_foreign_and_never_an_error(host: str) -> None:
    if is_loopback(host):
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        assert name.lower() in ("localhost", "127.0.0.1", "[::1]") or name.lower().endswith(
            ".localhost"
        )


PATHS = ["/", "/health", "/api/v1/events", "/hooks/claude", "/socket.io/?EIO=4&transport=polling"]


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_refused_everywhere(running: Monitor, path: str) -> None:
    assert get(running.port, path, Host="evil.example").status == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://localhost:1",
        "https://localhost:{port}",
        "http://localhost:{port}.evil.example",
        "http://localhost:{port}@evil.example",
        "http://[",
        "http://[::1",
        "\xff",
    ],
)
def test_a_foreign_origin_is_refused_everywhere(running: Monitor, path: str, origin: str) -> None:
    host = f"localhost:{running.port}"

    answer = get(running.port, path, Host=host, Origin=origin.format(port=running.port))

    assert answer.status == 403


def test_a_foreign_page_cannot_plant_events(running: Monitor, talk: Talk) -> None:
    answer = post(running.port, "/hooks/claude", talk.stop(), Origin="http://evil.example")

    assert answer.status == 403
    assert answer.json["title"] == "Foreign origin"
    assert running.query.counts(talk.session_id)["events"] == 0


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("site", "mode", "dest"),
    [
        ("cross-site", "no-cors", "script"),
        ("cross-site", "no-cors", "image"),
        ("cross-site", "navigate", "iframe"),
        ("cross-site", "websocket", "websocket"),
        ("same-site", "no-cors", "script"),
        ("same-site", "cors", "empty"),
        ("anything new", "cors", "empty"),
    ],
)
def test_another_page_cannot_embed_or_read(
    running: Monitor, path: str, site: str, mode: str, dest: str
) -> None:
    fetch = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}

    answer = get(running.port, path, **fetch)

    assert answer.status == 403
    assert answer.json["title"] == "Foreign page"


def test_another_page_may_link_to_ours_and_ours_may_ask(running: Monitor) -> None:
    link = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    own = {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"}

    assert get(running.port, "/", Sec_Fetch_Site="cross-site", **link).status == 200
    assert get(running.port, "/", Sec_Fetch_Site="none", **link).status == 200
    assert get(running.port, "/health", Sec_Fetch_Site="same-origin", **own).status == 200


def test_another_page_cannot_send_a_form(running: Monitor, talk: Talk) -> None:
    """Browsers say the origin of a form; should one not, it is a navigation that changes things."""
    form = {
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
    }

    assert post(running.port, "/hooks/claude", talk.stop(), **form).status == 403
    assert running.query.counts(talk.session_id)["events"] == 0


@pytest.mark.parametrize("path", [*PATHS, "/static/js/main.js", "/no/such/page"])
def test_every_answer_keeps_other_pages_away(running: Monitor, path: str) -> None:
    for headers in (
        get(running.port, path).headers,
        get(running.port, path, Origin="http://evil.example").headers,
    ):
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "monitor.localhost"])
def test_our_own_page_is_welcome_under_each_of_its_names(running: Monitor, name: str) -> None:
    host = f"{name}:{running.port}"

    assert get(running.port, "/health", Host=host, Origin=f"http://{host}").status == 200


def test_a_request_without_a_host_is_refused(running: Monitor) -> None:
    assert b" 403 " in exchange(running.port, b"GET /health HTTP/1.0\r\n\r\n")


@pytest.mark.parametrize("transport", ["polling", "websocket"])
def test_a_foreign_page_cannot_listen(running: Monitor, transport: str) -> None:
    client = socketio.Client(reconnection=False)

    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            running.url,
            headers={"Origin": "http://evil.example"},
            transports=[transport],
            namespaces=[NAMESPACE],
        )


def test_a_rebound_name_cannot_open_a_websocket(running: Monitor) -> None:
    request = (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: evil.example\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )

    assert exchange(running.port, request.encode()).startswith(b"HTTP/1.1 403")


def test_only_loopback_is_listened_on(running: Monitor) -> None:
    assert running.ingest_url.startswith("http://127.0.0.1:")
    assert running.config.bind == "127.0.0.1"
