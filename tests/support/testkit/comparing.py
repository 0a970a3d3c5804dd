"""Compares documents: what must be the same, and what only one source can know."""

from __future__ import annotations

from typing import Any

#: Documents by "topic key".
Documents = dict[str, dict[str, Any]]

TOPICS = ("session", "turn", "agent", "tool_call", "file")
#: What is about the reports themselves: how many came, and where in the store they are.
ABOUT_REPORTS = {"events", "input_seq", "result_seq", "last_seq", "basis"}
#: What only hooks can know, or only a time of arrival can say. docs/events.md gives the reasons.
ONLY_LIVE = {
    "session": {
        *("status", "waiting", "idle_since", "ended_at", "end_reason", "last_at", "acted_at"),
        *("source", "transcript_path", "permission_mode", "resumed", "idle_us", "branch"),
        *("waited_us", "busy_us"),
    },
    "turn": {"idle_us", "waited_us", "busy_us"},
    "agent": {"acted_at", "waited_us", "busy_us"},
    "tool_call": {"evidence", "measured_us", "waits", "waited_us", "busy_us", "agent_type"},
    "file": {"last_at"},
}


def without_reports(value: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is about the reports."""
    return {name: field for name, field in value.items() if name not in ABOUT_REPORTS}


def knowable(documents: Documents) -> Documents:
    """Leave what a transcript alone can tell, too."""
    return {
        key: {name: field for name, field in value.items() if name not in _left_out(key, value)}
        for key, value in documents.items()
        if not value.get("same_as")
    }


def differences(one: Documents, other: Documents) -> dict[str, Any]:
    """Return the fields in which the documents differ, with both values."""
    return {
        key: {
            name: (one.get(key, {}).get(name), other.get(key, {}).get(name))
            for name in sorted(one.get(key, {}).keys() | other.get(key, {}).keys())
            if one.get(key, {}).get(name) != other.get(key, {}).get(name)
        }
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    }


def _left_out(key: str, value: dict[str, Any]) -> set[str]:
    """A session's end is when its hook came, or when its transcript was written last."""
    cut_short = {"ended_at", "duration_us"} if value.get("status") == "interrupted" else set()
    # Of an agent that no call started, hooks alone say what it is.
    typed = {"agent_type"} if key.startswith("agent ") and not value["tool_use_id"] else set()
    return ONLY_LIVE[key.partition(" ")[0]] | cut_short | typed
