"""Events that scripts hand over."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.api import ApiDecoder
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw

NOW = 1_700_000_000_000_000


def decode(value: Any) -> list[Event]:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return ApiDecoder().decode(Raw(dialect="api", body=content, at=NOW, source="api"))


@pytest.mark.parametrize(
    "content",
    [
        b'[{"kind": "a"}, {"kind": "b"}]',
        b'{"kind": "a"}\n{"kind": "b"}\n',
        b'\n{"kind": "a"}\r\n\r\n{"kind": "b"}',
    ],
)
def test_an_array_and_lines_are_several_events(content: bytes) -> None:
    assert [event.kind for event in decode(content)] == ["a", "b"]


def test_an_object_is_one_event() -> None:
    (event,) = decode({"kind": "deploy", "session_id": "s", "payload": {"message": "live"}})

    assert (event.kind, event.session_id, event.summary) == ("deploy", "s", "live")
    assert (event.at, event.source, event.payload) == (NOW, "api", b'{"message": "live"}')


def test_the_payload_is_kept_to_the_letter() -> None:
    (event,) = decode(b'{"kind":"k","payload":{ "n": 1e2, "big": 123456789012345678901234567890 }}')

    assert event.payload == b'{ "n": 1e2, "big": 123456789012345678901234567890 }'


def test_no_payload_is_an_empty_object() -> None:
    assert [e.payload for e in decode([{"kind": "a"}, {"kind": "b", "payload": None}])] == [
        b"{}",
        b"{}",
    ]


def test_an_id_of_the_callers_own_identifies_within_session_and_kind() -> None:
    one, same, other = decode(
        [
            {"kind": "k", "event_id": "42"},
            {"kind": "k", "event_id": "42", "payload": "differs"},
            {"kind": "k", "event_id": "42", "session_id": "s"},
        ]
    )

    assert one.event_id == same.event_id != other.event_id


@pytest.mark.parametrize("at", [-1, LATEST_AT + 1, 2**70, -(2**70)])
def test_a_time_that_no_date_has_is_refused(at: int) -> None:
    with pytest.raises(DecodeError, match="at is"):
        decode({"kind": "k", "at": at})


@pytest.mark.parametrize(
    "wrong",
    [b"", b"x", b"[", b"5", b"[5]", b'{"kind": ""}', b'{"kind": 5}', b'{"at": 1}', b'"kind"'],
)
def test_what_is_no_event_is_refused(wrong: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(wrong)


def test_a_bad_line_refuses_all_lines_and_is_named() -> None:
    with pytest.raises(DecodeError, match="line 2 is not an event"):
        decode(b'{"kind": "a"}\n{"kind": 5}\n{"kind": "c"}')


def test_two_objects_on_one_line_are_refused() -> None:
    with pytest.raises(DecodeError, match="line 1 is not an event"):
        decode(b'{"kind": "a"}{"kind": "b"}\n{"kind": "c"}')


def test_invalid_text_inside_a_payload_is_refused() -> None:
    with pytest.raises(DecodeError, match="payload is not JSON"):
        decode(b'{"kind": "k", "payload": "\xff"}')


@pytest.mark.parametrize("depth", [300, 5_000, 200_000])
def test_a_payload_nested_beyond_reason_is_refused(depth: int) -> None:
    with pytest.raises(DecodeError):
        decode(b'{"kind": "k", "payload": ' + b"[" * depth + b"]" * depth + b"}")


def test_half_an_emoji_is_no_reason_to_refuse() -> None:
    (event,) = decode(b'{"kind": "k", "payload": {"text": "\\ud83d"}}')

    assert event.data() == {"text": "?"}


@given(
    st.binary() | st.recursive(st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_events_or_refused(content: bytes) -> None:
    with contextlib.suppress(DecodeError):
        decode(content)
