"""Events, and the lines that tell about them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.model.event import LIVE_TRANSCRIPT, SUMMARY_LIMIT, Event, is_noise, one_line


def event(payload: bytes) -> Event:
    return Event(kind="Stop", session_id="s", at=1, source="api", payload=payload)


def test_data_is_the_payload_as_a_dictionary() -> None:
    assert event(b'{"reason": "clear"}').data() == {"reason": "clear"}


def test_data_of_a_payload_that_is_no_object_is_empty() -> None:
    assert event(b"[1, 2]").data() == {}


def test_data_of_a_payload_that_is_no_json_is_empty() -> None:
    assert event(b"not json \xff").data() == {}


def test_data_is_parsed_once() -> None:
    told = event(b'{"a": 1}')

    assert told.data() is told.data()


def test_a_head_has_everything_but_the_payload() -> None:
    head = event(b"{}").head()

    assert set(head) == {name for name in Event.__struct_fields__ if name != "payload"}


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_one_line_is_one_short_line_of_anything(value: object) -> None:
    line = one_line(value)

    assert len(line) <= SUMMARY_LIMIT
    assert line.split() == line.split(" ") or not line


def test_one_line_shows_that_it_was_cut() -> None:
    assert one_line("word " * 100).endswith("…")


@pytest.mark.parametrize(
    ("kind", "tool_use_id", "summary", "noise"),
    [
        ("transcript.user", "", "do it", True),
        ("transcript.assistant", "toolu_1", "Bash ls", True),
        ("transcript.assistant", "", "", True),
        ("transcript.assistant", "", "I look at the notes first.", False),
    ],
)
def test_of_a_live_transcript_only_what_agents_say_is_shown(
    kind: str, tool_use_id: str, summary: str, noise: bool
) -> None:
    event = Event(
        kind=kind,
        session_id="s",
        at=0,
        source=LIVE_TRANSCRIPT,
        payload=b"{}",
        tool_use_id=tool_use_id,
        summary=summary,
    )

    assert is_noise(event) is noise
    assert not is_noise(msgspec.structs.replace(event, source="transcript"))
