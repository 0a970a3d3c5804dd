"""Compactions: where a session's context was replaced by a summary of itself."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.facts import whole
from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.usage import MOST

TOPIC = "compaction"


def note(event: Event, documents: Documents) -> bool:
    """Keep a document of the compaction that a line marks; True when it was not known."""
    data = event.data()
    if data.get("subtype") != "compact_boundary":
        return False
    details = data.get("compactMetadata")
    told: dict[str, Any] = details if isinstance(details, dict) else {}
    key = f"{event.session_id}/{event.event_id}"
    new = documents.get(TOPIC, key) is None
    value = {
        "session_id": event.session_id,
        "agent_id": event.agent_id,
        "at": event.at,
        "trigger": _text(told.get("trigger")),
        "tokens_before": whole(told.get("preTokens"), MOST),
        "tokens_after": whole(told.get("postTokens"), MOST),
        "event": event.event_id,
    }
    documents.put(TOPIC, key, value, agent_id=event.agent_id)
    return new


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
