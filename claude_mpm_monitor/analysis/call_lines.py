"""The API calls that a line of a transcript reports."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.analysis.api_calls import PROGRESS, TRANSCRIPT, CallRecord
from claude_mpm_monitor.pricing.model_id import SYNTHETIC
from claude_mpm_monitor.pricing.usage import Usage

Json = dict[str, Any]

#: Samplings within one request that its own usage does not include: the summary of a compaction
#: at a token threshold (platform.claude.com/docs, build-with-claude/compaction-threshold), and an
#: adviser, which is another model.
_APART = ("compaction", "advisor_message")
#: How the request was run; said once for all its samplings.
_MANNER = ("speed", "inference_geo", "service_tier")


def calls_in(
    line: Json, *, session_id: str, agent_id: str, at: int, event: str = "", prompt_id: str = ""
) -> list[CallRecord]:
    """Return the calls a parsed transcript line reports; [] for most lines.

    The arguments say whose line it is: its session and agent ("" for the main one), its time
    (microseconds since the epoch, UTC), the id of its event and the prompt it belongs to. Answers
    that Claude Code wrote itself (`<synthetic>`, API errors) are no calls.
    """
    reported, evidence = _reported(line)
    message = reported.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("usage"), dict):
        return []
    model = _text(message, "model")
    message_id = _text(message, "id") or _text(reported, "requestId") or _text(reported, "uuid")
    if model == SYNTHETIC or reported.get("isApiErrorMessage") is True or not message_id:
        return []
    usage = Usage.parse(message["usage"])
    origin = _text(line, "requestSessionId")
    call = CallRecord(
        message_id=message_id,
        at=at,
        usage=usage,
        request_id=_text(reported, "requestId"),
        session_id=session_id,
        agent_id=_agent(line) or agent_id,
        prompt_id=_text(line, "promptId") or prompt_id,
        model=model,
        cli_version=_text(line, "version"),
        sidechain=line.get("isSidechain") is True,
        copied=origin not in ("", session_id),
        line_total=usage.total,
        stop_reason=_text(message, "stop_reason"),
        seen_in=(session_id,) if session_id else (),
        tools=_tools(message),
        evidence=(evidence,),
        events=(event,) if event else (),
    )
    return [call, *_apart(call, message["usage"])]


def _tools(message: Json) -> tuple[tuple[str, str], ...]:
    """Return the tool calls that an answer asks for, id and name."""
    content = message.get("content")
    return tuple(
        (_text(block, "id"), _text(block, "name"))
        for block in (content if isinstance(content, list) else ())
        if isinstance(block, dict) and block.get("type") == "tool_use" and _text(block, "id")
    )


def _reported(line: Json) -> tuple[Json, str]:
    """Return the object that holds the answer, {} when the line has none, and what kind it is."""
    if line.get("type") == "assistant":
        return line, TRANSCRIPT
    data = line.get("data")
    if line.get("type") != "progress" or not isinstance(data, dict):
        return {}, ""
    inner = data.get("message")
    if data.get("type") != "agent_progress" or not isinstance(inner, dict):
        return {}, ""
    return (inner, PROGRESS) if inner.get("type") == "assistant" else ({}, "")


def _agent(line: Json) -> str:
    data = line.get("data")
    return _text(line, "agentId") or (_text(data, "agentId") if isinstance(data, dict) else "")


def _apart(call: CallRecord, usage: Json) -> list[CallRecord]:
    """Return the samplings billed beside the request's own usage, each a call of its own."""
    listed = usage.get("iterations")
    manner = {name: usage.get(name) for name in _MANNER}
    found = []
    for number, sampling in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(sampling, dict) or sampling.get("type") not in _APART:
            continue
        used = Usage.parse(manner | sampling)
        changes = {
            "message_id": f"{call.message_id}/{number}",
            "model": _text(sampling, "model") or call.model,
            "usage": used,
            "line_total": used.total,
            "tools": (),
        }
        found.append(msgspec.structs.replace(call, **changes))
    return found


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
