"""Who needs a person, what is at work and what went wrong lately, over all sessions.

What is stuck or repeats itself is what the rules say that is: their alerts are read, so that the
page and the alerts never disagree and one setting is enough.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.message import MessageCall
from claude_mpm_monitor.model.route import Call
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.query import Query

#: Live sessions that were not heard of for longer are over, and errors old (µs).
HORIZON = 24 * 3600 * 10**6
#: What a session may need, the most urgent first; an alert of a further rule comes after `looping`.
STATES = (
    "permission",
    "question",
    "failed",
    "stuck",
    "looping",
    "alert",
    "idle",
    "background",
    "running",
    "finished",
    "recorded",
)
#: Rules whose alerts say the state; those that merely repeat a session's status say nothing more.
_BY_RULE = {"stuck": "stuck", "loop": "looping"}
_SAID_BY_STATUS = ("waiting", "failed")
_LIVE = ("running", "waiting", "background", "idle", "failed")
#: Sessions read that live, and that are over.
_MOST_LIVE = 500
_MOST_FINISHED = 10
#: Sessions whose agents and calls are looked at, and their latest calls that are searched for those
#: that run: a bound, since a session may have a hundred thousand.
_MOST_AT_WORK = 40
_LATEST_CALLS = 60
#: The latest calls of all that are searched for errors, and the errors told.
_SEARCHED = 400
_MOST_ERRORS = 20


def overview(query: Query, now: int, project: str = "") -> Json:
    """Return `sessions` by need, agents at `work` and `errors` of the last day; `now` is in µs."""
    heard = now - HORIZON
    live = _sessions(query, _LIVE, project, heard, _MOST_LIVE)
    over = _sessions(query, ("ended", "unknown"), project, 0, _MOST_FINISHED)
    alerts = _alerts(query)
    needs = [need(session, alerts.get(session["session_id"], [])) for session in (*live, *over)]
    working = [session for session in live if session["status"] != "idle"][:_MOST_AT_WORK]
    known = {session["session_id"]: session for session in (*live, *over)}
    return {
        "at": now,
        "sessions": by_need(needs),
        "work": at_work(*_agents_and_calls(query, working)),
        "errors": _errors(query, project, known, heard),
    }


def need(session: Json, alerts: Iterable[Json]) -> Json:
    """Return what a session needs: its state, since when, and what is said about it."""
    state, since, detail = _by_status(session)
    agent_id, key = "", ""
    if waiting := session["waiting"] if session["status"] == "waiting" else None:
        agent_id, key = waiting["agent_id"], waiting["tool_use_id"]
    for alert in alerts:
        told = _BY_RULE.get(alert["rule"], "alert")
        if alert["rule"] not in _SAID_BY_STATUS and STATES.index(told) < STATES.index(state):
            state, since, detail = told, alert["since"], alert["title"]
            agent_id, key = alert["agent_id"], ""
    return {
        "session_id": session["session_id"],
        "title": session["title"],
        "project": session["project"],
        "state": state,
        "since": since,
        "detail": detail,
        "agent_id": agent_id,
        "tool_use_id": key,
    }


def by_need(needs: list[Json]) -> list[Json]:
    """Order by urgency; who has waited longest comes first, of those at ease the latest."""
    at_ease, over = STATES.index("idle"), STATES.index("finished")

    def place(row: Json) -> tuple[int, int]:
        urgency = min(STATES.index(row["state"]), over)
        return urgency, row["since"] if urgency < at_ease else -row["since"]

    return sorted(needs, key=place)


def at_work(agents: Iterable[Json], calls: Iterable[Json]) -> list[Json]:
    """Return the agents that run, those at it longest first, each with the calls that run."""
    running: dict[tuple[str, str], list[Json]] = {}
    for call in calls:
        if call["status"] == "running":
            told = {name: call[name] for name in ("tool_use_id", "tool_name", "detail")}
            told["started_at"] = call["started_at"]
            running.setdefault((call["session_id"], call["agent_id"]), []).append(told)
    names = ("session_id", "agent_id", "agent_type", "description", "started_at")
    rows = [
        {
            **{name: agent[name] for name in names},
            "calls": running.get((agent["session_id"], agent["agent_id"]), []),
        }
        for agent in agents
        if agent["status"] == "running"
    ]
    return sorted(rows, key=lambda row: row["started_at"] or 0)


def _by_status(session: Json) -> tuple[str, int, str]:
    """Return the state that a session's own status is, since when, and a word about it."""
    status = session["status"]
    last = session["last_at"] or 0
    if status == "waiting" and (waiting := session["waiting"]):
        return waiting["kind"], waiting["since"], waiting["tool_name"]
    if status == "failed":
        return "failed", session["idle_since"] or last, session["error"] or ""
    if status in ("idle", "background"):
        return status, session["idle_since"] or last, ""
    if status == "running":
        return "running", session["acted_at"] or last, ""
    # Whether it came to its end no transcript tells.
    state = "recorded" if status == "unknown" else "finished"
    return state, session["ended_at"] or last, ""


def _sessions(
    query: Query, statuses: tuple[str, ...], project: str, heard: int, limit: int
) -> list[Json]:
    # Not by what was stored last: sessions are also imported, in any order.
    latest = Sorting(field="last_at", missing=0, descending=True, least=heard)
    found = query.documents(
        "session", matching={"status": statuses}, project=project, sorting=latest, limit=limit
    )
    return [each.value for each in found]


def _alerts(query: Query) -> dict[str, list[Json]]:
    """Return what is firing, by session."""
    found: dict[str, list[Json]] = {}
    for each in query.documents("alert", matching={"state": "firing"}, limit=_MOST_LIVE):
        found.setdefault(each.value["session_id"], []).append(each.value)
    return found


def _agents_and_calls(query: Query, sessions: list[Json]) -> tuple[list[Json], list[Json]]:
    keys = [
        f"{session['session_id']}/{agent_id}"
        for session in sessions
        for agent_id in ("", *session["running_agents"])
    ]
    # Who waits for a person is no agent at work, though its call has begun.
    waiting = {
        f"{session['session_id']}/{session['waiting']['agent_id']}"
        for session in sessions
        if session["waiting"]
    }
    agents = [
        each.value for each in query.documents_by_key("agent", keys) if each.key not in waiting
    ]
    calls = [
        each.value
        for session in sessions
        for each in query.documents(
            "tool_call", session_id=session["session_id"], limit=_LATEST_CALLS
        )
    ]
    return agents, calls


def _errors(query: Query, project: str, known: dict[str, Json], heard: int) -> list[Json]:
    """Return the latest failures of calls and of requests to the model, the latest first."""
    rows = []
    for each in query.documents("tool_call", project=project, limit=_SEARCHED):
        call = each.value
        if call["status"] == "error" and not call["copied"]:
            at = call["ended_at"] or call["started_at"] or 0
            rows.append(_error("tool_call", each.key, call, at, call["tool_name"]))
    for each in query.documents("api_error", project=project, limit=_MOST_ERRORS):
        failed = each.value
        rows.append(_error("api_error", each.key, failed, failed["at"], "API"))
    lately = [row for row in rows if row["at"] >= heard]
    lately.sort(key=lambda row: -row["at"])
    for row in lately[:_MOST_ERRORS]:
        row["title"] = known.get(row["session_id"], {}).get("title", "")
    return lately[:_MOST_ERRORS]


def _error(topic: str, key: str, value: Json, at: int, what: str) -> Json:
    return {
        "topic": topic,
        "key": key,
        "session_id": value["session_id"],
        "agent_id": value["agent_id"],
        "at": at,
        "what": what,
        "error": value["error"] or "",
    }


def answer_overview(call: Call) -> Json:
    """Answer it for all sessions, or for those of the parameter `project`. Reader thread."""
    return _answer(call.query, call.parameters.get("project", ""))


def tell_overview(call: MessageCall) -> Json:
    """Answer the same to a message whose data is null or ``{"project": …}``. Reader thread."""
    asked = call.as_type(dict[str, str] | None) or {}
    return _answer(call.query, asked.get("project", ""))


def _answer(query: Query, project: str) -> Json:
    last_seq = query.last_seq()
    return {**overview(query, time.time_ns() // 1_000, project), "last_seq": last_seq}
