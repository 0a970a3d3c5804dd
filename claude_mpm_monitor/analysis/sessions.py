"""Sessions: one document each, with the state a person wants to know about.

Statuses: running (working), waiting (for a permission), idle (for a prompt), ended, unknown.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.turns import prompt_of
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event, is_noise, one_line

TOPIC = "session"

#: Events that say where a session stands; any other leaves its state as it is.
_STATES = {
    "UserPromptSubmit": "running",
    "PreToolUse": "running",
    "PostToolUse": "running",
    "PostToolUseFailure": "running",
    "PostToolBatch": "running",
    "PermissionDenied": "running",
    "PermissionRequest": "waiting",
    "Elicitation": "waiting",
    "Stop": "idle",
    "StopFailure": "idle",
    "SessionEnd": "ended",
}
#: Events that only a session that goes on can send.
_REVIVING = frozenset({"SessionStart", "UserPromptSubmit"})
_HOST_PREAMBLE = "You are Claude Code running in Claude MPM"
_NOTICES = {"permission_prompt": "waiting", "idle_prompt": "idle"}


def load(event: Event, documents: Documents) -> Json:
    """Return the session's document, a new one when the session is not known."""
    return documents.get(TOPIC, event.session_id) or {
        "session_id": event.session_id,
        "project": event.project,
        "cwd": event.project,
        "branch": "",
        "model": "",
        "title": "",
        "status": "unknown",
        "started_at": event.at,
        "last_at": event.at,
        "ended_at": None,
        "end_reason": "",
        "permission_mode": "",
        "source": "",
        "transcript_path": "",
        "cli_version": "",
        "prompt_id": "",
        "prompt_at": 0,
        "transcript_prompt_id": "",
        "events": 0,
        "tool_calls": 0,
        "errors": 0,
        "denied": 0,
        "agents": 0,
        "turns": 0,
        "files": 0,
        "running_agents": [],
    }


def save(session: Json, documents: Documents) -> None:
    """Store the session's document."""
    documents.put(TOPIC, session["session_id"], session)


def note(session: Json, event: Event) -> None:
    """Take over what any event says about its session."""
    data = event.data()
    session["events"] += not is_noise(event)
    session["started_at"] = min(session["started_at"], event.at)
    session["last_at"] = max(session["last_at"], event.at)
    session["project"] = session["project"] or event.project
    session["cwd"] = event.project or session["cwd"]
    _take(session, "permission_mode", data.get("permission_mode") or data.get("permissionMode"))
    _take(session, "transcript_path", data.get("transcript_path"))
    branch = event.branch or data.get("gitBranch") or data.get("git_branch")
    _take(session, "branch", branch)
    _take(session, "cli_version", data.get("version") if _is_transcript(event) else None)
    _note_model(session, event, data)
    _note_title(session, event, data)
    _note_state(session, event, data)


def _note_model(session: Json, event: Event, data: dict[str, Any]) -> None:
    if event.agent_id:
        return
    if event.kind == "SessionStart":
        _take(session, "model", data.get("model"))
        _take(session, "source", data.get("source"))
    elif event.kind == "PostModelSwitch":
        _take(session, "model", data.get("to_model"))
    elif event.kind == "transcript.assistant":
        message = data.get("message")
        model = message.get("model") if isinstance(message, dict) else None
        _take(session, "model", None if model == "<synthetic>" else model)


def _note_title(session: Json, event: Event, data: dict[str, Any]) -> None:
    title = data.get("session_title") or data.get("customTitle") or data.get("aiTitle")
    if event.kind == "transcript.summary":
        title = data.get("summary")
    if isinstance(title, str) and title:
        session["title"] = one_line(title, 120)
    elif not session["title"]:
        session["title"] = one_line(_own_words(prompt_of(event) or ""), 120)


def _own_words(prompt: str) -> str:
    """Leave out what claude-mpm puts before the prompt of a run that is not interactive."""
    return prompt.rpartition("\n\n")[2] if prompt.startswith(_HOST_PREAMBLE) else prompt


def _note_state(session: Json, event: Event, data: dict[str, Any]) -> None:
    if _is_transcript(event):
        # A transcript is read late and says nothing about now.
        return
    state = _STATES.get(event.kind)
    if event.kind == "Notification":
        state = _NOTICES.get(str(data.get("notification_type")))
    elif event.kind == "SessionStart" and data.get("source") != "compact":
        state = "idle"
        session["ended_at"], session["end_reason"] = None, ""
    elif event.kind in ("Stop", "StopFailure") and event.agent_id:
        state = None
    if session["status"] == "ended" and event.kind not in _REVIVING:
        state = None  # told late, by what ran to the end
    if state is not None:
        session["status"] = state
    if event.kind == "UserPromptSubmit":
        session["ended_at"], session["end_reason"] = None, ""
    if event.kind == "SessionEnd":
        session["ended_at"] = event.at
        _take(session, "end_reason", data.get("reason"))


def _take(session: Json, field: str, value: object) -> None:
    if isinstance(value, str) and value:
        session[field] = value


def _is_transcript(event: Event) -> bool:
    return event.kind.startswith("transcript.")
