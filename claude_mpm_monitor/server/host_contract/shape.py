"""Events in the host's shape: what its dashboard and other Socket.IO clients understand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from claude_mpm_monitor.model.event import Event

Json = dict[str, Any]

#: The host's words for Claude Code's hook events; the others go by their name in snake case.
_SUBTYPES = {
    "PreToolUse": "pre_tool",
    "PostToolUse": "post_tool",
    # The host has no word for a failed call; its page looks at the `success` of this one.
    "PostToolUseFailure": "post_tool",
    "UserPromptSubmit": "user_prompt",
}
#: What history is made of: the hook events, not the lines of transcripts.
HISTORY_KINDS = (
    *("PreToolUse", "PostToolUse", "PostToolUseFailure", "UserPromptSubmit", "Notification"),
    *("SessionStart", "SessionEnd", "Stop", "StopFailure", "SubagentStart", "SubagentStop"),
    *("PermissionRequest", "PermissionDenied", "PreCompact", "PostCompact", "TaskCreated"),
    *("TaskCompleted", "TeammateIdle", "ConfigChange", "WorktreeCreate", "WorktreeRemove"),
    *("mpm.todo_updated", "mpm.assistant_response", "mpm.token_usage_updated"),
    *("mpm.session.started", "mpm.session.ended"),
)
_CATEGORIES = {
    "hook_event": ("subagent_start", "subagent_stop", "todo_updated"),
    "tool_event": ("pre_tool", "post_tool", "tool.start", "tool.end", "tool_use", "tool_result"),
    "session_event": (
        *("session.started", "session.ended", "session_start", "session_end"),
        "token_usage_updated",
    ),
    "response_event": ("response.start", "response.end", "response_started", "response_ended"),
    "agent_event": ("agent.delegated", "agent.returned", "agent_start", "agent_end"),
    "file_event": ("file.read", "file.write", "file.edit", "file_read", "file_write"),
    "system_event": ("system_ready", "system_shutdown"),
}
_CATEGORY = {name: category for category, names in _CATEGORIES.items() for name in names}
DEFAULT_CATEGORY = "claude_event"

#: Texts of payloads beyond this size (bytes) are cut; these pages keep every event in memory.
LARGE = 16_000
TEXT_KEPT = 4_000
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_shown(event: Event) -> bool:
    """Tell whether the host's clients are told about the event: about all but transcripts."""
    return not event.kind.startswith("transcript.")


def host_event(event: Event) -> Json:
    """Return the event as the host's server broadcasts it, ``type`` being its category."""
    payload = event.data()
    told = _is_told_by_host(payload)
    data = payload["data"] if told else _with_aliases(event, payload)
    subtype = subtype_of(event, payload)
    body: Json = {
        # Not "id": the host's page fails on an id it already has in its browser's storage.
        "event_id": event.event_id,
        "type": _CATEGORY.get(subtype, DEFAULT_CATEGORY),
        "subtype": subtype,
        "data": _cut(data) if len(event.payload) > LARGE else data,
        "timestamp": iso(event.at),
        "session_id": event.session_id or None,
        "source": event.source,
    }
    correlation = payload.get("correlation_id") if told else event.tool_use_id
    if correlation:
        body["correlation_id"] = correlation
    if event.project:
        body["cwd"] = event.project
    return body


def socketio_event(event: Event) -> Json:
    """Return an event that came by Socket.IO as the host hands it on, under ``claude_event``."""
    sent = event.data()
    body = host_event(event)
    return {
        **body,
        "type": sent.get("type") or "hook",
        "metadata": sent.get("metadata") or {},
        "original_event": _cut(sent) if len(event.payload) > LARGE else sent,
    }


def version_3_event(body: Json) -> Json:
    """Return a body of `host_event` as version 3's clients know it: ``type`` says everything."""
    return {**body, "type": f"hook.{body['subtype']}"}


def subtype_of(event: Event, payload: Json) -> str:
    """Return the host's word for what happened."""
    if event.kind.startswith("mpm."):
        return event.kind.removeprefix("mpm.")
    if _is_told_by_host(payload) and isinstance(payload.get("subtype"), str):
        return str(payload["subtype"])
    known = _SUBTYPES.get(event.kind)
    return known or _WORD.sub("_", event.kind).lower()


def iso(at: int) -> str:
    """Return microseconds since the epoch as the host writes times."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat()


def _is_told_by_host(payload: Json) -> bool:
    named = "subtype" in payload or "type" in payload
    return named and isinstance(payload.get("data"), dict)


def _with_aliases(event: Event, payload: Json) -> Json:
    """Add the names under which the host's page looks for what Claude Code calls otherwise."""
    added: Json = {"working_directory": event.project}
    if event.tool_use_id:
        added["correlation_id"] = event.tool_use_id
    if isinstance(payload.get("prompt"), str):
        added["prompt_text"] = payload["prompt"]
    tool_input = payload.get("tool_input")
    if isinstance(tool_input, dict):
        added["tool_parameters"] = {**tool_input, "param_keys": list(tool_input)}
    if event.kind in ("PostToolUse", "PostToolUseFailure"):
        good = event.kind == "PostToolUse"
        added["success"] = good
        added["status"] = "success" if good else "error"
        added["exit_code"] = 0 if good else 1
        added["tool_result"] = _result(payload.get("tool_response"))
    return {**added, **payload}


def _result(response: object) -> object:
    """The text of a result, where the page knows how to show one."""
    if not isinstance(response, dict):
        return response
    file = response.get("file")
    if isinstance(file, dict):
        return file.get("content")
    return response.get("stdout")


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= TEXT_KEPT else value[:TEXT_KEPT] + "…"
    if isinstance(value, dict):
        return {name: _cut(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cut(inner) for inner in value]
    return value
