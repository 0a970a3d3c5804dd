"""Spans in OTLP's JSON form, made of the monitor's documents."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

Json = dict[str, Any]
#: OTLP's numbers: INTERNAL and CLIENT; OK and ERROR.
INTERNAL, CLIENT = 1, 3
OK, ERROR = 1, 2


def spans_of_turn(turn: Json, tool_calls: Iterable[Json], api_calls: Iterable[Json]) -> list[Json]:
    """Return the turn, and what is the turn's of a session's calls, as spans."""
    prompt_id = turn["prompt_id"]
    trace = _id(16, turn["session_id"], prompt_id)
    root = _span(trace, "", f"turn/{prompt_id}", "invoke_agent", turn)
    spans = [root]
    for calls, make in ((tool_calls, _tool_call), (api_calls, _api_call)):
        own = (call for call in calls if call["prompt_id"] == prompt_id)
        spans += [make(trace, root["spanId"], call) for call in own]
    return spans


def request_of(spans: list[Json]) -> Json:
    """Return what OTLP calls a request to export traces."""
    name = {"key": "service.name", "value": {"stringValue": "claude-code"}}
    scope = {"scope": {"name": "claude-mpm-monitor"}, "spans": spans}
    return {"resourceSpans": [{"resource": {"attributes": [name]}, "scopeSpans": [scope]}]}


def _tool_call(trace: str, parent: str, call: Json) -> Json:
    name = f"execute_tool {call['tool_name']}"
    span = _span(trace, parent, call["tool_use_id"], name, call)
    span["attributes"] += _attributes(
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call["tool_name"],
            "gen_ai.tool.call.id": call["tool_use_id"],
            "gen_ai.agent.id": call["agent_id"],
            "error.type": call["status"] if call["status"] in ("error", "denied") else "",
        }
    )
    return span


def _api_call(trace: str, parent: str, call: Json) -> Json:
    told, usage = call.get("telemetry") or {}, call["usage"]
    # Telemetry tells of a request when it is over; without it only a moment is known.
    ended = told.get("at") or call["at"]
    times = {**call, "started_at": ended - (told.get("duration_us") or 0), "ended_at": ended}
    span = _span(trace, parent, call["message_id"], f"chat {call['model']}", times)
    span["kind"] = CLIENT
    span["attributes"] += _attributes(
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": call["model"],
            "gen_ai.usage.input_tokens": usage["input"],
            "gen_ai.usage.output_tokens": usage["output"],
            "gen_ai.usage.cache_read.input_tokens": usage["cache_read"],
        }
    )
    return span


def _span(trace: str, parent: str, key: str, name: str, value: Json) -> Json:
    failed = value.get("status") in ("error", "denied", "failed")
    ended = value.get("ended_at") or value["started_at"]
    return {
        "traceId": trace,
        "spanId": _id(8, value["session_id"], key),
        **({"parentSpanId": parent} if parent else {}),
        "name": name,
        "kind": INTERNAL,
        "startTimeUnixNano": str(value["started_at"] * 1_000),
        "endTimeUnixNano": str(ended * 1_000),
        "attributes": _attributes({"gen_ai.conversation.id": value["session_id"]}),
        "status": {"code": ERROR if failed else OK},
    }


def _attributes(values: dict[str, str | int]) -> list[Json]:
    kinds = {int: "intValue", str: "stringValue"}
    return [
        {"key": key, "value": {kinds[type(value)]: str(value)}}
        for key, value in values.items()
        if value != ""
    ]


def _id(size: int, *parts: str) -> str:
    return blake2b("/".join(parts).encode(), digest_size=size).hexdigest()
