"""Facts: what an event says about tool calls, whichever source told it.

Sources by how much they are worth (`EVIDENCE`): a hook or a transcript line about the very call; a
record of telemetry, which knows less of it; a PostToolBatch, which closes calls that got no hook of
their own; and what follows from the turn or the session being over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from claude_mpm_monitor.model.event import Event, one_line

EVIDENCE = {"inferred": 1, "batch": 2, "telemetry": 3, "transcript": 4, "hook": 5}
#: Of two reports worth the same, the worse one counts: a failed call is never shown as a success.
SEVERITY = {"unknown": 0, "ok": 1, "error": 2, "interrupted": 3, "denied": 4}
#: A longer duration (ms) is a mistake of whoever measured it: a year.
LONGEST_MS = 31_536_000_000

_DENIALS = (
    "Permission to use ",
    "Permission for this action was denied",
    "Permission for this action has been denied",
    "Claude requested permissions ",
    "The user doesn't want to proceed with this tool use",
    "The user doesn't want to take this action",
)
_INTERRUPTIONS = ("[Request interrupted by user", "Interrupted by user")


class ToolStart(msgspec.Struct, frozen=True):
    """A tool call was made."""

    tool_use_id: str
    tool_name: str
    tool_input: Any


class ToolEnd(msgspec.Struct, frozen=True):
    """A tool call came to an end. `duration_us` is None when the source does not say."""

    tool_use_id: str
    tool_name: str
    tool_input: Any
    status: str
    evidence: str
    error: str = ""
    response: Any = None
    duration_us: int | None = None


def tool_facts(event: Event) -> Iterator[ToolStart | ToolEnd]:
    """Yield what the event says about tool calls, in order."""
    reader = _READERS.get(event.kind)
    if reader is not None:
        yield from reader(event.data())


def _pre(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    if _id(data):
        yield ToolStart(_id(data), _name(data), data.get("tool_input"))


def _post(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    response = data.get("tool_response")
    status = "interrupted" if _was_interrupted(response) else "ok"
    yield from _end(data, status, "hook", response=response)


def _failure(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    error = _text(data.get("error"))
    status = "interrupted" if data.get("is_interrupt") is True else _status_of_text(error)
    yield from _end(data, status, "hook", error=error)


def _denied(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    yield from _end(data, "denied", "hook", error=_text(data.get("reason")))


def _batch(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    calls = data.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if not isinstance(call, dict) or not _id(call):
            continue
        response = call.get("tool_response")
        said = _text(response)
        if said.startswith("<tool_use_error>"):
            yield from _end(call, "error", "batch", error=_plain(said))
        elif said.startswith(_DENIALS):
            yield from _end(call, "denied", "batch", error=said)
        else:
            # Neither an error nor a known refusal. What it means depends on the hooks that were
            # seen for the call; see ToolCalls.
            yield from _end(call, "unknown", "batch", error=said, response=response)


def _assistant(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    for block in _blocks(data, "tool_use"):
        if _text(block.get("id")):
            yield ToolStart(block["id"], _text(block.get("name")), block.get("input"))


def _user(data: dict[str, Any]) -> Iterator[ToolStart | ToolEnd]:
    for block in _blocks(data, "tool_result"):
        tool_use_id = _text(block.get("tool_use_id"))
        if not tool_use_id:
            continue
        said = _content_text(block.get("content"))
        failed = block.get("is_error") is True
        status = _status_of_text(said) if failed else "ok"
        if failed and data.get("toolDenialKind"):
            status = "denied"
        elif not failed and _was_interrupted(data.get("toolUseResult")):
            status = "interrupted"
        yield ToolEnd(
            tool_use_id,
            "",
            None,
            status,
            "transcript",
            error=_plain(said) if failed else "",
            response=data.get("toolUseResult"),
        )


_READERS = {
    "PreToolUse": _pre,
    "PostToolUse": _post,
    "PostToolUseFailure": _failure,
    "PermissionDenied": _denied,
    "PostToolBatch": _batch,
    "transcript.assistant": _assistant,
    "transcript.user": _user,
}


def _end(
    data: dict[str, Any], status: str, evidence: str, *, error: str = "", response: Any = None
) -> Iterator[ToolEnd]:
    if not _id(data):
        return
    yield ToolEnd(
        _id(data),
        _name(data),
        data.get("tool_input"),
        status,
        evidence,
        error=one_line(error),
        response=response,
        duration_us=microseconds(data.get("duration_ms")),
    )


def _was_interrupted(response: object) -> bool:
    return isinstance(response, dict) and response.get("interrupted") is True


def whole(value: object, most: int = 2**50 - 1) -> int | None:
    """Return a number that is whole and from 0 to the most there can be, else None."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        return None
    return value


def microseconds(duration: object) -> int | None:
    """Return a duration in ms as µs, None when it is none there can be."""
    if not isinstance(duration, int | float) or not 0 <= duration <= LONGEST_MS:
        return None
    return int(duration * 1000)


def _status_of_text(said: str) -> str:
    if said.startswith(_DENIALS):
        return "denied"
    if said.startswith(_INTERRUPTIONS):
        return "interrupted"
    return "error"


def _blocks(data: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    message = data.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == kind:
            yield block


def _content_text(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(part for part in parts if isinstance(part, str))
    return ""


def _plain(said: str) -> str:
    return one_line(said.replace("<tool_use_error>", "").replace("</tool_use_error>", ""))


def _id(data: dict[str, Any]) -> str:
    return _text(data.get("tool_use_id"))


def _name(data: dict[str, Any]) -> str:
    return _text(data.get("tool_name"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
