"""What a fact is about, computed alike from Claude Code's payload and from the host's account.

The host's handler keeps the command, path, pattern or prompt but drops the ids, and of a finished
call it keeps the tool's name only. The key made of what both have tells that they may report the
same fact; which of several alike is settled by counting them.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from claude_mpm_monitor.model.event import Event

#: The host cuts a command off here.
COMMAND_KEPT = 100
#: The kinds of hook events that some version of the host's handler reports in its own words.
REPORTED_BY_HOST = frozenset(
    {
        "ConfigChange",
        "Notification",
        "PermissionRequest",
        "PostCompact",
        "PostToolUse",
        "PreCompact",
        "PreToolUse",
        "SessionEnd",
        "SessionStart",
        "Stop",
        "SubagentStart",
        "SubagentStop",
        "TaskCompleted",
        "TeammateIdle",
        "UserPromptSubmit",
        "WorktreeCreate",
        "WorktreeRemove",
    }
)


def loose_key(event: Event) -> str | None:
    """Return what the event is about as a digest, or None when the host never reports its kind.

    A pure function of the event; any thread. Microseconds.
    """
    if event.kind not in REPORTED_BY_HOST:
        return None
    said = event.data()
    # The host puts a hook's payload, flattened, into `data`.
    account = said if said.get("data") is None else said["data"]
    if not said or not _is_sane(account):
        return None
    subject = _subject(account, event)
    text = "\x1f".join((event.session_id, event.kind, event.tool_name, subject))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _is_sane(account: object) -> bool:
    """Tell whether an account has the shape it should; others are like nothing else."""
    return isinstance(account, dict) and all(
        isinstance(account.get(name) or {}, dict) for name in ("tool_input", "tool_parameters")
    )


def _subject(account: dict[str, Any], event: Event) -> str:
    """What tells one event of its kind and tool from another, "" when the host drops that."""
    match event.kind:
        case "PreToolUse":
            return _of_call(account, event.tool_name)
        case "UserPromptSubmit":
            return _first(account, "prompt", "prompt_text")
        case "Notification":
            return _first(account, "message")
        case "SubagentStart" | "SubagentStop":
            return _of_agent(account, event.session_id)
        case "TaskCompleted":
            return _first(account, "task_id")
    return ""


def _of_call(account: dict[str, Any], tool_name: str) -> str:
    given = account.get("tool_input") or account.get("tool_parameters")
    if not isinstance(given, dict):
        return ""
    if tool_name == "Bash":
        return _first(given, "command")[:COMMAND_KEPT]
    if tool_name == "Task":
        return _first(given, "description")
    return _first(given, "file_path", "notebook_path", "pattern", "url")


def _of_agent(account: dict[str, Any], session_id: str) -> str:
    """The agent's id, unless the host made it up for a Claude Code that gave none."""
    agent_id = _first(account, "agent_id")
    made_up = f"{_first(account, 'agent_type')}_{session_id[:8]}"
    return "" if agent_id == made_up else agent_id


def _first(account: dict[str, Any], *names: str) -> str:
    """Return the first of these fields that is a text and not empty, else ""."""
    for name in names:
        value = account.get(name)
        if isinstance(value, str) and value:
            return value
    return ""
