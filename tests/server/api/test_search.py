"""Searching over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import post

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.storage.search_index import position_of

Get = Callable[[str], tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    with Monitor(home=tmp_path_factory.mktemp("home"), port=0) as monitor:
        talk = Talk()
        for payload in (talk.start(), talk.prompt("Find the needle"), talk.pre("u1"), talk.stop()):
            assert post(monitor.port, "/hooks/claude", payload).status == 204
        connection = monitor._database.connect(readonly=True)
        eventually(lambda: position_of(connection) >= 4)
        connection.close()

        def get(path: str) -> tuple[int, dict[str, Any]]:
            request = HTTPConnection("127.0.0.1", monitor.port, timeout=10)
            request.request("GET", f"/api/v1/{path}")
            answer = request.getresponse()
            body = json.loads(answer.read())
            request.close()
            return answer.status, body

        yield get


def test_events_are_found_and_counted(get: Get) -> None:
    status, body = get("events?q=needle+OR+tool:Bash&count=1&limit=1")

    assert status == 200
    assert [event["kind"] for event in body["events"]] == ["PreToolUse"]
    assert (body["count"], body["exact"]) == (2, True)
    _, rest = get(f"events?{body['next']}")
    assert [event["kind"] for event in rest["events"]] == ["UserPromptSubmit"]


def test_a_query_that_is_none_is_answered_with_what_is_wrong_where(get: Get) -> None:
    status, body = get("events?q=" + quote("needle stats:ok"))

    assert status == 400
    assert body["detail"] == "There is no field 'stats': did you mean status?"
    assert (body["position"], body["length"], body["suggestion"]) == (7, 5, "status")


@pytest.mark.parametrize(
    ("query", "begins", "items"),
    [
        ("needle to", 7, ["tool", "tokens"]),
        ("-sta", 1, ["status"]),
        ("(tool:", 6, ["Bash"]),
        ("status:erro", 7, ["error"]),
        ("kind:user", 5, ["UserPromptSubmit"]),
        ("nothing", 0, []),
    ],
)
def test_the_word_being_typed_is_completed(
    get: Get, query: str, begins: int, items: list[str]
) -> None:
    _, body = get(f"search/complete?q={quote(query)}&cursor={len(query)}")

    assert (body["from"], body["to"]) == (begins, len(query))
    assert [item["label"] for item in body["items"]] == items


def test_what_is_found_shows_where_the_words_stand(get: Get) -> None:
    _, body = get("events?q=needle&snippet=1")
    assert [event["snippet"] for event in body["events"]] == [["Find the ", "needle", ""]]

    _, body = get("events?q=kind:Stop&snippet=1")
    assert [event["snippet"] for event in body["events"]] == [[]]
