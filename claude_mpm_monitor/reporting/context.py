"""How full a session's context was, call by call, and where it was compacted."""

from __future__ import annotations

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.requests import is_of_conversation


def context(query: Query, session_id: str, agent_id: str = "") -> Json:
    """Return the prompt of each call of an agent ("": the main one) in tokens, by time.

    `points` are made for a chart; `largest` and `last` are None when there are none.
    """
    calls = [
        found.value
        for found in query.every_document("api_call", session_id=session_id, via="_api_call_of")
    ]
    points = [
        {
            "at": call["at"],
            "prompt_tokens": call["prompt_tokens"],
            "message_id": call["message_id"],
            "model": call["model"],
        }
        for call in calls
        if not call["same_as"]
        and call["agent_id"] == agent_id
        and is_of_conversation(call["recorded"], call["telemetry"])
    ]
    points.sort(key=lambda point: (point["at"], point["message_id"]))
    compactions = [
        found.value for found in query.every_document("compaction", session_id=session_id)
    ]
    return {
        "points": points,
        "compactions": sorted(
            (value for value in compactions if value["agent_id"] == agent_id),
            key=lambda value: (value["at"], value["event"]),
        ),
        "largest": max((point["prompt_tokens"] for point in points), default=None),
        "last": points[-1]["prompt_tokens"] if points else None,
    }
