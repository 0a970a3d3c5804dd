"""Transcript lines, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder, decode_line
from claude_mpm_monitor.model.event import Event, Raw

MAIN = "/c/projects/-work/s1.jsonl"
AGENT = "/c/projects/-work/s1/subagents/agent-a9.jsonl"
#: 2026-01-23T00:12:40.447Z
MOMENT = 1_769_127_160_447_000


def raw(body: object, origin: str = f"{MAIN}#10", at: int = 7) -> Raw:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Raw(dialect="transcript", body=text, at=at, source="transcript", origin=origin)


def decoded(body: object, origin: str = f"{MAIN}#10") -> Event:
    (event,) = decode_line(raw(body, origin))
    return event


def line(**fields: Any) -> dict[str, Any]:
    common = {
        "type": "user",
        "uuid": "u1",
        "sessionId": "s1",
        "cwd": "/work",
        "timestamp": "2026-01-23T00:12:40.447Z",
        "isSidechain": False,
    }
    return {**common, **fields}


def test_a_prompt_is_an_event_of_its_session_at_its_own_time() -> None:
    event = decoded(line(promptId="p1", message={"role": "user", "content": "do\n it"}))

    assert event.kind == "transcript.user"
    assert event.event_id == fact_id("s1", "transcript.user", "u1")
    assert (event.session_id, event.prompt_id, event.project) == ("s1", "p1", "/work")
    assert (event.at, event.summary, event.agent_id) == (MOMENT, "do it", "")


def test_a_request_and_its_answer_carry_the_id_of_the_call() -> None:
    asked = decoded(
        line(
            type="assistant",
            message={
                "content": [
                    {"type": "text", "text": "I look."},
                    {
                        "type": "tool_use",
                        "id": "toolu_1",
                        "name": "Bash",
                        "input": {"command": "ls"},
                    },
                ]
            },
        )
    )
    answer = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "a.py"}
    answered = decoded(line(message={"content": [answer]}))

    assert (asked.tool_use_id, asked.tool_name) == ("toolu_1", "Bash")
    assert asked.summary == "I look. · Bash: ls"
    assert (answered.tool_use_id, answered.summary) == ("toolu_1", "a.py")


def test_lines_without_a_name_are_told_apart_by_their_place_and_text() -> None:
    mode = {"type": "mode", "mode": "normal", "sessionId": "s1"}

    first = decoded(mode, f"{MAIN}#10")
    again = decoded(mode, f"/moved{MAIN}#10")
    later = decoded(mode, f"{MAIN}#99")

    assert first.event_id
    assert first.event_id == again.event_id
    assert first.event_id != later.event_id
    assert first.at == 7


def test_a_line_of_unknown_place_is_left_to_its_content() -> None:
    assert decoded({"type": "mode", "sessionId": "s1"}, "").event_id == ""


def test_an_agents_lines_belong_to_the_agent_whose_file_it_is() -> None:
    named = decoded(line(isSidechain=True, agentId="a1"), f"{AGENT}#0")
    unnamed = decoded({"type": "mode", "mode": "x"}, f"{AGENT}#0")
    unknown = decoded(line(isSidechain=True))

    assert named.agent_id == "a1"
    assert (unnamed.agent_id, unnamed.session_id) == ("a9", "s1")
    assert unknown.agent_id == "sidechain"


def test_an_agents_meta_file_tells_who_it_is_and_which_call_started_it() -> None:
    meta = {"agentType": "Explore", "description": "Survey", "toolUseId": "toolu_1"}

    event = decoded(meta, "/c/projects/-work/s1/subagents/agent-a9.meta.json#0")

    assert event.kind == "transcript.agent_meta"
    assert (event.session_id, event.agent_id, event.tool_use_id) == ("s1", "a9", "toolu_1")
    assert event.summary == "Explore · Survey"
    assert event.data() == meta


def test_progress_of_an_agent_is_that_agents_and_points_at_the_call() -> None:
    event = decoded(
        line(
            type="progress",
            parentToolUseID="toolu_7",
            toolUseID="agent_msg_1",
            data={"type": "agent_progress", "agentId": "a7", "prompt": "look"},
        )
    )

    assert (event.agent_id, event.tool_use_id) == ("a7", "toolu_7")


def test_a_hooks_run_is_not_taken_for_a_tool_call() -> None:
    event = decoded(line(type="system", subtype="stop_hook_summary", toolUseID="11f6b589"))

    assert event.tool_use_id == ""


def test_joined_objects_become_one_event_each() -> None:
    first, second = line(uuid="u1", message={"content": "{}{"}), line(uuid="u2")
    body = (json.dumps(first) + json.dumps(second)).encode()

    events = decode_line(raw(body))

    assert [event.data() for event in events] == [first, second]


def test_of_a_line_cut_off_and_continued_the_whole_part_is_read_and_the_rest_kept() -> None:
    cut = json.dumps(line(uuid="u1", message={"content": [{"type": "text", "text": "half"}]}))[:-9]
    whole = line(uuid="u2", toolUseResult={"type": "text", "uuid": "inner"})

    read, unread = decode_line(raw((cut + json.dumps(whole)).encode()))

    assert read.data() == whole
    assert unread.kind == "transcript.unreadable"
    assert unread.data()["text"] == cut
    assert unread.session_id == "s1"


def test_text_that_is_not_utf8_is_read_with_marks_in_place() -> None:
    body = json.dumps(line(message={"content": "caf@"})).encode().replace(b"@", b"\xe9")

    event = decoded(body)

    assert event.summary == "caf\N{REPLACEMENT CHARACTER}"
    assert event.data()["uuid"] == "u1"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"type":"user","message":{"con', "not JSON"),
        (b"\x00\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ("text", "holds str, not an object"),
        ([1], "holds list, not an object"),
        ({"silly": 1}, "without type"),
    ],
)
def test_what_is_no_line_is_refused_with_a_sentence(body: object, sentence: str) -> None:
    with pytest.raises(DecodeError, match=sentence):
        decode_line(raw(body))


@pytest.mark.parametrize(
    ("fields", "summary"),
    [
        ({"type": "system", "subtype": "turn_duration", "durationMs": 1500}, "the turn took 1.5 s"),
        ({"type": "system", "subtype": "api_error", "error": {"message": "no"}}, "api_error · no"),
        ({"type": "summary", "summary": "All done"}, "All done"),
        ({"type": "cost-state", "totalCostUSD": 0.5}, "$0.5000"),
        ({"type": "queue-operation", "operation": "enqueue", "content": "x"}, "enqueue · x"),
        ({"type": "attachment", "attachment": {"type": "file", "filename": "a"}}, "file · a"),
        ({"type": "tools-used", "tools": ["Bash", "Read"]}, "Bash, Read"),
        ({"type": "assistant", "message": {"content": [{"type": "thinking"}]}}, "thinking"),
        ({"type": "never-seen", "what": "a new thing"}, "a new thing"),
    ],
)
def test_every_type_of_line_has_something_to_say(fields: dict[str, Any], summary: str) -> None:
    assert decoded(line(**fields)).summary == summary


FIELDS = (
    *("type", "uuid", "sessionId", "timestamp", "cwd", "agentId", "isSidechain", "promptId"),
    *("message", "content", "data", "attachment", "snapshot", "error", "tools", "toolUseResult"),
    *("durationMs", "totalCostUSD", "subtype", "input", "id", "name", "tool_use_id", "text"),
)
TYPES = ("user", "assistant", "system", "progress", "attachment", "cost-state", "tools-used")
BLOCKS = ("tool_use", "tool_result", "text", "thinking")
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(BLOCKS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5)
    ),
    max_leaves=14,
)


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(FIELDS), values, max_size=6))
def test_a_line_of_a_known_type_decodes_whatever_its_fields_hold(
    line_type: str, fields: dict[str, Any]
) -> None:
    (event,) = TranscriptDecoder().decode(raw({**fields, "type": line_type}))

    assert event.kind == f"transcript.{line_type}"
    assert len(event.summary) <= 200
