"""One line about an event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.payloads import Talk

from claude_mpm_monitor.ingest.wording import describe

TALK = Talk()


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        (TALK.prompt("Fix\nthe bug"), "Fix the bug"),
        (TALK.start("resume"), "resume · claude-opus-4-5"),
        (TALK.pre("u", "Bash", command="ls"), "ls"),
        (TALK.failure("u", "Bash", error="Exit code 2", command="ls"), "ls · Exit code 2"),
        (TALK.denied("u"), "make u · too risky"),
        (TALK.batch(("u", "Bash", ""), ("v", "Read", "")), "Bash, Read"),
        (TALK.stop_failure(), "api_error · 500"),
        (TALK.say("SomethingNew", title="A title"), "A title"),
        (TALK.say("SomethingNew"), ""),
    ],
)
def test_a_line_tells_what_an_event_is_about(payload: dict[str, Any], line: str) -> None:
    assert describe(payload["hook_event_name"], payload) == line


anything = st.recursive(
    st.none() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
names = st.sampled_from(["tool_name", "tool_input", "tool_calls", "error", "prompt", "reason", "x"])


@given(
    st.sampled_from(["PreToolUse", "PostToolBatch", "Stop", "Other"]),
    st.dictionaries(names, anything),
)
def test_no_payload_is_too_strange_for_a_line(kind: str, payload: dict[str, Any]) -> None:
    line = describe(kind, payload)

    assert "\n" not in line
    assert len(line) <= 200
