"""Tool calls as a transcript tells them: asked for in one line, answered in a later one."""

from __future__ import annotations

from typing import Any

import msgspec

#: How a refused call begins, for versions of Claude Code that do not say `toolDenialKind`.
_REFUSALS = (
    ("The user doesn't want to proceed with this tool use", "user-rejected"),
    ("The user doesn't want to take this action right now", "user-rejected"),
    ("Permission for this action was denied by the Claude Code auto mode", "automode-blocked"),
    ("Permission to use ", "permission-rule"),
    ("Claude requested permissions to ", "not-granted"),
)
_INTERRUPTED = "[Request interrupted by user"


class TranscriptCall(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a tool call. A request has a `name`, an answer has `answered` set.

    `result` is Claude Code's structured result where the line carries one, else the text or the
    blocks the model was given. `denial` is "" or the kind of refusal ("user-rejected",
    "permission-rule", "automode-blocked", "not-granted").
    """

    tool_use_id: str
    name: str = ""
    input: dict[str, Any] = {}
    answered: bool = False
    result: Any = None
    is_error: bool = False
    interrupted: bool = False
    denial: str = ""


def transcript_tool_calls(payload: dict[str, Any]) -> list[TranscriptCall]:
    """Return the requests of an assistant line or the answers of a user line, else []."""
    blocks = content_blocks(payload)
    if payload.get("type") == "assistant":
        return [_request(block) for block in blocks if _names_call(block, "tool_use", "id")]
    if payload.get("type") == "user":
        answers = [b for b in blocks if _names_call(b, "tool_result", "tool_use_id")]
        return [_answer(block, payload, len(answers) == 1) for block in answers]
    return []


def content_blocks(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the blocks of the line's message; a plain text counts as one text block."""
    message = payload.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if not isinstance(content, list):
        return []
    return [block for block in content if isinstance(block, dict)]


def result_text(content: object) -> str:
    """Return what a tool_result block says: its text, or its text blocks joined."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [block.get("text") for block in content if isinstance(block, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def _names_call(block: dict[str, Any], kind: str, field: str) -> bool:
    return block.get("type") == kind and isinstance(block.get(field), str)


def _request(block: dict[str, Any]) -> TranscriptCall:
    name, given = block.get("name"), block.get("input")
    return TranscriptCall(
        tool_use_id=block["id"],
        name=name if isinstance(name, str) else "",
        input=given if isinstance(given, dict) else {},
    )


def _answer(block: dict[str, Any], payload: dict[str, Any], alone: bool) -> TranscriptCall:
    """`alone` is whether the line's structured result can only belong to this block."""
    content = block.get("content")
    text = result_text(content)
    structured = payload.get("toolUseResult") if alone else None
    is_error = block.get("is_error") is True
    told_interrupted = isinstance(structured, dict) and structured.get("interrupted") is True
    return TranscriptCall(
        tool_use_id=block["tool_use_id"],
        answered=True,
        result=content if structured is None else structured,
        is_error=is_error,
        interrupted=told_interrupted or text.startswith(_INTERRUPTED),
        denial=_denial(payload, text) if is_error else "",
    )


def _denial(payload: dict[str, Any], text: str) -> str:
    told = payload.get("toolDenialKind")
    if isinstance(told, str):
        return told
    return next((kind for start, kind in _REFUSALS if text.startswith(start)), "")
