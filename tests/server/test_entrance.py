"""Who needs the token, how they get in with it, and who does not get in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from testkit.waiting import eventually
from testkit.wire import Answer, exchange, get, post, request

from claude_mpm_monitor.access import Token, link, write_entry
from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server import peers

HOOK = {"hook_event_name": "Stop", "session_id": "s"}
ELSEWHERE = "192.168.7.7:8765"


@pytest.fixture
def blind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    """A monitor on a system that does not tell users apart."""
    # No protocol of netlink has this number.
    monkeypatch.setattr(peers, "_NETLINK_SOCK_DIAG", 31)
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        yield monitor


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Monitor]:
    """A monitor that other machines may reach."""
    config = Config.from_environment(home=tmp_path / "shared", port=0, bind="0.0.0.0")
    with Monitor(config) as monitor:
        yield monitor


def token_of(monitor: Monitor) -> str:
    return Token(monitor.config.token).read()


def follow(monitor: Monitor, answer: Answer, host: str) -> Answer:
    """What a browser does next: goes where it is sent, with the cookie it was given."""
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return get(monitor.port, answer.headers["Location"], Host=host, Cookie=cookie)


PRIVATE = ["/", "/dashboard", "/api/v1/events", "/api/v1/status", "/static/js/app.js", "/mpm"]
SOCKET = "/socket.io/?EIO=4&transport="


@pytest.mark.parametrize("path", [*PRIVATE, f"{SOCKET}polling", "/api/v1/openapi.json"])
def test_whoever_is_not_vouched_for_reads_nothing(
    blind: Monitor, shared: Monitor, path: str
) -> None:
    assert get(blind.port, path).status == 401
    assert get(shared.port, path, Host=ELSEWHERE).status == 401
    assert get(shared.port, path, Host=ELSEWHERE, Authorization="Bearer ").status == 401
    assert get(shared.port, path, Host=ELSEWHERE, Authorization="Bearer wrong").status == 401


def test_a_websocket_needs_the_token_too(blind: Monitor) -> None:
    opening = (
        f"GET {SOCKET}websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    with_token = f"{opening}Authorization: Bearer {token_of(blind)}\r\n\r\n"

    assert exchange(blind.port, f"{opening}\r\n".encode()).startswith(b"HTTP/1.1 401")
    assert exchange(blind.port, with_token.encode()).startswith(b"HTTP/1.1 101")


@pytest.mark.parametrize("host", ["localhost:8765", ELSEWHERE])
def test_a_link_with_the_token_lets_a_browser_in_and_leaves_a_cookie(
    shared: Monitor, host: str
) -> None:
    answer = get(shared.port, f"/dashboard?token={token_of(shared)}&x=1", Host=host)

    assert answer.status == 303
    assert answer.headers["Location"] == "/dashboard?x=1"
    assert {"HttpOnly", "SameSite=Lax"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert follow(shared, answer, host).status == 200


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/%5Cevil.example/"])
def test_a_link_leads_to_no_other_host(shared: Monitor, path: str) -> None:
    answer = get(shared.port, f"{path}?token={token_of(shared)}")

    assert answer.headers["Location"].startswith("/evil.example")


def test_a_link_to_a_page_of_any_name_leads_there(shared: Monitor) -> None:
    answer = get(shared.port, f"/caf%C3%A9%20?token={token_of(shared)}")

    assert answer.headers["Location"] == "/caf%C3%A9%20"


def test_a_script_gets_in_by_its_bearer_token(shared: Monitor) -> None:
    bearer = f"Bearer {token_of(shared)}"

    assert get(shared.port, "/api/v1/events", Host=ELSEWHERE, Authorization=bearer).status == 200
    put = request(shared.port, "PUT", "/api/v1/sessions/s/bookmark", None, {"Host": ELSEWHERE})
    assert put.status == 401


def test_the_token_does_not_open_for_a_foreign_page(shared: Monitor) -> None:
    cookie = f"mpm-monitor-{shared.port}={token_of(shared)}"
    for headers in (
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ):
        sent = {"Host": ELSEWHERE, "Cookie": cookie, **headers}
        assert request(shared.port, "GET", "/api/v1/events", None, sent).status == 403


def test_hooks_deliver_as_ever_and_find_nothing_out(blind: Monitor) -> None:
    for url in (blind.url, blind.ingest_url):
        answer = post(int(url.rpartition(":")[2]), "/hooks/claude", HOOK)
        assert (answer.status, answer.body) == (204, b"")


def test_other_machines_deliver_with_the_token_only(shared: Monitor) -> None:
    bearer = f"Bearer {token_of(shared)}"

    assert post(shared.port, "/api/v1/events", {"kind": "k"}, Host=ELSEWHERE).status == 401
    answer = post(
        shared.port, "/api/v1/events", {"kind": "k"}, Host=ELSEWHERE, Authorization=bearer
    )
    assert answer.status == 200


def test_the_owner_still_needs_nothing_on_a_system_that_tells(shared: Monitor) -> None:
    assert get(shared.port, "/dashboard").status == 200
    # A name that was rebound to this machine is no name of ours.
    assert get(shared.port, "/dashboard", Host="evil.example").status == 401


def test_our_own_commands_show_the_token_when_asked(blind: Monitor) -> None:
    running = find(blind.config)

    assert running is not None
    assert running.status["token_demanded"] is True
    assert running.get("/api/v1/events")["events"] == []


def test_our_own_commands_show_the_token_when_they_change_something(blind: Monitor) -> None:
    running = find(blind.config)
    assert running is not None

    status, answer = running.post("/api/v1/plugins/nobody/enable")

    assert (status, answer["detail"]) == (404, "There is no plugin 'nobody'.")


def test_the_token_is_its_owners_and_lasts(tmp_path: Path) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        first = token_of(monitor)
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        assert token_of(monitor) == first
    assert stat.S_IMODE(monitor.config.token.stat().st_mode) == 0o600
    assert len(first) > 40


def test_the_token_lies_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    token = Token(tmp_path / "token")

    assert token.ensure() == token.ensure() == token.read()
    assert not list(tmp_path.glob("token.*"))


def test_two_monitors_that_start_at_once_agree_on_the_token(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from claude_mpm_monitor.access import Token;"
        "print(Token(Path(sys.argv[1])).ensure())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "token")], stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]

    assert len({child.communicate()[0] for child in started}) == 1


def test_the_browser_is_led_in_by_a_file_nobody_else_reads(tmp_path: Path) -> None:
    page = tmp_path / "dashboard.html"
    page.write_text("an older one")
    address = link("http://localhost:1/dashboard#/events?session=<x>", "abc")

    write_entry(page, address)

    assert address == "http://localhost:1/dashboard?token=abc#/events?session=<x>"
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "session=&lt;x&gt;" in page.read_text()


@pytest.mark.parametrize("bind", ["localhost", "::1", "1.2.3", "evil.example", "0.0.0.0:80"])
def test_what_is_no_address_cannot_be_listened_on(tmp_path: Path, bind: str) -> None:
    with pytest.raises(ConfigError, match="cannot be listened on"):
        Config.from_environment({"CLAUDE_MPM_MONITOR_BIND": bind}, home=tmp_path)


def test_serve_says_that_other_machines_need_the_token(
    tmp_path: Path, private_environment: Path
) -> None:
    home = tmp_path / "home"
    child = subprocess.Popen(
        [
            *(sys.executable, "-m", "claude_mpm_monitor", "serve", "--bind", "0.0.0.0"),
            *("--port", "0", "--home", str(home), "--no-browser"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOME": str(private_environment)},
    )
    assert child.stdout is not None
    said: list[str] = []
    eventually(lambda: said.append(child.stdout.readline()) or "Ctrl-C" in said[-1])  # type: ignore[union-attr, func-returns-value]
    child.terminate()
    child.communicate()

    assert f"?token={Token(home / 'token').read()}" in "".join(said)
    assert "Other machines reach it at 0.0.0.0:" in "".join(said)
