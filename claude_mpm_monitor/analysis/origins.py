"""Origins: which call started an agent, as long as nobody has said so.

A subagent's hooks carry its id but not the call it came from. Calls and agents for which that is
not known are paired by type, in the order they began. The pairs are worked out anew whenever the
set changes, so they depend on what is known, not on how it became known.
"""

from __future__ import annotations

from claude_mpm_monitor.analysis.draft import SESSION, Draft
from claude_mpm_monitor.model.analyzer import Json

#: Calls and agents to be paired, for each session; not shown.
TOPIC = "_origins"
#: What is left unpaired for good must not grow with the session.
REMEMBERED = 64


def note_call(tool_use_id: str, at: int, agent_type: str, draft: Draft) -> bool:
    """Add a call that hands work to an agent; True when the pairs may be others now."""
    return _add("calls", tool_use_id, [at, agent_type], draft)


def note_agent(agent_id: str, at: int, agent_type: str, draft: Draft) -> bool:
    """Add an agent that nobody has told the origin of; True when the pairs may be others now."""
    return _add("agents", agent_id, [at, agent_type], draft)


def settled(draft: Draft, *, tool_use_id: str = "", agent_id: str = "") -> bool:
    """Take out what is known by now, or what started no agent; True when that changes pairs."""
    known = draft.get(TOPIC, SESSION)
    if known is None:
        return False
    call = known["calls"].pop(tool_use_id, None)
    agent = known["agents"].pop(agent_id, None)
    if call is None and agent is None:
        return False
    draft.put(TOPIC, SESSION, known)
    return True


def pairs(draft: Draft) -> dict[str, str]:
    """Return the likely call of each agent without an origin; "" where there is none."""
    known = draft.get(TOPIC, SESSION)
    if known is None:
        return {}
    calls = sorted((at, name, agent_type) for name, (at, agent_type) in known["calls"].items())
    found: dict[str, str] = {}
    for _, agent_id, agent_type in sorted(
        (v[0], name, v[1]) for name, v in known["agents"].items()
    ):
        likely = next((call for call in calls if call[2] in ("", agent_type)), None)
        found[agent_id] = likely[1] if likely else ""
        if likely:
            calls.remove(likely)
    return found


def _add(side: str, name: str, entry: list[object], draft: Draft) -> bool:
    known = draft.get(TOPIC, SESSION)
    value: Json = known if known is not None else {"calls": {}, "agents": {}}
    if value[side].get(name) == entry:
        return False
    value[side][name] = entry
    if len(value[side]) > REMEMBERED:
        value[side] = dict(sorted(value[side].items(), key=lambda item: item[1][0])[-REMEMBERED:])
    draft.put(TOPIC, SESSION, value)
    return True
