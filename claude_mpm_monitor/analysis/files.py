"""Files: what was read, written and edited, by whom, and how many lines it moved."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.edits import patched
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event

TOPIC = "file"
REMEMBERED_CALLS = 50
_COUNTERS = {"read": "reads", "write": "writes", "edit": "edits"}


def note_success(event: Event, call: Json, response: Any, documents: Documents) -> bool:
    """Count a call that touched a file and succeeded; True when the file is new to the session."""
    touched = call["file"]
    if touched is None:
        return False
    operation, path = touched["operation"], touched["path"]
    key = f"{event.session_id}/{path}"
    known = documents.get(TOPIC, key)
    file = known if known is not None else _new(event, path)
    added, removed = patched(response) or (touched["added"], touched["removed"])
    file[_COUNTERS[operation]] += 1
    file["added"] += added
    file["removed"] += removed
    file["last_operation"], file["last_at"], file["last_seq"] = operation, event.at, event.seq
    if call["agent_id"] not in file["agents"]:
        file["agents"].append(call["agent_id"])
    file["tool_use_ids"] = [*file["tool_use_ids"], call["tool_use_id"]][-REMEMBERED_CALLS:]
    documents.put(TOPIC, key, file)
    return known is None


def _new(event: Event, path: str) -> Json:
    return {
        "session_id": event.session_id,
        "path": path,
        "reads": 0,
        "writes": 0,
        "edits": 0,
        "added": 0,
        "removed": 0,
        "last_operation": "",
        "last_at": event.at,
        "last_seq": event.seq,
        "agents": [],
        "tool_use_ids": [],
    }
