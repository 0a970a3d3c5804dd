"""Claude Code's hook payloads become events."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Talk, body

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.model.event import Event, Raw


def decode(payload: Any) -> Event:
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    raw = Raw(dialect="claude_hook", body=content, at=1_700_000_000_000_000, source="http_hook")
    (event,) = HookDecoder().decode(raw)
    return event


def test_an_event_has_the_correlation_ids_of_its_payload() -> None:
    event = decode(Talk("s-9", prompt_id="p-3").pre("u-1", "Read", agent="a-1", file_path="/x"))

    assert (event.kind, event.session_id, event.prompt_id) == ("PreToolUse", "s-9", "p-3")
    assert (event.tool_use_id, event.agent_id, event.tool_name) == ("u-1", "a-1", "Read")
    assert (event.project, event.summary) == ("/nowhere/work", "/x")


def test_the_payload_is_kept_to_the_letter() -> None:
    text = b'{ "session_id":"s",\n\t"hook_event_name" : "Stop", "x": 1.0e0 }'

    assert decode(text).payload == text


def test_the_time_is_that_of_the_arrival() -> None:
    assert decode(Talk().stop()).at == 1_700_000_000_000_000


def test_an_event_nobody_has_heard_of_passes_through_under_its_name() -> None:
    assert decode(Talk().say("SomethingNew", answer=42)).kind == "SomethingNew"


def test_a_tool_call_names_itself_so_the_same_report_has_the_same_id() -> None:
    once, again = Talk().post("u-1"), Talk().post("u-1", response={"stdout": "differs"})

    assert decode(once).event_id == decode(again).event_id
    assert decode(Talk().pre("u-1")).event_id != decode(once).event_id


def test_an_event_without_a_name_of_its_own_gets_its_id_later() -> None:
    assert decode(Talk().stop()).event_id == ""


@pytest.mark.parametrize("wrong", [None, 3, "text", [1], {}, {"hook_event_name": 5}])
def test_what_is_no_hook_payload_is_refused_with_a_reason(wrong: Any) -> None:
    with pytest.raises(DecodeError, match=r"expected|without"):
        decode(wrong)


@given(
    st.dictionaries(
        st.sampled_from(["session_id", "tool_use_id", "cwd", "agent_id", "tool_name", "prompt"]),
        st.none() | st.integers() | st.text() | st.lists(st.text()) | st.just({"a": {}}),
    )
)
def test_fields_of_a_wrong_type_count_as_missing(fields: dict[str, Any]) -> None:
    event = decode({**fields, "hook_event_name": "PreToolUse"})

    for name, attribute in (("session_id", "session_id"), ("cwd", "project")):
        value = fields.get(name)
        if not isinstance(value, str):
            assert getattr(event, attribute) == ""


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_are_an_event_or_refused(content: bytes) -> None:
    with contextlib.suppress(DecodeError):
        decode(content)


def test_half_an_emoji_is_no_reason_to_lose_an_event() -> None:
    event = decode(body(Talk().prompt("cut off \ud83d")))

    assert event.summary == "cut off ?"
    assert b"\\ud83d" in event.payload
