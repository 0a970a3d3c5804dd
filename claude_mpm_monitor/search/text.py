"""The text of an event that a search looks in: what its payload says, without what names things."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.event import Event

#: Letters of one event that are looked in, and of one value in it.
LONGEST, LONGEST_VALUE = 24_000, 8_000
#: Fields whose values name, place or sign something: nobody looks for what they hold by words.
_DULL = frozenset(
    {
        *("uuid", "parentUuid", "logicalParentUuid", "leafUuid", "messageId", "requestId", "id"),
        *("session_id", "sessionId", "prompt_id", "promptId", "agent_id", "agentId"),
        *("tool_use_id", "toolUseID", "parentToolUseID", "sourceToolAssistantUUID", "toolUseId"),
        *("transcript_path", "agent_transcript_path", "timestamp", "signature", "data", "type"),
        *("role", "version", "userType", "permission_mode", "permissionMode", "hook_event_name"),
        *("originalFile", "structuredPatch", "usage", "stop_reason", "slug", "isSidechain"),
    }
)


def text_of(event: Event) -> str:
    """Return what can be looked for in an event, at most `LONGEST` letters of its payload."""
    return text_in(event.data(), event.summary, event.tool_name, event.kind)


def text_in(data: dict[str, Any], *beside: str) -> str:
    """Return the same of a parsed payload and what is known beside it."""
    parts = list(beside)
    _gather(data, parts, LONGEST)
    return "\n".join(parts)


def _gather(value: Any, parts: list[str], left: int) -> int:
    """Add the texts in a value to the parts, so many letters; return how many are left then."""
    if isinstance(value, str):
        parts.append(value[: min(LONGEST_VALUE, left)])
        return left - len(value)
    if isinstance(value, dict):
        inner = [one for name, one in value.items() if name not in _DULL]
    else:
        inner = value if isinstance(value, list) else []
    for one in inner:
        if left <= 0:
            break
        left = _gather(one, parts, left)
    return left
