"""What Claude Code's tools act on: the one input that tells a person what a call is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    "subject",
    "description",
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
#: What telemetry calls the tools of MCP servers, unless it is to tell details (since 2.1.2, see
#: https://github.com/anthropics/claude-code/issues/22308). Everybody else says their names.
MASKED_TOOL = "mcp_tool"
#: Tools of which one report of a call may have another name than the next.
RENAMED_TOOLS = AGENT_TOOLS | {MASKED_TOOL}

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
    todos = tool_input.get("todos")
    if isinstance(todos, list):
        return todos_detail(todos)
    if tool_name == "TaskUpdate":
        return one_line(" · ".join(_lines(tool_input, ("taskId", "status", "subject", "owner"))))
    return _telling(tool_input) or _first_of_list(tool_input)


def todos_detail(todos: list[Any]) -> str:
    """Return how far a list of things to do has come, and what is being done."""
    entries = [todo for todo in todos if isinstance(todo, dict)]
    done = sum(todo.get("status") == "completed" for todo in entries)
    now = [one_line(todo.get("content")) for todo in entries if todo.get("status") == "in_progress"]
    words = [f"{len(todos)} todos", f"{done} done" if done else "", *now]
    return one_line(" · ".join(word for word in words if word))


def _lines(tool_input: dict[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield what is a line of text in the inputs named, in that order."""
    return filter(None, (one_line(tool_input.get(name)) for name in names))


def _telling(tool_input: dict[str, Any]) -> str:
    return next(_lines(tool_input, _TELLING), "") or next(_lines(tool_input, tool_input), "")


def _first_of_list(tool_input: dict[str, Any]) -> str:
    """Return the same of the first of several, as of questions to the user."""
    for value in tool_input.values():
        first = value[0] if isinstance(value, list) and value else None
        line = _telling(first) if isinstance(first, dict) else one_line(first)
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
