"""What Claude Code's telemetry tells of tool calls: results, who decided, how long a person took.

A span of waiting does not name its call: it lies within the call's own span, which is reported
later, maybe in another delivery. What is known of a span so far is kept until both are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.analysis.facts import ToolEnd, microseconds
from claude_mpm_monitor.analysis.wait_facts import ASKING_TOOLS, PERMISSION, QUESTION, ToolWait
from claude_mpm_monitor.model.event import Event, one_line
from claude_mpm_monitor.model.jsontext import loads

#: Spans of calls and the waiting within them, by the span of the call; not shown.
TOPIC = "_told_waits"
_RESULT, _DECISION = "otel.log.tool_result", "otel.log.tool_decision"
_CALL, _WAIT = "otel.span.tool", "otel.span.tool.blocked_on_user"
KINDS = frozenset({_RESULT, _DECISION, _CALL, _WAIT})
Json = dict[str, Any]


class ToolDecision(msgspec.Struct, frozen=True):
    """Somebody allowed or refused a call: `by` is telemetry's word ("config", "user_reject")."""

    tool_use_id: str
    by: str


def told_facts(event: Event, draft: Draft) -> Iterator[ToolEnd | ToolDecision | ToolWait]:
    """Yield what a record of telemetry says about calls."""
    data = event.data()
    said = data.get("attributes")
    if not isinstance(said, dict):
        return
    if event.kind in (_CALL, _WAIT):
        yield from _waits(event, data, said, draft)
    elif event.tool_use_id and event.kind == _RESULT:
        yield _end(event, said)
    elif event.tool_use_id:
        by = _text(said, "source")
        yield ToolDecision(event.tool_use_id, by)
        if said.get("decision") == "reject":
            error = f"refused ({by})"
            yield ToolEnd(
                event.tool_use_id, event.tool_name, None, "denied", "telemetry", error=error
            )


def _end(event: Event, said: Json) -> ToolEnd:
    succeeded = said.get("success") in (True, "true")
    return ToolEnd(
        event.tool_use_id,
        event.tool_name,
        _input(said),
        "ok" if succeeded else "error",
        "telemetry",
        error="" if succeeded else one_line(said.get("error") or said.get("error_type")),
        duration_us=microseconds(_number(said.get("duration_ms"))),
    )


def _waits(event: Event, data: Json, said: Json, draft: Draft) -> Iterator[ToolWait]:
    """Yield the waits of a call, once its span and theirs are both known, and again with each."""
    of_call = event.kind == _CALL
    span = _text(data, "span_id" if of_call else "parent_span_id")
    if not span or not (of_call or _text(said, "source").startswith("user")):
        return  # what the configuration or a hook decides, no person is waited for
    known = draft.get(TOPIC, span) or {"tool_use_id": "", "tool_name": "", "waits": []}
    if of_call:
        known |= {"tool_use_id": event.tool_use_id, "tool_name": event.tool_name}
    else:
        interval = [data.get("started_at") or event.at, data.get("ended_at") or event.at]
        known["waits"] = sorted([*(w for w in known["waits"] if w != interval), interval])
    draft.put(TOPIC, span, known)
    if known["tool_use_id"]:
        kind = QUESTION if known["tool_name"] in ASKING_TOOLS else PERMISSION
        for since, until in known["waits"]:
            yield ToolWait(known["tool_use_id"], kind, since, until)


def _input(said: Json) -> Any:
    """Return a call's input, which telemetry has as text, cut off when it is long."""
    try:
        return loads(_text(said, "tool_input").encode())
    except ValueError:
        return None


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 16 else value


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
