"""The host's wire, shape by shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.mpm import MpmDecoder, decode_mpm
from claude_mpm_monitor.model.event import NOISE_KINDS, Event, Raw

HOOK = {
    "session_id": "s1",
    "transcript_path": "/t/s1.jsonl",
    "cwd": "/proj",
    "hook_event_name": "PreToolUse",
    "tool_name": "Bash",
    "tool_input": {"command": "ls"},
    "tool_use_id": "toolu_1",
}


def raw(body: object) -> Raw:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Raw(dialect="mpm", body=text, at=5, source="host_http")


def decoded(body: object) -> Event:
    (event,) = decode_mpm(raw(body))
    return event


def post(**data: Any) -> dict[str, Any]:
    return {"namespace": "/", "event": "claude_event", "data": data}


def test_untouched_hook_json_becomes_the_event_our_own_hooks_would_have_made() -> None:
    event = decoded(post(type="hook", subtype="pre_tool", source="fast_hook", data=HOOK))

    assert json.loads(event.payload) == HOOK
    assert event.kind == "PreToolUse"
    assert event.source == "fast_hook"
    assert event.event_id == fact_id("s1", "PreToolUse", "toolu_1")
    assert (event.session_id, event.project, event.tool_name) == ("s1", "/proj", "Bash")
    assert event.summary == "ls"


def test_hook_json_is_kept_to_the_letter() -> None:
    text = b'{ "hook_event_name":"Stop",  "cwd":"/p" ,"session_id":"s", "n": 1.50 }'

    event = decoded(b'{"event":"claude_event","data":{"subtype":"stop","data": ' + text + b"} }")

    assert event.payload == text


def test_half_an_emoji_does_not_lose_the_event() -> None:
    text = rb'{"hook_event_name":"Stop","cwd":"/p","last_assistant_message":"cut \ud83d"}'

    event = decoded(b'{"event":"claude_event","data":{"subtype":"stop","data":' + text + b"}}")

    assert event.data()["last_assistant_message"] == "cut ?"


def test_a_flattened_report_keeps_what_the_host_sent_and_names_the_same_fact() -> None:
    data = {
        "event": "mpm_event",
        "source": "hook",
        "type": "hook",
        "subtype": "pre_tool",
        "session_id": "s1",
        "cwd": "/proj",
        "data": {
            "tool_name": "Bash",
            "tool_parameters": {"input_type": "dict", "param_keys": ["command"], "command": "ls"},
            "session_id": "s1",
            "working_directory": "/proj",
        },
    }

    event = decoded({"namespace": "", "event": "claude_event", "data": data})

    assert json.loads(event.payload) == data
    assert (event.kind, event.tool_name, event.summary) == ("PreToolUse", "Bash", "ls")
    assert (event.event_id, event.tool_use_id) == ("", "")
    assert (event.source, event.project) == ("hook", "/proj")


def test_version_3_names_its_events_by_type() -> None:
    event = decoded(
        {
            "type": "hook.user_prompt",
            "timestamp": "2026-01-01T00:00:00",
            "data": {
                "event_type": "user_prompt",
                "prompt_text": "do it",
                "session_id": "s1",
                "working_directory": "/proj",
            },
        }
    )

    assert (event.kind, event.session_id, event.project) == ("UserPromptSubmit", "s1", "/proj")
    assert (event.source, event.summary) == ("claude_mpm", "do it")


@pytest.mark.parametrize(
    ("subtype", "kind"),
    [
        ("post_tool", "PostToolUse"),
        ("session_start", "SessionStart"),
        ("stop", "Stop"),
        ("subagent_stop", "SubagentStop"),
        ("notification", "Notification"),
        ("permission_request", "PermissionRequest"),
        ("config_change", "ConfigChange"),
        ("todo_updated", "mpm.todo_updated"),
        ("assistant_response", "mpm.assistant_response"),
        ("hook_execution", "mpm.hook_execution"),
        ("command_acknowledged", "mpm.command_acknowledged"),
    ],
)
def test_what_claude_code_reports_too_has_its_name_and_the_rest_the_hosts(
    subtype: str, kind: str
) -> None:
    event = decoded(post(type="hook", subtype=subtype, data={"session_id": "s1"}))

    assert event.kind == kind


def test_reports_on_the_reporting_are_noise() -> None:
    assert {"mpm.hook_execution", "mpm.command_acknowledged"} < NOISE_KINDS


def test_a_subtype_the_host_has_no_word_for_goes_by_the_hook_event_it_names() -> None:
    event = decoded(
        post(type="hook", subtype="unknown", hook_event_name="PostToolBatch", data={"x": 1})
    )

    assert event.kind == "PostToolBatch"


def test_a_delegation_the_host_only_guesses_at_is_no_started_agent() -> None:
    guessed = {"agent_type": "engineer", "agent_id": "engineer_s1", "session_id": "s1"}
    started = {"agent_type": "engineer", "agent_id": "agent_9f", "session_id": "s1"}

    assert decoded(post(subtype="subagent_start", data=guessed)).kind == "mpm.subagent_start"
    event = decoded(post(subtype="subagent_start", data=started))
    assert (event.kind, event.agent_id) == ("SubagentStart", "agent_9f")


def test_the_session_is_found_wherever_the_host_puts_it() -> None:
    assert decoded(post(subtype="stop", session_id="a", data={})).session_id == "a"
    assert decoded(post(subtype="stop", data={"sessionId": "b"})).session_id == "b"
    assert decoded({"type": "system", "subtype": "x", "session_id": "c"}).session_id == "c"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"not json", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        ([], "the body is an array, an object was expected"),
        ({}, "names neither subtype nor type"),
        ({"event": "x", "data": "text"}, "data is a text, an object was expected"),
        ({"data": None}, "data is null, an object was expected"),
        (post(subtype=5, data={}), "subtype is a number, a text was expected"),
        (post(subtype="stop", session_id=["a"]), "session_id is an array, a text was expected"),
        (post(subtype="stop", data={"cwd": True}), "cwd is true or false, a text was expected"),
        (post(data={"hook_event_name": "", "cwd": ""}), "hook_event_name"),
    ],
)
def test_what_does_not_fit_the_wire_is_refused_with_a_sentence(body: object, sentence: str) -> None:
    with pytest.raises(DecodeError, match=sentence):
        decode_mpm(raw(body))


FIELDS = (
    *("namespace", "event", "data", "type", "subtype", "source", "session_id", "sessionId"),
    *("cwd", "hook_event_name", "tool_name", "tool_use_id", "tool_parameters", "agent_id"),
    *("agent_type", "prompt_text", "todos", "event_type", "transcript_path", "tool_input"),
)
names = st.sampled_from(FIELDS) | st.text(max_size=4)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)


def kinds_or_reason(body: object) -> list[object]:
    """What decoding comes to; any exception but DecodeError fails the test."""
    try:
        return [event.kind for event in MpmDecoder().decode(raw(body))]
    except DecodeError as error:
        return [str(error)]


@given(json_values)
def test_any_json_is_an_event_or_refused_with_a_reason(value: object) -> None:
    (said,) = kinds_or_reason(value)

    assert said


@given(st.binary(max_size=60))
def test_any_bytes_are_an_event_or_refused_with_a_reason(body: bytes) -> None:
    (said,) = kinds_or_reason(body)

    assert said
