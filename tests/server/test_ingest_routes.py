"""The routes by which events come in."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from testkit.payloads import Talk, body
from testkit.wire import Answer, exchange, get, post, request

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.storage.event_filter import EventFilter

YEAR = 366 * 86_400 * 1_000_000


@pytest.fixture
def stored(running: Monitor, talk: Talk) -> Callable[[], list[Event]]:
    """What the store has of the test's session, oldest first."""

    def read() -> list[Event]:
        wanted = EventFilter(session_id=talk.session_id, newest_first=False)
        return running.query.events(wanted, payloads=True)

    return read


Stored = Callable[[], list[Event]]


def test_a_hook_is_answered_with_nothing_once_it_is_stored(
    running: Monitor, talk: Talk, stored: Stored
) -> None:
    answer = post(running.port, "/hooks/claude", talk.stop())

    assert (answer.status, answer.body) == (204, b"")
    (event,) = stored()
    assert (event.kind, event.source) == ("Stop", "http_hook")
    assert json.loads(event.payload) == talk.stop()


def test_the_process_takes_events_on_a_port_of_its_own(
    running: Monitor, talk: Talk, stored: Stored
) -> None:
    port = urlsplit(running.ingest_url).port
    assert port is not None
    assert port != running.port

    assert post(port, "/hooks/claude", talk.stop()).status == 204
    assert len(stored()) == 1


def test_a_delivery_told_twice_is_stored_once(running: Monitor, talk: Talk, stored: Stored) -> None:
    delivery = f"d-{talk.session_id}"
    for _ in range(2):
        answer = post(running.port, "/hooks/claude", talk.start(), X_Event_Id=delivery)
        assert answer.status == 204

    (event,) = stored()
    assert event.source == "command_hook"


def test_the_senders_clock_is_believed_when_it_can_be(
    running: Monitor, talk: Talk, stored: Stored
) -> None:
    now = time.time_ns() // 1_000
    claims = [str(now - 5_000_000), str(now - 2 * YEAR), "²" * 16, "soon", "-5", "9" * 30, ""]
    for claim in claims:
        answer = post(running.port, "/hooks/claude", talk.say("Note", n=claim), X_Event_At=claim)
        assert answer.status == 204

    believed, *others = [event.at for event in stored()]
    assert believed == now - 5_000_000
    assert all(now <= at < now + 60_000_000 for at in others)


def test_two_registrations_that_tell_the_same_fact_store_it_once(
    running: Monitor, talk: Talk, stored: Stored
) -> None:
    for path in ("/hooks/claude?run", "/hooks/claude?user", "/hooks/claude?run"):
        post(running.port, path, talk.say("Notification", message="waiting"))

    assert len(stored()) == 2


def test_a_hook_that_cannot_be_understood_is_kept_and_says_why(running: Monitor) -> None:
    before = running.query.totals()["dead_letters"]
    answer = post(running.port, "/hooks/claude", b"{ not json")

    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "dead letter" in answer.json["detail"]
    assert running.query.totals()["dead_letters"] == before + 1


def test_the_hosts_wire_is_taken(running: Monitor, talk: Talk, stored: Stored) -> None:
    told = {"namespace": "/hook", "event": "claude_event", "data": {"subtype": "x", "type": "hook"}}
    told["data"]["session_id"] = talk.session_id  # type: ignore[index]

    assert post(running.port, "/api/events", told).status == 204
    assert [event.kind for event in stored()] == ["mpm.x"]


def test_our_own_api_tells_what_became_of_the_events(running: Monitor, talk: Talk) -> None:
    one = {"kind": "deploy", "session_id": talk.session_id, "event_id": "1"}
    other = {**one, "event_id": "2"}

    def told(answer: Answer) -> dict[str, int]:
        assert answer.status == 200
        found: dict[str, int] = answer.json
        return found

    assert told(post(running.port, "/api/v1/events", one)) == {"stored": 1, "duplicate": 0}
    assert told(post(running.port, "/api/v1/events", [one, other])) == {
        "stored": 1,
        "duplicate": 1,
    }
    lines = "\n".join(json.dumps(event) for event in (one, other)).encode()
    assert told(post(running.port, "/api/v1/events", lines)) == {"stored": 0, "duplicate": 2}


def test_a_large_body_is_taken(running: Monitor, talk: Talk, stored: Stored) -> None:
    payload = talk.post("u-1", response={"stdout": "x" * 10_000_000})

    assert post(running.port, "/hooks/claude", payload).status == 204
    assert len(stored()[0].payload) > 10_000_000


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(running: Monitor) -> None:
    head = (
        f"POST /hooks/claude HTTP/1.1\r\nHost: localhost:{running.port}\r\n"
        f"Content-Length: {MAX_BODY_BYTES + 1}\r\n\r\n"
    )

    answer = exchange(running.port, head.encode() + b"{")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"32 MiB" in answer


def test_a_body_in_chunks_is_taken(running: Monitor, talk: Talk, stored: Stored) -> None:
    content = body(talk.stop())
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (content[:7], content[7:]))
    head = (
        f"POST /hooks/claude HTTP/1.1\r\nHost: localhost:{running.port}\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )

    answer = exchange(running.port, head.encode() + chunks + b"0\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 204 ")
    assert len(stored()) == 1


def test_one_connection_takes_many_deliveries(running: Monitor, talk: Talk, stored: Stored) -> None:
    requests = b""
    for number in range(20):
        content = body(talk.say("Note", number=number))
        requests += (
            f"POST /hooks/claude HTTP/1.1\r\nHost: localhost:{running.port}\r\n"
            f"Content-Length: {len(content)}\r\n"
            f"Connection: {'close' if number == 19 else 'keep-alive'}\r\n\r\n"
        ).encode() + content

    answers = exchange(running.port, requests)

    assert answers.count(b"HTTP/1.1 204 ") == 20
    assert [json.loads(e.payload)["number"] for e in stored()] == list(range(20))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
def test_only_post_delivers(running: Monitor, method: str) -> None:
    assert request(running.port, method, "/hooks/claude").status in (404, 405)


def test_a_method_that_is_not_allowed_is_told_which_are(running: Monitor) -> None:
    answer = request(running.port, "DELETE", "/api/v1/events")

    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


def test_a_preflight_of_another_origin_gets_nothing(running: Monitor) -> None:
    answer = request(
        running.port,
        "OPTIONS",
        "/hooks/claude",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
    )

    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert get(running.port, "/health").status == 200
