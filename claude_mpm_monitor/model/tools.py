"""What Claude Code's tools act on: the one input that tells a person what a call is about."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.event import one_line

#: The inputs that say most, in this order, whatever the tool.
_TELLING = (
    "command",
    "file_path",
    "notebook_path",
    "pattern",
    "url",
    "query",
    "description",
    "subject",
    "skill",
    "prompt",
    "path",
    "question",
    "taskId",
    "name",
    "text",
)

#: Tools that hand work to a subagent; older versions of Claude Code call it Task.
AGENT_TOOLS = frozenset({"Agent", "Task"})

#: Tools that touch a file, with what they do to it and the input that names it.
FILE_TOOLS: dict[str, tuple[str, str]] = {
    "Read": ("read", "file_path"),
    "Write": ("write", "file_path"),
    "Edit": ("edit", "file_path"),
    "MultiEdit": ("edit", "file_path"),
    "NotebookEdit": ("edit", "notebook_path"),
    "NotebookRead": ("read", "notebook_path"),
}


def tool_detail(tool_name: str, tool_input: object) -> str:
    """Return one line that tells what the call is about, "" when nothing does."""
    if not isinstance(tool_input, dict):
        return ""
    if tool_name in AGENT_TOOLS:
        return _agent_detail(tool_input)
    for name in _TELLING:
        line = one_line(tool_input.get(name))
        if line:
            return line
    for value in tool_input.values():
        line = one_line(value)
        if line:
            return line
    return ""


def _agent_detail(tool_input: dict[str, Any]) -> str:
    kind = one_line(tool_input.get("subagent_type"))
    what = one_line(tool_input.get("description")) or one_line(tool_input.get("prompt"))
    return f"{kind}: {what}" if kind and what else kind or what


def file_touched(tool_name: str, tool_input: object) -> tuple[str, str] | None:
    """Return (operation, path) when the call reads, writes or edits one file."""
    known = FILE_TOOLS.get(tool_name)
    if known is None or not isinstance(tool_input, dict):
        return None
    operation, field = known
    path = tool_input.get(field)
    return (operation, path) if isinstance(path, str) and path else None
