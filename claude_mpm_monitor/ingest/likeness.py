"""What a fact is about, computed alike from Claude Code's payload and from the host's account.

The host's handler keeps the command, path, pattern or prompt but drops the ids, and of a finished
call it keeps the tool's name only. The key made of what both have tells that they may report the
same fact; which of several alike is settled by counting them.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec

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


class _Input(msgspec.Struct):
    command: Any = None
    file_path: Any = None
    notebook_path: Any = None
    pattern: Any = None
    url: Any = None
    description: Any = None


class _Account(msgspec.Struct):
    """The fields that matter, of a hook payload or of the host's flattened ``data``."""

    prompt: Any = None
    prompt_text: Any = None
    message: Any = None
    agent_id: Any = None
    agent_type: Any = None
    task_id: Any = None
    tool_input: _Input | None = None
    tool_parameters: _Input | None = None


class _Told(_Account):
    data: _Account | None = None


_told = msgspec.json.Decoder(_Told)


def loose_key(event: Event) -> str | None:
    """Return what the event is about as a digest, or None when the host never reports its kind.

    A pure function of the event; any thread. Microseconds for payloads of usual size.
    """
    if event.kind not in REPORTED_BY_HOST:
        return None
    try:
        told = _told.decode(event.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    subject = _subject(told.data or told, event)
    text = "\x1f".join((event.session_id, event.kind, event.tool_name, subject))
    return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _subject(account: _Account, event: Event) -> str:
    """What tells one event of its kind and tool from another, "" when the host drops that."""
    match event.kind:
        case "PreToolUse":
            return _of_call(account.tool_input or account.tool_parameters, event.tool_name)
        case "UserPromptSubmit":
            return _text(account.prompt) or _text(account.prompt_text)
        case "Notification":
            return _text(account.message)
        case "SubagentStart" | "SubagentStop":
            return _of_agent(account, event.session_id)
        case "TaskCompleted":
            return _text(account.task_id)
    return ""


def _of_call(given: _Input | None, tool_name: str) -> str:
    if given is None:
        return ""
    if tool_name == "Bash":
        return _text(given.command)[:COMMAND_KEPT]
    if tool_name == "Task":
        return _text(given.description)
    path = _text(given.file_path) or _text(given.notebook_path)
    return path or _text(given.pattern) or _text(given.url)


def _of_agent(account: _Account, session_id: str) -> str:
    """The agent's id, unless the host made it up for a Claude Code that gave none."""
    agent_id = _text(account.agent_id)
    made_up = f"{_text(account.agent_type)}_{session_id[:8]}"
    return "" if agent_id == made_up else agent_id


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
