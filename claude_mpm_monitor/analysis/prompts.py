"""Prompts: what starts a turn, whoever tells of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from claude_mpm_monitor.model.event import Event

#: Lines of the user's side that nobody asked the model: what a local command printed, a shell
#: command the user ran, the mark of an interruption.
NO_PROMPTS = (
    "<local-command-",
    "<bash-input>",
    "<bash-stdout>",
    "<bash-stderr>",
    "[Request interrupted by user",
)
INTERRUPTED = "[Request interrupted by user"
LOCAL_OUTPUT = ("<local-command-stdout>", "<local-command-stderr>")
NOTIFICATION = "<task-notification>"

_HOST_PREAMBLE = "You are Claude Code running in Claude MPM"
_COMMAND = re.compile(r"<command-name>\s*(.*?)\s*</command-name>", re.DOTALL)
_ARGUMENTS = re.compile(r"<command-args>\s*(.*?)\s*</command-args>", re.DOTALL)
_EDITOR = re.compile(r"\s*<ide_(\w+)>.*?</ide_\1>\s*", re.DOTALL)
_TASK = re.compile(r"<task-id>([^<]*)</task-id>.*?<status>([^<]*)</status>", re.DOTALL)
_UNNUMBERED = "~"
_TASK_STATUS = {"completed": "ok", "failed": "error", "killed": "interrupted"}

#: Prompts without an id that say the same within so many microseconds are one prompt.
SAME_PROMPT_US = 10_000_000


class TaskReport(msgspec.Struct, frozen=True):
    """What a notification says of something that ran in the background, an agent perhaps."""

    task_id: str
    status: str


def prompt_of(event: Event) -> str | None:
    """Return the prompt that the event starts a turn with, or None."""
    if event.kind == "UserPromptSubmit":
        return _text(event.data().get("prompt"))
    if event.kind != "transcript.user" or event.agent_id:
        return None
    data = event.data()
    if data.get("isMeta") or data.get("toolUseResult") is not None or data.get("isCompactSummary"):
        return None
    said = spoken(event)
    if not said or said.startswith(NO_PROMPTS):
        return None
    return as_typed(said)


def turn_id(event: Event, prompt: str) -> str:
    """Return the id of the turn that a prompt starts.

    Older releases give prompts none. Then what was asked and when names the turn, so that a hook
    and the transcript, which tell of it moments apart, mean the same one.
    """
    return event.prompt_id or unnumbered(prompt, event.at // SAME_PROMPT_US)


def unnumbered(prompt: str, period: int) -> str:
    """Return the id of a turn whose prompt has none."""
    digest = blake2b(prompt.strip().encode(errors="replace"), digest_size=8).hexdigest()
    return f"{_UNNUMBERED}{digest}-{period}"


def is_numbered(prompt_id: str) -> bool:
    """Tell an id of Claude Code's own from one that was made up for want of it."""
    return not prompt_id.startswith(_UNNUMBERED)


def is_automatic(prompt: str) -> bool:
    """Tell whether Claude Code wrote the prompt itself, to say what became of a task."""
    return prompt.startswith(NOTIFICATION)


def as_typed(said: str) -> str:
    """Return a prompt of a transcript as the user typed it, without what was wrapped around it."""
    if said.startswith("<command-"):
        name, arguments = _COMMAND.search(said), _ARGUMENTS.search(said)
        if name is not None:
            return f"{name[1]} {arguments[1] if arguments else ''}".strip()
    while said.startswith("<ide_"):
        rest = _EDITOR.sub("", said, count=1)
        if not rest or rest == said:
            break
        said = rest
    return said


def own_words(prompt: str) -> str:
    """Leave out what claude-mpm puts before the prompt of a run that is not interactive."""
    return prompt.rpartition("\n\n")[2] if prompt.startswith(_HOST_PREAMBLE) else prompt


def spoken(event: Event) -> str:
    """Return the text of a transcript line, "" when it only carries tool calls or results."""
    message = event.data().get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        blocks = [block for block in content if isinstance(block, dict)]
        texts = [_text(block.get("text")) for block in blocks if block.get("type") == "text"]
        return "\n".join(text for text in texts if text)
    return _text(content)


def task_reports(event: Event, prompt: str | None) -> Iterator[TaskReport]:
    """Yield what the event, or the prompt in it, reports of tasks that ran in the background."""
    said = prompt or ""
    if event.kind == "transcript.queue-operation":
        said = _text(event.data().get("content"))
    if said.startswith(NOTIFICATION):
        for task_id, status in _TASK.findall(said):
            if task_id and status in _TASK_STATUS:
                yield TaskReport(task_id, _TASK_STATUS[status])


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
