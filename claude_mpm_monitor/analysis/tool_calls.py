"""Tool calls: each call once, with its true status and duration.

A call is told several times: before, after, in a batch, in the transcript. The best evidence
decides its status, whatever the order of arrival; the rest only fills in what is missing.
"""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.analysis.edits import intended
from claude_mpm_monitor.analysis.facts import EVIDENCE, SEVERITY, ToolEnd, ToolStart
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.tools import tool_detail

TOPIC = "tool_call"
#: Calls that have started and not ended, for each session; not shown.
OPEN = "_open_tool_calls"


class Transition(msgspec.Struct, frozen=True):
    """What a fact did to a call: `before` is "" for a new one.

    `decided` tells whether it was this fact that settled how the call ended.
    """

    call: Json
    before: str
    after: str
    decided: bool = False


def note_start(event: Event, fact: ToolStart, documents: Documents) -> Transition:
    """Record that a call was made."""
    call = _load(event, fact.tool_use_id, documents)
    before = call["status"]
    _describe(call, event, fact.tool_name, fact.tool_input)
    if call["started_at"] is None or event.at < call["started_at"]:
        call["started_at"] = event.at
        call["input_seq"] = event.seq
    if not before:
        call["status"] = "running"
        still_open = _open(event.session_id, documents)
        still_open[fact.tool_use_id] = event.agent_id
        documents.put(OPEN, event.session_id, still_open)
    elif call["evidence"] == "batch" and before == "unknown":
        # The batch was told first. It means the same as if it came second.
        call["status"] = "denied"
    _fill_duration(call)
    return _save(call, before, documents)


def note_end(event: Event, fact: ToolEnd, documents: Documents) -> Transition:
    """Record how a call ended, unless better evidence has decided already."""
    call = _load(event, fact.tool_use_id, documents)
    before = call["status"]
    _describe(call, event, fact.tool_name, fact.tool_input)
    status = _settle(fact, was_made=call["started_at"] is not None)
    decided = _weight(fact.evidence, status) > _weight(call["evidence"], before)
    if decided:
        call["status"] = status
        call["evidence"] = fact.evidence
        call["error"] = fact.error if call["status"] not in ("ok", "running") else ""
        call["ended_at"] = event.at
        call["result_seq"] = event.seq
        call["duration_us"] = fact.duration_us
    _fill_duration(call)
    still_open = _open(event.session_id, documents)
    if still_open.pop(fact.tool_use_id, None) is not None:
        documents.put(OPEN, event.session_id, still_open)
    return _save(call, before, documents, decided=decided)


def close_open(
    event: Event, status: str, documents: Documents, *, agent_id: str | None = None
) -> list[Transition]:
    """End the calls of the session (or of one agent) that nothing else will end any more."""
    still_open = _open(event.session_id, documents)
    chosen = [key for key, agent in still_open.items() if agent_id in (None, agent)]
    return [
        note_end(event, ToolEnd(key, "", None, status, "inferred"), documents) for key in chosen
    ]


def _weight(evidence: str, status: str) -> tuple[int, int]:
    return EVIDENCE.get(evidence, 0), SEVERITY.get(status, 0)


def _settle(fact: ToolEnd, *, was_made: bool) -> str:
    """A batch closes calls that got no hook after them: those were refused, or never valid."""
    if fact.evidence == "batch" and fact.status == "unknown" and was_made:
        return "denied"
    return fact.status


def _load(event: Event, tool_use_id: str, documents: Documents) -> Json:
    return documents.get(TOPIC, f"{event.session_id}/{tool_use_id}") or {
        "session_id": event.session_id,
        "tool_use_id": tool_use_id,
        "tool_name": "",
        "agent_id": event.agent_id,
        "agent_type": "",
        "prompt_id": event.prompt_id,
        "status": "",
        "evidence": "",
        "started_at": None,
        "ended_at": None,
        "duration_us": None,
        "detail": "",
        "file": None,
        "error": "",
        "input_seq": None,
        "result_seq": None,
        "is_mcp": False,
    }


def _describe(call: Json, event: Event, name: str, tool_input: Any) -> None:
    if name:
        call["tool_name"] = name
        call["is_mcp"] = name.startswith("mcp__")
    if tool_input is not None and not call["detail"]:
        call["detail"] = tool_detail(call["tool_name"], tool_input)
        call["file"] = intended(call["tool_name"], tool_input)
    call["prompt_id"] = call["prompt_id"] or event.prompt_id
    call["agent_id"] = call["agent_id"] or event.agent_id
    agent_type = event.data().get("agent_type")
    if isinstance(agent_type, str) and event.agent_id:
        call["agent_type"] = agent_type


def _fill_duration(call: Json) -> None:
    started, ended = call["started_at"], call["ended_at"]
    if call["duration_us"] is None and started is not None and ended is not None:
        call["duration_us"] = max(0, ended - started)


def _open(session_id: str, documents: Documents) -> Json:
    return documents.get(OPEN, session_id) or {}


def _save(call: Json, before: str, documents: Documents, *, decided: bool = False) -> Transition:
    documents.put(
        TOPIC,
        f"{call['session_id']}/{call['tool_use_id']}",
        call,
        session_id=call["session_id"],
        agent_id=call["agent_id"],
    )
    return Transition(call, before, call["status"], decided)
