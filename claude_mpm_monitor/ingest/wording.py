"""One readable line about a hook event, for lists."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.event import one_line
from claude_mpm_monitor.model.tools import tool_detail

_FIELDS: dict[str, tuple[str, ...]] = {
    "UserPromptSubmit": ("prompt",),
    "UserPromptExpansion": ("command_name", "command_args"),
    "SessionStart": ("source", "model"),
    "SessionEnd": ("reason",),
    "MessageDisplay": ("delta",),
    "Stop": ("last_assistant_message",),
    "StopFailure": ("error", "error_details"),
    "SubagentStart": ("agent_type",),
    "SubagentStop": ("agent_type", "last_assistant_message"),
    "Notification": ("message",),
    "PreCompact": ("trigger", "custom_instructions"),
    "PostCompact": ("trigger",),
    "PreModelSwitch": ("from_model", "to_model"),
    "PostModelSwitch": ("from_model", "to_model"),
    "InstructionsLoaded": ("file_path",),
    "ConfigChange": ("source", "file_path"),
    "CwdChanged": ("new_cwd",),
    "FileChanged": ("event", "file_path"),
    "DirectoryAdded": ("directory",),
    "TaskCreated": ("task_subject", "task_id"),
    "TaskCompleted": ("task_subject", "task_id"),
    "Elicitation": ("mcp_server_name", "message"),
    "ElicitationResult": ("mcp_server_name", "action"),
    "TeammateIdle": ("teammate_name", "team_name"),
}
_ANY = ("message", "prompt", "reason", "name", "title", "text", "summary")


def describe(kind: str, payload: dict[str, Any]) -> str:
    """Return one line of at most 200 characters about the event, "" when it has nothing to say."""
    name = payload.get("tool_name")
    if isinstance(name, str) and name:
        return _about_tool(payload)
    if kind == "PostToolBatch":
        return _about_batch(payload)
    fields = _FIELDS.get(kind, _ANY)
    words = [one_line(payload[field]) for field in fields if field in payload]
    return one_line(" · ".join(word for word in words if word))


def _about_tool(payload: dict[str, Any]) -> str:
    detail = tool_detail(payload["tool_name"], payload.get("tool_input"))
    trouble = one_line(payload.get("error")) or one_line(payload.get("reason"))
    return one_line(" · ".join(part for part in (detail, trouble) if part))


def _about_batch(payload: dict[str, Any]) -> str:
    calls = payload.get("tool_calls")
    if not isinstance(calls, list):
        return ""
    names = [call.get("tool_name") for call in calls if isinstance(call, dict)]
    return one_line(", ".join(name for name in names if isinstance(name, str)))
