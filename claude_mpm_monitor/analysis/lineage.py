"""Lineage: which call started which agent, as it becomes known.

A meta file or the call's result states it. Until then agents and calls are paired by likeness (see
`origins`), and the pairs are worked out anew whenever one of either becomes known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claude_mpm_monitor.analysis import agents, origins, tool_calls
from claude_mpm_monitor.model.analyzer import Json

if TYPE_CHECKING:
    from claude_mpm_monitor.analysis.settling import Settling

#: Which agent a call started, and what that rests on; not shown.
TOPIC = "_child"


def note_call(call: Json, settling: Settling) -> None:
    """Take in a call that hands work to an agent: it may have started one, or say which."""
    tool_use_id, draft = call["tool_use_id"], settling.draft
    named = call["basis"].get("names")
    if named:
        settling.change_agent(named, _by_result(tool_use_id))
    known = draft.get(TOPIC, tool_use_id)
    stated = known is not None and known["worth"] > agents.GUESSED
    if call["started_at"] is None or call["status"] == "denied" or stated:
        changed = origins.settled(draft, tool_use_id=tool_use_id)
    else:
        agent_type = call["basis"].get("agent", [""])[0]
        changed = origins.note_call(tool_use_id, call["started_at"], agent_type, draft)
    if changed:
        _pair(settling)
    known = draft.get(TOPIC, tool_use_id)
    call["child_agent_id"] = known["agent"] if known is not None else ""


def note_agent(agent_id: str, settling: Settling) -> None:
    """Look for the call that started an agent, unless somebody has told."""
    notes = settling.draft.get(agents.NOTES, agent_id)
    if notes is None or notes["origin"][0] > agents.GUESSED:
        return
    at = next((at for at in notes["since"] if at is not None), 0)
    if origins.note_agent(agent_id, at, notes["type"][1], settling.draft):
        _pair(settling)


def link(agent_id: str, before: str, notes: Json, settling: Settling) -> None:
    """The agent is known to come from another call than `before`: tell both calls."""
    draft = settling.draft
    worth, tool_use_id = notes["origin"]
    for name in {before, tool_use_id} - {""}:
        child = draft.get(TOPIC, name) or {"agent": "", "worth": 0}
        if name == tool_use_id and worth >= child["worth"]:
            child = {"agent": agent_id, "worth": worth}
        elif name != tool_use_id and child["agent"] == agent_id:
            child = {"agent": "", "worth": 0}
        draft.put(TOPIC, name, child)
        call = draft.get(tool_calls.TOPIC, name)
        if call is not None and call["child_agent_id"] != child["agent"]:
            call["child_agent_id"] = child["agent"]
            draft.put(tool_calls.TOPIC, name, call, call["agent_id"])
    stated = worth > agents.GUESSED
    if stated and origins.settled(draft, tool_use_id=tool_use_id, agent_id=agent_id):
        _pair(settling)


def _pair(settling: Settling) -> None:
    for agent_id, tool_use_id in origins.pairs(settling.draft).items():
        origin = [agents.GUESSED, tool_use_id] if tool_use_id else [0, ""]
        notes = settling.draft.get(agents.NOTES, agent_id)
        if notes is not None and notes["origin"] != origin:
            settling.change_agent(agent_id, _guessed(origin))


def _by_result(tool_use_id: str) -> agents.Change:
    def change(notes: Json) -> None:
        notes["origin"] = max(notes["origin"], [agents.BY_RESULT, tool_use_id])

    return change


def _guessed(origin: list[object]) -> agents.Change:
    def change(notes: Json) -> None:
        notes["origin"] = origin

    return change
