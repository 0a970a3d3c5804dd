"""Files: what was read, written and edited, by whom, and how many lines it moved.

Counts are kept by differences, so that a call whose status is corrected is taken out again. What
was last done goes by the latest report of success.
"""

from __future__ import annotations

from bisect import bisect_right

from claude_mpm_monitor.analysis import tool_calls
from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.model.analyzer import Json

TOPIC = "file"
REMEMBERED_CALLS = 50
_COUNTERS = {"read": "reads", "write": "writes", "edit": "edits"}

#: What a call did to a file: path, operation, lines added and removed, and which agent's it is.
Touch = tuple[str, str, int, int, str]


def touch_of(call: Json) -> Touch | None:
    """Return what the call did to a file, None when it did nothing to any."""
    touched = tool_calls.touches(call)
    return None if touched is None else (*touched, call["agent_id"])


def change(before: Touch | None, after: Touch | None, draft: Draft) -> int:
    """Count a call as it is now known; return by how many the files of the session became more."""
    if before == after:
        return 0
    more = 0
    for touch, sign in ((before, -1), (after, 1)):
        if touch is not None:
            more += _count(touch, sign, draft)
    return more


def note_last(call: Json, draft: Draft) -> None:
    """Remember the call among the last that succeeded with its file."""
    touch = touch_of(call) if call["file"] is not None else None
    if touch is None:
        return
    reports = [end[1] for end in call["basis"]["ends"].values() if end[0] == "ok"]
    at, tool_use_id = max(reports), call["tool_use_id"]
    file = _load(touch[0], draft)
    names, moments = file["tool_use_ids"], file["basis"]["at"]
    if tool_use_id in names:
        place = names.index(tool_use_id)
        if moments[place] >= at:
            return
        del names[place], moments[place]
    place = bisect_right(list(zip(moments, names, strict=True)), (at, tool_use_id))
    names.insert(place, tool_use_id)
    moments.insert(place, at)
    del names[:-REMEMBERED_CALLS], moments[:-REMEMBERED_CALLS]
    if names[-1] == tool_use_id:
        file["last_at"], file["last_operation"] = at, touch[1]
        file["last_seq"] = call["result_seq"]
    draft.put(TOPIC, touch[0], file)


def _count(touch: Touch, sign: int, draft: Draft) -> int:
    path, operation, added, removed, agent_id = touch
    file = _load(path, draft)
    calls_before = sum(file[counter] for counter in _COUNTERS.values())
    file[_COUNTERS[operation]] += sign
    file["added"] += sign * added
    file["removed"] += sign * removed
    by_agent = file["basis"]["by"]
    by_agent[agent_id] = by_agent.get(agent_id, 0) + sign
    if not by_agent[agent_id]:
        del by_agent[agent_id]
    file["agents"] = sorted(by_agent)
    draft.put(TOPIC, path, file)
    return bool(calls_before + sign) - bool(calls_before)


def _load(path: str, draft: Draft) -> Json:
    return draft.get(TOPIC, path) or {
        "session_id": draft.event.session_id,
        "path": path,
        "reads": 0,
        "writes": 0,
        "edits": 0,
        "added": 0,
        "removed": 0,
        "last_operation": "",
        "last_at": draft.event.at,
        "last_seq": draft.event.seq,
        "agents": [],
        "tool_use_ids": [],
        "basis": {"at": [], "by": {}},
    }
