"""Asking: finds out which call a person was asked about, and who waits for an answer now.

Claude Code's request for a permission does not name the call. It is the latest call of that agent
with this tool and input, made before the request.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from claude_mpm_monitor.analysis import agents, recent, tool_calls, waits
from claude_mpm_monitor.analysis.wait_facts import Answered, Asked
from claude_mpm_monitor.model.analyzer import Json

if TYPE_CHECKING:
    from claude_mpm_monitor.analysis.settling import Settling

#: Requests remembered of each agent.
REMEMBERED = 16
#: Calls that an agent makes within so many microseconds after asking may run beside the one it
#: asked about; later ones show that it got its answer.
BESIDE_US = 500_000


def note_asked(agent_id: str, asked: Asked, at: int, settling: Settling) -> None:
    """Take in that a person was asked about one of the agent's calls."""
    wanted = asked.tool_input is not None
    likeness = tool_calls.likeness(asked.tool_name, asked.tool_input) if wanted else None
    notes = settling.draft.get(agents.NOTES, agent_id) or agents.new_notes()
    entry = [at, asked.kind, asked.tool_name, likeness]
    if any(known[:4] == entry for known in notes["asked"]):
        return
    notes["asked"] = sorted([*notes["asked"], [*entry, ""]], key=lambda one: one[0])[-REMEMBERED:]
    settling.draft.put(agents.NOTES, agent_id, notes)
    match(agent_id, notes, settling)


def note_answered(agent_id: str, fact: Answered, at: int, settling: Settling) -> None:
    """Take in that a person answered a question asked in the midst of a call."""
    notes = settling.draft.get(agents.NOTES, agent_id)
    found = recent.asked_about(notes, at, fact.tool_name, None) if notes is not None else ""
    if found:
        settling.change_call(found, lambda call: waits.note_answered(call, at))


def match(agent_id: str, notes: Json, settling: Settling) -> None:
    """Find the call of each request anew."""
    for asked in notes["asked"]:
        at, kind, tool_name, likeness, before = asked
        found = recent.asked_about(notes, at, tool_name, likeness)
        if found and likeness is None and _was_over(found, at, settling):
            found = ""
        if found == before:
            continue
        asked[4] = found
        settling.draft.put(agents.NOTES, agent_id, notes)
        if before:
            settling.change_call(before, partial(waits.forget_asked, kind=kind, at=at))
        if found:
            settling.change_call(found, partial(waits.note_asked, kind=kind, at=at))
    _note_unmatched(agent_id, notes, settling.session)


def note_pending(call: Json, session: Json) -> None:
    """Keep the call among those that wait, or take it out."""
    known, name = session["basis"]["waits"], call["tool_use_id"]
    wait = waits.pending(call)
    if wait is None:
        known.pop(name, None)
    else:
        known[name] = [wait["kind"], wait["since"], call["agent_id"], call["tool_name"]]


def who_waits(settling: Settling) -> list[Json]:
    """Return the waits that a person has to end, the longest first.

    An agent that went on got its answer, whether anybody told of that or not.
    """
    found = []
    for name, (kind, since, agent_id, tool_name) in settling.session["basis"]["waits"].items():
        notes = settling.draft.get(agents.NOTES, agent_id)
        if notes is not None and _went_on(name, since, notes, settling):
            continue
        call = "" if name.startswith(_UNMATCHED) else name
        wait = {"kind": kind, "since": since, "agent_id": agent_id}
        found.append({**wait, "tool_name": tool_name, "tool_use_id": call})
    return sorted(found, key=lambda wait: (wait["since"], wait["agent_id"], wait["tool_use_id"]))


#: Before an agent's id: the request that no known call explains.
_UNMATCHED = "?"


def _went_on(name: str, since: int, notes: Json, settling: Settling) -> bool:
    if name.startswith(_UNMATCHED):
        return max(agents.heard_at(notes), int(notes["answered"])) > since
    call = settling.draft.get(tool_calls.TOPIC, name)
    asked = call["basis"].get("asked") if call is not None else None
    newest = max((entry[0] for entry in notes["recent"]), default=0)
    return bool(asked and newest > asked[-1] + BESIDE_US)


def _note_unmatched(agent_id: str, notes: Json, session: Json) -> None:
    known, name = session["basis"]["waits"], f"{_UNMATCHED}{agent_id}"
    unmatched = [asked for asked in notes["asked"] if not asked[4]]
    if unmatched:
        at, kind, tool_name, *_ = unmatched[-1]
        known[name] = [kind, at, agent_id, tool_name.rstrip("*")]
    else:
        known.pop(name, None)


def _was_over(tool_use_id: str, at: int, settling: Settling) -> bool:
    call = settling.draft.get(tool_calls.TOPIC, tool_use_id)
    return call is None or (call["ended_at"] is not None and call["ended_at"] < at)
