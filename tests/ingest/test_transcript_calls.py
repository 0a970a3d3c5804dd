"""Tool calls out of transcript lines."""

from __future__ import annotations

from typing import Any

import pytest

from claude_mpm_monitor.model.transcript import transcript_tool_calls

REFUSED = "The user doesn't want to proceed with this tool use. The tool use was rejected"


def answer(content: object, **fields: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": "t1", "content": content, **fields}


def user(*blocks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "user", "message": {"content": list(blocks)}, **fields}


def test_an_assistant_line_asks_for_calls() -> None:
    blocks = [
        {"type": "text", "text": "now"},
        {"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "/a"}},
        {"type": "tool_use", "id": "t2", "name": "Bash", "input": None},
    ]

    read, bash = transcript_tool_calls({"type": "assistant", "message": {"content": blocks}})

    assert (read.tool_use_id, read.name, read.input) == ("t1", "Read", {"file_path": "/a"})
    assert not read.answered
    assert (bash.tool_use_id, bash.input) == ("t2", {})


def test_a_user_line_answers_with_the_structured_result_where_there_is_one() -> None:
    (structured,) = transcript_tool_calls(user(answer("out"), toolUseResult={"stdout": "out"}))
    (plain,) = transcript_tool_calls(user(answer("out")))

    assert structured.answered
    assert (structured.result, structured.is_error) == ({"stdout": "out"}, False)
    assert plain.result == "out"


def test_one_structured_result_is_not_given_to_two_answers() -> None:
    two = {**answer("second"), "tool_use_id": "t2"}

    calls = transcript_tool_calls(user(answer("first"), two, toolUseResult={"stdout": "?"}))

    assert [call.result for call in calls] == ["first", "second"]


@pytest.mark.parametrize(
    ("told", "fields", "denial"),
    [
        (REFUSED, {"toolDenialKind": "user-rejected"}, "user-rejected"),
        (REFUSED, {}, "user-rejected"),
        ("Permission to use Bash with command x has been denied.", {}, "permission-rule"),
        (
            "Permission for this action was denied by the Claude Code auto mode classifier.",
            {},
            "automode-blocked",
        ),
        ("Claude requested permissions to write to /w, but you haven't", {}, "not-granted"),
        ("Exit code 1", {}, ""),
    ],
)
def test_a_refused_call_is_told_from_a_failed_one(
    told: str, fields: dict[str, Any], denial: str
) -> None:
    (call,) = transcript_tool_calls(user(answer(told, is_error=True), **fields))

    assert call.is_error
    assert call.denial == denial


def test_a_successful_answer_is_never_a_refusal_whatever_it_quotes() -> None:
    (call,) = transcript_tool_calls(user(answer(REFUSED)))

    assert (call.is_error, call.denial) == (False, "")


def test_an_interrupted_call_says_so() -> None:
    (by_text,) = transcript_tool_calls(user(answer("[Request interrupted by user for tool use]")))
    (by_field,) = transcript_tool_calls(user(answer(""), toolUseResult={"interrupted": True}))

    assert by_text.interrupted
    assert by_field.interrupted


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "user", "message": {"content": "a plain prompt"}},
        {"type": "user", "message": {"content": [5, {"type": "tool_result"}]}},
        {"type": "assistant", "message": None},
        {"type": "system"},
        {},
    ],
)
def test_lines_without_calls_have_none(payload: dict[str, Any]) -> None:
    assert transcript_tool_calls(payload) == []
