"""One readable line about a transcript line, for lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.model.event import one_line
from claude_mpm_monitor.model.tools import tool_detail
from claude_mpm_monitor.model.transcript import content_blocks, result_text

Json = dict[str, Any]

#: Fields that name or place a line instead of saying something.
_DULL = frozenset(
    {
        *("type", "uuid", "parentUuid", "logicalParentUuid", "leafUuid", "messageId", "requestId"),
        *("sessionId", "session_id", "promptId", "agentId", "timestamp", "version", "cwd"),
        *("userType", "entrypoint", "gitBranch", "slug", "level"),
    }
)


def describe_line(line: Json) -> str:
    """Return one line of at most 200 characters, "" when there is nothing to say."""
    describe = _BY_TYPE.get(line["type"], _first_field)
    return one_line(describe(line))


def _message(line: Json) -> str:
    parts = [_block(block) for block in content_blocks(line)]
    return " · ".join(part for part in parts if part)


def _block(block: Json) -> str:
    kind = block.get("type")
    if kind == "tool_use":
        name = one_line(block.get("name"))
        detail = tool_detail(name, block.get("input"))
        return f"{name}: {detail}" if detail else name
    if kind == "tool_result":
        return one_line(result_text(block.get("content"))) or _other_result(block.get("content"))
    if kind == "thinking":
        return one_line(block.get("thinking")) or "thinking"
    return one_line(block.get("text") if kind == "text" else kind)


def _other_result(content: object) -> str:
    blocks = content if isinstance(content, list) else []
    kinds = [one_line(block.get("type")) for block in blocks if isinstance(block, dict)]
    return ", ".join(kinds) or "no output"


def _system(line: Json) -> str:
    subtype, duration = line.get("subtype"), line.get("durationMs")
    if subtype == "turn_duration" and isinstance(duration, int):
        return f"the turn took {duration / 1000:.1f} s"
    error = line.get("error")
    told = error.get("formatted") or error.get("message") if isinstance(error, dict) else ""
    return one_line(line.get("content")) or _join(subtype, told)


def _progress(line: Json) -> str:
    data = line.get("data")
    if not isinstance(data, dict):
        return ""
    message = data.get("message")
    if isinstance(message, dict) and "message" in message:
        return _message(message)
    telling = ("hookName", "output", "toolName", "taskDescription", "query", "content", "status")
    return _join(data.get("type"), *(data.get(name) for name in telling))


def _attachment(line: Json) -> str:
    attachment = line.get("attachment")
    if not isinstance(attachment, dict):
        return ""
    telling = ("hookName", "displayPath", "filename", "prompt", "stderr", "content")
    told = next((t for t in (one_line(attachment.get(name)) for name in telling) if t), "")
    return _join(attachment.get("type"), told)


def _cost(line: Json) -> str:
    total = line.get("totalCostUSD")
    return f"${total:.4f}" if isinstance(total, (int, float)) else ""


def _snapshot(line: Json) -> str:
    snapshot = line.get("snapshot")
    backups = snapshot.get("trackedFileBackups") if isinstance(snapshot, dict) else None
    return f"{len(backups)} files" if isinstance(backups, dict) else ""


def _queue(line: Json) -> str:
    return _join(line.get("operation"), line.get("content"))


def _tools_used(line: Json) -> str:
    tools = line.get("tools")
    return ", ".join(one_line(t) for t in tools) if isinstance(tools, list) else ""


def _first_field(line: Json) -> str:
    told = (one_line(value) for name, value in line.items() if name not in _DULL)
    return next((text for text in told if text), "")


def _join(*parts: object) -> str:
    return " · ".join(text for text in (one_line(part) for part in parts) if text)


_BY_TYPE: dict[object, Callable[[Json], str]] = {
    "user": _message,
    "assistant": _message,
    "system": _system,
    "progress": _progress,
    "attachment": _attachment,
    "cost-state": _cost,
    "file-history-snapshot": _snapshot,
    "queue-operation": _queue,
    "tools-used": _tools_used,
}
