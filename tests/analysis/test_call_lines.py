"""Which lines report API calls, and what they say about them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.analysis.api_calls import CallRecord
from claude_mpm_monitor.analysis.call_lines import calls_in
from claude_mpm_monitor.pricing.usage import Usage

USAGE = {"input_tokens": 3, "output_tokens": 5, "cache_read_input_tokens": 7}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
#: Objects with the names that matter and values that need not fit.
SHAPES = st.fixed_dictionaries(
    {"type": st.sampled_from(["assistant", "progress", "user"])},
    optional={
        "message": JSON
        | st.fixed_dictionaries({"usage": JSON}, optional={"id": JSON, "model": JSON}),
        "data": JSON
        | st.fixed_dictionaries(
            {"type": st.just("agent_progress"), "message": JSON}, optional={"agentId": JSON}
        ),
        "requestId": JSON,
        "isSidechain": JSON,
        "version": JSON,
    },
)


def line(**changes: Any) -> dict[str, Any]:
    message = {"id": "msg_1", "model": "claude-opus-5", "usage": USAGE, "stop_reason": "end_turn"}
    return {
        "type": "assistant",
        "uuid": "u1",
        "requestId": "req_1",
        "version": "2.1.330",
        "isSidechain": False,
        "message": message | changes.pop("message", {}),
        **changes,
    }


def progress(**changes: Any) -> dict[str, Any]:
    inner = {"type": "assistant", "requestId": "req_1", "message": line()["message"]}
    return {
        "type": "progress",
        "uuid": "u2",
        "version": "2.1.37",
        "data": {"type": "agent_progress", "agentId": "a1", "message": inner | changes},
    }


def read(value: dict[str, Any], **where: Any) -> list[CallRecord]:
    return calls_in(
        value, **({"session_id": "s1", "agent_id": "", "at": 1_000, "event": "e1"} | where)
    )


def test_an_answer_reports_one_call_with_all_it_says() -> None:
    assert read(line(promptId="p1")) == [
        CallRecord(
            message_id="msg_1",
            at=1_000,
            usage=Usage(input=3, output=5, cache_read=7),
            request_id="req_1",
            session_id="s1",
            prompt_id="p1",
            model="claude-opus-5",
            cli_version="2.1.330",
            line_total=15,
            stop_reason="end_turn",
            seen_in=("s1",),
            evidence=("transcript",),
            events=("e1",),
        )
    ]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"type": "user", "message": {"role": "user", "content": "hello"}},
        {"type": "user", "message": {"id": "msg_1", "usage": USAGE}},
        line(message={"model": "<synthetic>"}),
        line(isApiErrorMessage=True),
        line(message={"usage": None}),
        line(message={"id": None}, requestId=None, uuid=None),
        {"type": "progress", "data": {"type": "bash_progress", "output": "x"}},
        progress(type="user"),
    ],
)
def test_other_lines_report_none(value: dict[str, Any]) -> None:
    assert read(value) == []


def test_a_progress_report_tells_of_its_agents_call() -> None:
    (call,) = read(progress())

    assert (call.message_id, call.agent_id, call.evidence) == ("msg_1", "a1", ("agent_progress",))
    assert call.request_id == "req_1"


def test_a_line_names_its_agent_or_its_file_does() -> None:
    assert read(line(agentId="a2"))[0].agent_id == "a2"
    assert read(line(), agent_id="a3")[0].agent_id == "a3"


def test_a_line_that_a_fork_wrote_again_is_a_copy() -> None:
    assert read(line(requestSessionId="s0"))[0].copied
    assert not read(line(requestSessionId="s1"))[0].copied
    assert not read(line())[0].copied


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (line(message={"id": None}), "req_1"),
        (line(message={"id": ""}, requestId=None), "u1"),
    ],
)
def test_without_a_message_id_the_request_or_the_line_is_the_call(
    value: dict[str, Any], name: str
) -> None:
    assert read(value)[0].message_id == name


def test_a_compaction_within_a_request_is_a_call_of_its_own() -> None:
    """The example of the API's documentation: 180,000 tokens stand in no other figure."""
    usage = {
        "input_tokens": 23_000,
        "output_tokens": 1_000,
        "speed": "standard",
        "iterations": [
            {"type": "compaction", "input_tokens": 180_000, "output_tokens": 3_500},
            {"type": "message", "input_tokens": 23_000, "output_tokens": 1_000},
            {"type": "advisor_message", "model": "claude-fable-5", "input_tokens": 9},
            "nonsense",
        ],
    }

    answer, compaction, adviser = read(line(message={"usage": usage}))

    assert (answer.message_id, answer.usage.input) == ("msg_1", 23_000)
    assert (compaction.message_id, compaction.model) == ("msg_1/0", "claude-opus-5")
    assert compaction.usage == Usage(input=180_000, output=3_500, speed="standard")
    assert (adviser.message_id, adviser.model) == ("msg_1/2", "claude-fable-5")


@pytest.mark.parametrize(
    ("version", "stop_reason", "confidence"),
    [
        ("2.1.10", None, "high"),
        ("2.1.11", None, "low"),
        ("2.1.52", None, "low"),
        ("2.1.52", "end_turn", "high"),
        ("2.1.53", None, "high"),
        ("1.0.57", None, "high"),
        (None, None, "high"),
    ],
)
def test_output_of_some_releases_deserves_little_confidence(
    version: str | None, stop_reason: str | None, confidence: str
) -> None:
    (call,) = read(line(version=version, message={"stop_reason": stop_reason}))

    assert call.confidence == confidence


@given(SHAPES)
def test_any_object_is_read_without_an_exception(value: dict[str, Any]) -> None:
    assert all(call.message_id for call in read(value))
