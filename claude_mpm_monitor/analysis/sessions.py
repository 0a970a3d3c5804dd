"""Sessions: one document each, with the state a person wants to know about.

What is reported is kept under `basis`; where the session stands is derived from that, from its last
turn and from what waits, so the order of reports does not matter.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.draft import SESSION, Draft
from claude_mpm_monitor.analysis.endings import AGREE_US
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event, is_noise, one_line
from claude_mpm_monitor.pricing.usage import Usage

TOPIC = "session"
#: Starts, ends and compactions remembered of a session.
REMEMBERED = 64

#: What puts an end to things: a session that ended, one that starts (the process before it is
#: gone), and word that Claude Code waits for a prompt (so the turn is over, if by interruption).
ENDED, STARTED, IDLE = "ended", "started", "idle"
#: A transcript's word that the session ended, for sessions of which no hook tells.
STATED = "stated"

_LINE, _HOOK = "line", "hook"


def load(draft: Draft) -> Json:
    """Return the session's document, a new one when the session is not known."""
    return draft.get(TOPIC, SESSION) or {
        "session_id": draft.event.session_id,
        "project": "",
        "cwd": "",
        "branch": "",
        "model": "",
        "title": "",
        "status": "unknown",
        "waiting": None,
        "idle_since": None,
        "error": "",
        "started_at": draft.event.at,
        "last_at": draft.event.at,
        "acted_at": None,
        "ended_at": None,
        "end_reason": "",
        "permission_mode": "",
        "source": "",
        "transcript_path": "",
        "cli_version": "",
        "forked_from": "",
        "resumed": 0,
        "compactions": 0,
        "context_tokens": None,
        "prompt_id": "",
        "events": 0,
        "tool_calls": 0,
        "errors": 0,
        "denied": 0,
        "agents": 0,
        "turns": 0,
        "files": 0,
        "waited_us": 0,
        "busy_us": 0,
        "idle_us": 0,
        "running_agents": [],
        "basis": {
            "since": {},
            "at": {},
            "copied_until": 0,
            "first": "",
            "last": "",
            "closers": [],
            "begun": 0,
            "prompted": 0,
            "over": None,
            "hooked": False,
            "waits": {},
            "open_agents": {},
            "early": {"ends": [], "lists": 0},
            "compacted": {_LINE: [], _HOOK: []},
            "resumed": [],
        },
    }


def save(session: Json, draft: Draft) -> None:
    """Store the session's document."""
    draft.put(TOPIC, SESSION, session)


def note(session: Json, event: Event) -> None:
    """Take over what any event says about its session."""
    data, basis = event.data(), session["basis"]
    session["events"] += not is_noise(event)
    from_line = event.kind.startswith("transcript.")
    timed = not from_line or isinstance(data.get("timestamp"), str)
    if timed:
        _note_time(session, event, from_line)
    elif not basis["since"]:
        session["started_at"] = min(session["started_at"], event.at)
        session["last_at"] = max(session["last_at"], event.at)
    moments = basis["at"]
    if event.project:
        since = moments.get("project")
        if since is None or event.at < since:
            moments["project"], session["project"] = event.at, event.project
        # Not the project's folder where an enricher has put the event down to another one.
        _last(session, event, "cwd", data.get("cwd") or event.project)
    mode = data.get("permission_mode") or data.get("permissionMode")
    branch = event.branch or data.get("gitBranch") or data.get("git_branch")
    if mode:
        _last(session, event, "permission_mode", mode)
    if branch:
        _last(session, event, "branch", branch)
    if from_line:
        _last(session, event, "cli_version", data.get("version"))
    else:
        _last(session, event, "transcript_path", data.get("transcript_path"))
        basis["hooked"] = basis["hooked"] or not event.kind.startswith("otel.")
    reader = _READERS.get(event.kind)
    if reader is not None and not event.agent_id:
        reader(session, event, data)
    title = data.get("session_title") or data.get("customTitle") or data.get("aiTitle")
    if title:
        _note_title(session, event, title)


def is_copied(event: Event) -> bool:
    """Tell whether a fork's line repeats one of the session before it."""
    return bool(_origin(event))


def note_copied(session: Json, event: Event) -> bool:
    """Take in a line that repeats another session's; True when more is known to be copied now."""
    _last(session, event, "forked_from", _origin(event))
    if event.at <= session["basis"]["copied_until"]:
        return False
    session["basis"]["copied_until"] = event.at
    return True


def _origin(event: Event) -> str:
    data = event.data()
    origin = data.get("requestSessionId")
    if not origin:
        forked = data.get("forkedFrom")
        origin = forked.get("sessionId") if isinstance(forked, dict) else None
    return origin if isinstance(origin, str) and origin != event.session_id else ""


def closed_at(session: Json, begun: int, kinds: tuple[str, ...]) -> int | None:
    """Return when something of the kinds first put an end to what began then, None if never."""
    basis = session["basis"]
    if not basis["hooked"]:
        kinds = (*kinds, STATED)
    ends = (at for at, kind in basis["closers"] if at >= begun and kind in kinds)
    return next(ends, None)


def going(session: Json) -> str:
    """Return the status of what has begun and not ended.

    Hooks tell of an end when it comes, so it goes on. A transcript is read late, and Claude Code
    may have been gone for long: nobody knows.
    """
    return "running" if session["basis"]["hooked"] else "unknown"


def stated_ends(session: Json) -> list[int]:
    """Return when the session ended as its transcript has it."""
    return [at for at, kind in session["basis"]["closers"] if kind == STATED]


def settle(session: Json, first: Json | None, last: Json | None, waits: list[Json]) -> None:
    """Derive where the session stands. `first` and `last` are its turns, if it has any."""
    basis = session["basis"]
    session["prompt_id"] = last["prompt_id"] if last is not None else ""
    settle_start(session, first)
    over = _over(session, last)
    session["ended_at"], session["end_reason"] = (over[0], over[1]) if over else (None, "")
    session["status"] = status = _status(session, last, over, bool(waits))
    session["waiting"] = waits[0] if status == "waiting" else None
    resting = status in ("idle", "failed", "background")
    session["idle_since"] = (last["ended_at"] if last else basis["begun"]) if resting else None
    session["error"] = last["error"] if last is not None else ""
    session["resumed"] = len(basis["resumed"])
    lines, hooks = basis["compacted"][_LINE], basis["compacted"][_HOOK]
    told_once = [at for at in hooks if all(abs(at - line) > AGREE_US for line in lines)]
    session["compactions"] = len(lines) + len(told_once)
    if first is not None and basis["at"].get("title") is None:
        session["title"] = one_line(first["prompt"], 120)


def _status(session: Json, last: Json | None, over: list[Any] | None, waits: bool) -> str:
    basis = session["basis"]
    if over is not None:
        return "ended"
    if not basis["hooked"]:
        return "unknown"  # a transcript is read late and says nothing about now
    if waits:
        return "waiting"
    if last["status"] == "running" if last is not None else session["acted_at"] is not None:
        return "running"
    if session["running_agents"]:
        return "background"
    if last is not None:
        return "failed" if last["status"] == "error" else "idle"
    return "idle" if basis["begun"] else "unknown"


def _over(session: Json, last: Json | None) -> list[Any] | None:
    """Return when and why the session ended, None when it goes on."""
    basis = session["basis"]
    if basis["hooked"]:
        over, begun = basis["over"], max(basis["begun"], basis["prompted"])
    else:
        stated = stated_ends(session)
        over, begun = [stated[-1], ""] if stated else None, last["basis"]["begun"] if last else 0
    return over if over is not None and over[0] >= begun else None


def settle_start(session: Json, first: Json | None) -> None:
    """Claude Code's own time where there is one; of a fork, when its own first turn began."""
    since = session["basis"]["since"]
    if session["basis"]["copied_until"]:
        session["started_at"] = first["started_at"] if first else session["started_at"]
    elif since:
        session["started_at"] = since.get(_LINE, since.get(_HOOK))


def _note_time(session: Json, event: Event, from_line: bool) -> None:
    since, source = session["basis"]["since"], _LINE if from_line else _HOOK
    at = event.at
    if not since or at > session["last_at"]:
        session["last_at"] = at
    if source not in since or at < since[source]:
        since[source] = at
        settle_start(session, None)
    if event.kind in _ACTS and at > (session["acted_at"] or 0):
        session["acted_at"] = at


def _note_start(session: Json, event: Event, data: Json) -> None:
    basis = session["basis"]
    _last(session, event, "source", data.get("source"))
    _note_model(session, event, data.get("model"), 1)
    if data.get("source") == "compact":
        return
    basis["begun"] = max(basis["begun"], event.at)
    _close(session, event.at, STARTED)
    if data.get("source") == "resume":
        _add(basis["resumed"], event.at)


def _note_prompt(session: Json, event: Event, data: Json) -> None:
    session["basis"]["prompted"] = max(session["basis"]["prompted"], event.at)


def _note_end(session: Json, event: Event, data: Json) -> None:
    reason = data.get("reason")
    over = [event.at, reason if isinstance(reason, str) else ""]
    session["basis"]["over"] = max(over, session["basis"]["over"] or over)
    _close(session, event.at, ENDED)


def _note_notice(session: Json, event: Event, data: Json) -> None:
    if data.get("notification_type") == "idle_prompt":
        _close(session, event.at, IDLE)


def _note_switch(session: Json, event: Event, data: Json) -> None:
    _note_model(session, event, data.get("to_model"), 2)


def _note_answer(session: Json, event: Event, data: Json) -> None:
    message = data.get("message")
    if not isinstance(message, dict) or message.get("model") == "<synthetic>":
        return
    _note_model(session, event, message.get("model"), 2)
    usage = message.get("usage")
    if isinstance(usage, dict) and event.at > session["basis"]["at"].get("context", 0):
        session["context_tokens"] = Usage.parse(usage).prompt
        session["basis"]["at"]["context"] = event.at


def _note_boundary(session: Json, event: Event, data: Json) -> None:
    if data.get("subtype") == "compact_boundary":
        _add(session["basis"]["compacted"][_LINE], event.at)


def _note_compaction(session: Json, event: Event, data: Json) -> None:
    _add(session["basis"]["compacted"][_HOOK], event.at)


def _note_cost(session: Json, event: Event, data: Json) -> None:
    """Claude Code states what a session cost when it ends: in a transcript that is the end."""
    _close(session, event.at, STATED)


def _note_summary(session: Json, event: Event, data: Json) -> None:
    _note_title(session, event, data.get("summary"))


_READERS = {
    "SessionStart": _note_start,
    "SessionEnd": _note_end,
    "UserPromptSubmit": _note_prompt,
    "Notification": _note_notice,
    "PostModelSwitch": _note_switch,
    "PostCompact": _note_compaction,
    "transcript.assistant": _note_answer,
    "transcript.system": _note_boundary,
    "transcript.cost-state": _note_cost,
    "transcript.summary": _note_summary,
}
#: Events in which work is done, for telling a session that works from one that is stuck.
_ACTS = frozenset(
    {
        *("UserPromptSubmit", "PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch"),
        *("PermissionDenied", "SubagentStart", "SubagentStop", "Stop", "StopFailure"),
        *("PreCompact", "PostCompact", "transcript.assistant", "transcript.user"),
    }
)


def _note_model(session: Json, event: Event, model: object, worth: int) -> None:
    known = session["basis"]["at"].get("model", [0, 0])
    if isinstance(model, str) and model and [worth, event.at] >= known:
        session["basis"]["at"]["model"], session["model"] = [worth, event.at], model


def _note_title(session: Json, event: Event, title: object) -> None:
    if isinstance(title, str) and title:
        _last(session, event, "title", one_line(title, 120))


def _close(session: Json, at: int, kind: str) -> None:
    _add(session["basis"]["closers"], [at, kind])


def _add(known: list[Any], entry: Any) -> None:
    if entry not in known:
        known.append(entry)
        known.sort()
        del known[:-REMEMBERED]


def _last(session: Json, event: Event, field: str, value: object) -> None:
    """Take over a field's value unless a later event told another; of two at once the greater."""
    if not isinstance(value, str) or not value:
        return
    known = session["basis"]["at"].get(field, -1)
    if event.at > known or (event.at == known and value > session[field]):
        session["basis"]["at"][field], session[field] = event.at, value
