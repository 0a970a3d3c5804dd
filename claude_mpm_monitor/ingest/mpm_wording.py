"""One readable line about what only the host reports, for lists."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.ingest.wording import describe
from claude_mpm_monitor.model.event import one_line
from claude_mpm_monitor.model.tools import todos_detail

#: What the host adds to a tool's input; it says nothing about the call.
_ADDED_PARAMETERS = frozenset({"input_type", "param_keys"})
_FIELDS: dict[str, tuple[str, ...]] = {
    "mpm.agent_delegated": ("agent", "status", "task"),
    "mpm.agent_completed": ("agent", "status", "task"),
    "mpm.claude_status": ("status", "message"),
    "mpm.claude_output": ("content",),
    "mpm.file_changed": ("change_type", "file_path"),
    "mpm.git_operation": ("operation",),
    "mpm.memory_created": ("agent_id", "template_type"),
    "mpm.memory_injected": ("agent_id",),
    "mpm.memory_loaded": ("agent_id",),
    "mpm.memory_updated": ("agent_id", "learning_type", "content"),
    "mpm.session_started": ("launch_method", "working_dir"),
    "mpm.subagent_start": ("agent_type", "description"),
    "mpm.ticket_closed": ("ticket_id", "title"),
    "mpm.ticket_created": ("ticket_id", "title", "priority"),
    "mpm.ticket_updated": ("ticket_id", "title"),
}
#: Numbers worth showing, and what they count.
_COUNTS = (
    ("input_tokens", "in"),
    ("output_tokens", "out"),
    ("cache_read_tokens", "cache read"),
    ("cache_creation_tokens", "cache written"),
    ("memory_size", "bytes"),
    ("context_size", "bytes"),
    ("sections_count", "sections"),
)
_TEXTS = ("prompt_text", "result_summary", "prompt_preview", "response_text", "response", "content")


def describe_report(kind: str, account: dict[str, Any]) -> str:
    """Return one line of at most 200 characters, "" when there is nothing to say."""
    parameters = account.get("tool_parameters")
    if isinstance(parameters, dict):
        tool_input = {k: v for k, v in parameters.items() if k not in _ADDED_PARAMETERS}
        return describe(kind, {**account, "tool_input": tool_input})
    if isinstance(account.get("todos"), list):
        return todos_detail(account["todos"])
    words = [one_line(account.get(field)) for field in _FIELDS.get(kind, ())]
    if kind.startswith("mpm."):
        counts = [pair for pair in _COUNTS if _counted(account, pair[0])]
        words += [f"{account[field]:,} {unit}" for field, unit in counts]
    if any(words):
        return one_line(" · ".join(word for word in words if word))
    texts = (one_line(account.get(name)) for name in _TEXTS)
    return next(filter(None, texts), "") or describe(kind, account)


def _counted(account: dict[str, Any], field: str) -> bool:
    value = account.get(field)
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
