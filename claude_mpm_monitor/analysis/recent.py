"""What an agent called last: whether it repeats itself, and which call a person was asked about.

The calls are kept in order of time, a few for each agent, so that nothing grows with the session.
"""

from __future__ import annotations

from claude_mpm_monitor.model.analyzer import Json

#: Calls remembered of an agent. A longer run of equal calls counts as one of this length.
REMEMBERED = 16


def note(notes: Json, call: Json) -> None:
    """Remember a call that was made; one that is known is put where it belongs."""
    calls, tool_use_id = notes["recent"], call["tool_use_id"]
    begun, likeness = call["started_at"], call["basis"].get("likeness", 0)
    entry = [begun, tool_use_id, call["tool_name"], likeness]
    for index in range(len(calls) - 1, -1, -1):
        if calls[index][1] == tool_use_id:
            if calls[index][0] == begun:
                calls[index] = entry
                return
            del calls[index]
            break
    calls.append(entry)
    if len(calls) > 1 and calls[-2] > entry:
        calls.sort()
    del calls[:-REMEMBERED]


def forget(notes: Json, tool_use_id: str) -> None:
    """Leave out a call that is another agent's after all."""
    notes["recent"] = [call for call in notes["recent"] if call[1] != tool_use_id]


def newest(notes: Json) -> str:
    """Return the agent's latest call, "" without any."""
    return str(notes["recent"][-1][1]) if notes["recent"] else ""


def last_act(notes: Json) -> int:
    """Return when the agent last made a call, 0 if never."""
    return int(notes["recent"][-1][0]) if notes["recent"] else 0


def repeats(notes: Json) -> int:
    """Return how many of the last calls in a row were the same tool with the same input."""
    calls = notes["recent"]
    count = 0
    for call in reversed(calls):
        if call[3] != calls[-1][3]:
            break
        count += 1
    return count


def asked_about(notes: Json, at: int, tool_name: str, likeness: int | None) -> str:
    """Return the latest call that fits and was made by then, "" when there is none."""
    for begun, tool_use_id, name, alike in reversed(notes["recent"]):
        if begun <= at and _fits(tool_name, name) and likeness in (None, alike):
            return str(tool_use_id)
    return ""


def _fits(wanted: str, name: str) -> bool:
    return not wanted or (name.startswith(wanted[:-1]) if wanted[-1] == "*" else name == wanted)
