"""The REST interface: events, documents, and the monitor about itself."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Documents, Event, Raw, hookimpl
from claude_mpm_monitor.monitor import Monitor

Tell = Callable[..., None]


def pages(port: int, path: str, query: str, name: str) -> Iterator[list[dict[str, Any]]]:
    """Follow `next` until there is none."""
    more: str | None = query
    while more is not None:
        answer = get(port, f"/api/v1/{path}?{more}")
        assert answer.status == 200, answer.body
        yield answer.json[name]
        more = answer.json["next"]


def test_events_are_paged_to_the_end_in_both_directions(
    running: Monitor, talk: Talk, told: Tell
) -> None:
    told(*(talk.say("Note", number=number) for number in range(25)))
    for order in ("asc", "desc"):
        query = f"session={talk.session_id}&limit=10&order={order}"
        found = list(pages(running.port, "events", query, "events"))

        assert [len(page) for page in found] == [10, 10, 5]
        seqs = [head["seq"] for page in found for head in page]
        assert seqs == sorted(set(seqs), reverse=order == "desc")
        assert len(seqs) == 25


def test_long_answers_are_compressed_for_those_who_understand_it(
    running: Monitor, talk: Talk, told: Tell
) -> None:
    told(*(talk.say("Note", number=number) for number in range(25)))
    path = f"/api/v1/events?session={talk.session_id}"
    plain, packed = get(running.port, path), get(running.port, path, Accept_Encoding="gzip")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.body) < len(plain.body) / 3
    assert gzip.decompress(packed.body) == plain.body
    short = get(running.port, "/api/v1/events/1", Accept_Encoding="gzip")
    assert "Content-Encoding" not in short.headers


def test_pages_keep_to_the_edge_they_were_asked_for(
    running: Monitor, talk: Talk, told: Tell
) -> None:
    told(*(talk.say("Note", number=number) for number in range(9)))
    first = running.query.last_seq() - 8

    query = f"session={talk.session_id}&after={first + 2}&limit=4"
    seqs = [h["seq"] for page in pages(running.port, "events", query, "events") for h in page]

    assert sorted(seqs) == list(range(first + 3, first + 9))


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_what_the_asker_has_already_is_not_sent_again(
    running: Monitor, talk: Talk, told: Tell, encoding: str
) -> None:
    told(*(talk.say("Note", number=number, text="x" * 100) for number in range(30)))
    path = f"/api/v1/events?session={talk.session_id}&payload=1"
    first = get(running.port, path, Accept_Encoding=encoding)
    tag = first.headers["ETag"]

    again = get(running.port, path, Accept_Encoding=encoding, If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")

    told(talk.stop())
    changed = get(running.port, path, Accept_Encoding=encoding, If_None_Match=tag)
    assert changed.status == 200
    assert changed.headers["ETag"] != tag


def test_kinds_can_be_left_out(running: Monitor, talk: Talk, told: Tell) -> None:
    told(talk.prompt("p"), talk.stop(), talk.end())

    answer = get(running.port, "/api/v1/events?kind=-Stop,-SessionEnd&session=" + talk.session_id)

    assert [head["kind"] for head in answer.json["events"]] == ["UserPromptSubmit"]


def test_kinds_can_be_given_in_two_ways(running: Monitor, talk: Talk, told: Tell) -> None:
    told(talk.start(), talk.prompt(), talk.stop(), talk.end())
    for query in ("kind=Stop,SessionEnd", "kind=Stop&kind=SessionEnd", "kind=SessionEnd,,Stop,"):
        answer = get(running.port, f"/api/v1/events?session={talk.session_id}&{query}&order=asc")
        assert [head["kind"] for head in answer.json["events"]] == ["Stop", "SessionEnd"]


def test_an_event_has_its_payload_to_the_letter(running: Monitor, talk: Talk) -> None:
    text = b'{"hook_event_name":"Note","session_id":"%s",  "n": 1.0e2, "half": "\\ud83d"}' % (
        talk.session_id.encode()
    )
    post(running.port, "/hooks/claude", text)
    (head,) = get(running.port, f"/api/v1/events?session={talk.session_id}").json["events"]

    answer = get(running.port, f"/api/v1/events/{head['seq']}")

    assert text in answer.body
    assert answer.json["payload"]["half"] == "\ud83d"
    listed = get(running.port, f"/api/v1/events?session={talk.session_id}&payload=1")
    assert text in listed.body


def test_a_page_that_resumes_after_last_seq_misses_nothing(running: Monitor) -> None:
    answer = get(running.port, "/api/v1/events?limit=1").json

    assert answer["last_seq"] >= answer["events"][0]["seq"]


@pytest.mark.parametrize(
    "query", ["limit=x", "after=-1", "before=1.5", "order=sideways", "noise=2", "payload=yes"]
)
def test_a_parameter_that_cannot_be_used_is_named(running: Monitor, query: str) -> None:
    answer = get(running.port, f"/api/v1/events?{query}")

    assert answer.status == 400
    assert query.split("=")[0] in answer.json["detail"]


@pytest.mark.parametrize("path", ["events/123456789", "sessions/nobody", "nothing", "../etc"])
def test_what_is_not_there_is_not_found_in_json(running: Monitor, path: str) -> None:
    answer = get(running.port, f"/api/v1/{path}")

    assert (answer.status, answer.json["status"]) == (404, 404)


def test_what_was_derived_is_served_by_collection(running: Monitor, talk: Talk, told: Tell) -> None:
    told(
        talk.prompt("Fix it"),
        talk.pre("u-1", "Write", file_path="/f", content="x"),
        talk.post("u-1", "Write", file_path="/f", content="x"),
        talk.pre("u-2"),
        talk.failure("u-2"),
        talk.stop(),
    )
    session = f"session={talk.session_id}"

    def values(path: str) -> list[dict[str, Any]]:
        answer = get(running.port, f"/api/v1/{path}").json
        found: list[dict[str, Any]] = answer[path.split("?")[0].replace("-", "_")]
        return found

    assert values(f"sessions?{session}")[0]["status"] == "idle"
    assert values(f"turns?{session}")[0]["tool_calls"] == 2
    assert values(f"agents?{session}&agent=")[0]["agent_type"] == "main"
    assert values(f"files?{session}")[0]["path"] == "/f"
    failed = values(f"tool-calls?{session}&status=error")
    assert [call["tool_use_id"] for call in failed] == ["u-2"]
    assert failed[0]["seq"] == failed[0]["result_seq"]
    assert values(f"tool-calls?{session}&tool_use_id=u-1")[0]["status"] == "ok"
    counts = get(running.port, f"/api/v1/counts?{session}").json
    assert (counts["events"], counts["tool_calls"], counts["errors"], counts["files"]) == (
        6,
        2,
        1,
        1,
    )
    one = get(running.port, f"/api/v1/sessions/{talk.session_id}").json
    assert one["title"] == "Fix it"


def test_documents_are_paged_to_the_end_within_their_edge(
    running: Monitor, talk: Talk, told: Tell
) -> None:
    told(talk.batch(*((f"u-{n}", "Read", "text") for n in range(7))), talk.pre("u-8"))
    for order in ("asc", "desc"):
        query = f"session={talk.session_id}&limit=3&order={order}"
        found = [
            value["tool_use_id"]
            for page in pages(running.port, "tool-calls", query, "tool_calls")
            for value in page
        ]
        assert sorted(found) == [*(f"u-{n}" for n in range(7)), "u-8"]


def test_an_analyzers_own_notes_are_not_served(running: Monitor) -> None:
    assert get(running.port, "/api/v1/projections/_open_tool_calls").status == 400
    assert get(running.port, "/api/v1/projections/unheard_of").json["documents"] == []


def test_the_status_tells_how_it_is(running: Monitor) -> None:
    status = get(running.port, "/api/v1/status").json

    assert status["pid"] == os.getpid()
    assert status["port"] == running.port
    assert status["owner"] is True
    assert status["store"]["events"] > 0
    counters = status["counters"]
    assert counters["received"] == sum(
        counters[name] for name in ("stored", "duplicate", "rejected", "dropped")
    )


def test_the_health_check_tells_the_host_what_it_looks_for(running: Monitor) -> None:
    health = get(running.port, "/health").json

    assert (health["status"], health["service"]) == ("running", "claude-mpm-monitor")
    assert (health["port"], health["pid"]) == (running.port, os.getpid())


def test_plugins_and_widgets_are_listed(running: Monitor) -> None:
    plugins = get(running.port, "/api/v1/plugins").json["plugins"]
    widgets = get(running.port, "/api/v1/widgets").json["widgets"]

    assert plugins[0]["name"] == "builtin"
    assert {"monitor.events", "monitor.tools"} <= {widget["id"] for widget in widgets}
    for widget in widgets:
        assert get(running.port, widget["module"]).status == 200


class Odd:
    """A plugin whose decoder stores what is no JSON, and whose analyzer keeps a topic."""

    name = "odd"
    version = 1
    topics = ("odd_things",)
    dialect = "odd"

    def decode(self, raw: Raw) -> list[Event]:
        return [Event(kind="Odd", session_id="odd", at=raw.at, source="odd", payload=raw.body)]

    def apply(self, event: Event, documents: Documents) -> None:
        if event.kind == "Odd":
            documents.put("odd_things", "k", {"text": event.payload.decode()})

    @hookimpl
    def monitor_register_decoders(self) -> list[object]:
        return [self]

    @hookimpl
    def monitor_register_analyzers(self) -> list[object]:
        return [self]


def test_a_plugins_topics_and_events_are_served_though_they_be_no_json(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("odd")
    with Monitor(home=home, port=0, plugins=[Odd()]) as monitor:
        raw = Raw(dialect="odd", body=b"{no json", at=1_700_000_000_000_000, source="odd")
        monitor.ingest(raw)

        (document,) = eventually(
            lambda: get(monitor.port, "/api/v1/projections/odd_things").json["documents"]
        )
        assert document["value"] == {"text": "{no json"}
        assert get(monitor.port, "/api/v1/events/1").json["payload"] == "{no json"
        (head,) = get(monitor.port, "/api/v1/events?payload=1").json["events"]
        assert head["payload"] == "{no json"
