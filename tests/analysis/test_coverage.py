"""What each source told of a session, in whatever order it did."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Payload, Talk, body

from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.mpm import MpmDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.model.event import Event, Raw


def raw(content: bytes, dialect: str) -> Raw:
    return Raw(dialect=dialect, body=content, at=1, source="test")


def hooks(*payloads: Payload) -> list[Event]:
    return [e for p in payloads for e in HookDecoder().decode(raw(body(p), "claude_hook"))]


def lines(*told: dict[str, Any]) -> list[Event]:
    bodies = [json.dumps({"sessionId": "s-1", **line}).encode() for line in told]
    return [e for line in bodies for e in TranscriptDecoder().decode(raw(line, "transcript"))]


def telemetry(name: str, use: str = "", **attributes: Any) -> Event:
    return Event(
        kind=f"otel.{name}",
        session_id="s-1",
        at=1,
        source="otel",
        tool_use_id=use,
        prompt_id="p-1",
        payload=msgspec.json.encode({"attributes": attributes}),
    )


def request(use: str, request_id: str = "req-1", model: str = "opus") -> dict[str, Any]:
    call = {"type": "tool_use", "id": use, "name": "Bash", "input": {}}
    message = {"id": "m-1", "model": model, "content": [call]}
    return {"type": "assistant", "requestId": request_id, "message": message}


def prompt(text: str = "Do it.", prompt_id: str = "p-1") -> dict[str, Any]:
    return {"type": "user", "promptId": prompt_id, "message": {"content": text}}


class Documents(dict[tuple[str, str], dict[str, Any]]):
    def put(self, topic: str, key: str, value: dict[str, Any], **place: str) -> None:
        self[topic, key] = json.loads(json.dumps(value))

    def get(self, topic: str, key: str) -> dict[str, Any] | None:  # type: ignore[override]
        return super().get((topic, key))


def coverage(events: list[Event]) -> dict[str, Any]:
    documents, analyzer = Documents(), CoverageAnalyzer()
    for event in events:
        analyzer.apply(event, documents)
    analyzer.settle(documents)
    return documents["coverage", "s-1"]


TALK = Talk()
SEEN_BY_ALL = [
    *hooks(TALK.prompt(), TALK.pre("u-1"), TALK.post("u-1")),
    *lines(prompt(), request("u-1")),
    telemetry("log.user_prompt"),
    telemetry("log.tool_result", "u-1"),
    telemetry("span.tool", "u-1"),
    telemetry("log.api_request", request_id="req-1"),
]


def test_what_all_sources_tell_is_one_fact_each_of_them_knew() -> None:
    found = coverage(SEEN_BY_ALL)

    assert found["hooks"] == {"events": 3, "tool_calls": 1, "prompts": 1, "api_calls": 0}
    assert found["transcript"] == {"events": 2, "tool_calls": 1, "prompts": 1, "api_calls": 1}
    assert found["telemetry"] == {"events": 4, "tool_calls": 1, "prompts": 1, "api_calls": 1}
    assert found["total"] == {"tool_calls": 1, "prompts": 1, "api_calls": 1}
    assert {count for of in found["only"].values() for count in of.values()} == {0}
    assert found["recovered"] == {"tool_calls": 0, "prompts": 0}


def test_what_hooks_missed_is_recovered_and_known_from_where() -> None:
    found = coverage(
        [
            *hooks(TALK.pre("u-1")),
            *lines(prompt("Missed."), request("u-2"), request("u-3", "req-2")),
            telemetry("log.tool_decision", "u-3"),
        ]
    )

    assert found["recovered"] == {"tool_calls": 2, "prompts": 1}
    assert found["only"]["hooks"]["tool_calls"] == 1
    assert found["only"]["transcript"] == {"tool_calls": 1, "prompts": 1, "api_calls": 2}
    assert found["only"]["telemetry"]["tool_calls"] == 0
    assert found["total"]["tool_calls"] == 3


def test_an_answer_in_several_lines_was_one_request_and_a_made_up_one_none() -> None:
    made_up = {**request("u-9", "req-9", model="<synthetic>")}
    found = coverage(lines(request("u-1"), request("u-2"), made_up))

    assert found["transcript"]["api_calls"] == 1


def test_prompts_without_an_id_are_known_by_their_words() -> None:
    spoken = {**TALK.prompt("Say it."), "prompt_id": ""}
    found = coverage([*hooks(spoken), *lines(prompt("Say it.", ""))])

    assert found["total"]["prompts"] == 1


def unnumbered(text: str) -> list[Event]:
    return hooks({**TALK.prompt(text), "prompt_id": ""})


def test_a_prompt_that_only_the_transcript_numbers_is_the_one_that_a_hook_told() -> None:
    found = coverage([*unnumbered("Say it."), *lines(prompt("Say it.", "p-7"))])

    assert (found["hooks"]["prompts"], found["transcript"]["prompts"]) == (1, 1)
    assert found["total"]["prompts"] == 1
    assert found["only"]["hooks"]["prompts"] == found["only"]["transcript"]["prompts"] == 0
    assert found["recovered"]["prompts"] == 0


@pytest.mark.parametrize("numbers", [("", ""), ("p-7", "p-8")])
def test_the_same_words_again_are_another_prompt(numbers: tuple[str, str]) -> None:
    said = [event for number in numbers for event in lines(prompt("Go on.", number))]
    found = coverage([*said, *unnumbered("Go on.")])

    assert found["total"]["prompts"] == 2
    assert found["recovered"]["prompts"] == found["only"]["transcript"]["prompts"] == 1


TOLD_IN_PART = [
    *unnumbered("Go on."),
    *unnumbered("Go on."),
    *unnumbered("Only a hook heard this."),
    *lines(prompt("Go on.", "p-1"), prompt("Go on.", "p-2"), prompt("Go on.", "")),
    *lines(prompt("Said otherwise.", "p-2")),
    telemetry("log.user_prompt"),
]


@given(st.permutations(TOLD_IN_PART))
def test_prompts_without_numbers_are_found_in_any_order(events: list[Event]) -> None:
    found = coverage(events)

    assert found == coverage(TOLD_IN_PART)
    assert found["hooks"]["prompts"] == found["transcript"]["prompts"] == 3
    for source, alone in found["only"].items():
        assert 0 <= alone["prompts"] <= found[source]["prompts"]


@pytest.mark.parametrize("subtype", ["pre_tool", "hook_execution", "todo_updated"])
def test_the_hosts_own_account_of_a_hook_is_no_hook(subtype: str) -> None:
    told = {"subtype": subtype, "data": {"session_id": "s-1", "tool_name": "Bash"}}
    events = MpmDecoder().decode(raw(json.dumps(told).encode(), "mpm"))

    assert coverage([*events, *hooks(TALK.start())])["hooks"]["events"] == 1


@given(st.permutations([*SEEN_BY_ALL, *hooks(TALK.pre("u-2")), *lines(request("u-3"))]))
def test_the_order_does_not_matter(events: list[Event]) -> None:
    assert coverage(events) == coverage(sorted(events, key=lambda event: event.payload))
