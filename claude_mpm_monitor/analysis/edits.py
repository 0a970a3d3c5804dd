"""Edits: which file a call is about to touch, and how many lines that moves."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.tools import file_touched


def intended(name: str, given: Any) -> Json | None:
    """Return what the call's input says: operation, path, added and removed lines; or None."""
    touched = file_touched(name, given)
    if touched is None:
        return None
    operation, path = touched
    added, removed = _input_lines(name, given)
    return {"operation": operation, "path": path, "added": added, "removed": removed}


def patched(response: Any) -> tuple[int, int] | None:
    """Return the (added, removed) lines of the patch in a result, None when it has none."""
    patch = response.get("structuredPatch") if isinstance(response, dict) else None
    if not isinstance(patch, list) or not patch:
        return None
    added = removed = 0
    for hunk in patch:
        lines = hunk.get("lines") if isinstance(hunk, dict) else None
        for line in lines if isinstance(lines, list) else ():
            added += isinstance(line, str) and line.startswith("+")
            removed += isinstance(line, str) and line.startswith("-")
    return added, removed


def _input_lines(name: str, given: dict[str, Any]) -> tuple[int, int]:
    if name == "Write":
        return _line_count(given.get("content")), 0
    edits = given.get("edits")
    given_edits = edits if isinstance(edits, list) else [given]
    pairs = [edit for edit in given_edits if isinstance(edit, dict)]
    added = sum(_line_count(edit.get("new_string")) for edit in pairs)
    return added, sum(_line_count(edit.get("old_string")) for edit in pairs)


def _line_count(text: object) -> int:
    if not isinstance(text, str) or not text:
        return 0
    return text.count("\n") + (not text.endswith("\n"))
