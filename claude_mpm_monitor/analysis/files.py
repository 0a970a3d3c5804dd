"""Files: what was read, written and edited, by whom, and how many lines it moved."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.tool_calls import Transition
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.tools import file_touched

TOPIC = "file"
#: What a call is about to touch, for each call that has not ended; not shown.
PENDING = "_file_calls"
REMEMBERED_CALLS = 50
_COUNTERS = {"read": "reads", "write": "writes", "edit": "edits"}


def note_start(event: Event, tool_use_id: str, name: str, given: Any, documents: Documents) -> None:
    """Remember what the call is about to touch: a transcript's result does not say it again."""
    touched = file_touched(name, given)
    if touched is not None:
        added, removed = _lines(name, given, None)
        value = {"operation": touched[0], "path": touched[1], "added": added, "removed": removed}
        documents.put(PENDING, f"{event.session_id}/{tool_use_id}", value)


def note_success(
    event: Event, transition: Transition, given: Any, response: Any, documents: Documents
) -> bool:
    """Count a call that touched a file and succeeded; True when the file is new to the session."""
    call = transition.call
    touched = file_touched(call["tool_name"], given)
    pending = documents.get(PENDING, f"{event.session_id}/{call['tool_use_id']}")
    if touched is None and pending is None:
        return False
    operation, path = touched or (pending["operation"], pending["path"])  # type: ignore[index]
    added, removed = _lines(call["tool_name"], given, response)
    if touched is None and pending is not None and not (added or removed):
        added, removed = pending["added"], pending["removed"]
    key = f"{event.session_id}/{path}"
    known = documents.get(TOPIC, key)
    file = known if known is not None else _new(event, path)
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


def _lines(name: str, given: Any, response: Any) -> tuple[int, int]:
    """Return (added, removed), from the patch when there is one, else from the input."""
    patch = response.get("structuredPatch") if isinstance(response, dict) else None
    if isinstance(patch, list) and patch:
        return _patch_lines(patch)
    if not isinstance(given, dict):
        return 0, 0
    if name == "Write":
        return _line_count(given.get("content")), 0
    edits = given.get("edits")
    given_edits = edits if isinstance(edits, list) else [given]
    pairs = [edit for edit in given_edits if isinstance(edit, dict)]
    added = sum(_line_count(edit.get("new_string")) for edit in pairs)
    return added, sum(_line_count(edit.get("old_string")) for edit in pairs)


def _patch_lines(patch: list[Any]) -> tuple[int, int]:
    added = removed = 0
    for hunk in patch:
        lines = hunk.get("lines") if isinstance(hunk, dict) else None
        for line in lines if isinstance(lines, list) else ():
            added += isinstance(line, str) and line.startswith("+")
            removed += isinstance(line, str) and line.startswith("-")
    return added, removed


def _line_count(text: object) -> int:
    if not isinstance(text, str) or not text:
        return 0
    return text.count("\n") + (not text.endswith("\n"))
