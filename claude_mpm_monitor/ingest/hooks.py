"""Claude Code's hook payloads, as its HTTP and command hooks deliver them.

Every event the CLI knows carries `session_id`, `transcript_path`, `cwd` and `hook_event_name`;
events this module has never heard of pass through under their own name.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.wording import describe
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.jsontext import loads


class HookDecoder:
    """Decodes the body of one hook call: a JSON object. Writer thread."""

    dialect = "claude_hook"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the one event in `raw`."""
        payload = _object(raw.body)
        return [event_from_hook(payload, raw).parsed_as(payload)]


def event_from_hook(payload: dict[str, Any], raw: Raw) -> Event:
    """Build the event that a hook payload reports.

    Raises DecodeError when the payload does not say which event it is.
    """
    kind = payload.get("hook_event_name")
    if not isinstance(kind, str) or not kind:
        raise DecodeError("a hook payload without hook_event_name")
    session_id = text(payload, "session_id")
    tool_use_id = text(payload, "tool_use_id")
    return Event(
        event_id=fact_id(session_id, kind, tool_use_id) if tool_use_id else "",
        kind=kind,
        session_id=session_id,
        at=raw.at,
        source=raw.source,
        agent_id=text(payload, "agent_id"),
        tool_use_id=tool_use_id,
        prompt_id=text(payload, "prompt_id"),
        project=text(payload, "cwd"),
        tool_name=text(payload, "tool_name"),
        summary=describe(kind, payload),
        payload=raw.body,
    )


def is_hook_payload(event: Event) -> bool:
    """Tell whether the event carries Claude Code's own words, whoever passed them on."""
    return b'"hook_event_name"' in event.payload and b'"transcript_path"' in event.payload


def text(payload: dict[str, Any], name: str) -> str:
    """Return the field when it is a string, else the empty string."""
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _object(body: bytes) -> dict[str, Any]:
    try:
        payload = loads(body)
    except ValueError as error:
        raise DecodeError(str(error)) from None
    if not isinstance(payload, dict):
        raise DecodeError(f"a JSON object was expected, not {type(payload).__name__}")
    return payload
