"""What only the host reports: one name and a readable line in each of the shapes it uses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claude_mpm_monitor.ingest.mpm import decode_mpm
from claude_mpm_monitor.model.event import Event, Raw

TODOS = [
    {"content": "Read", "status": "completed"},
    {"content": "Write", "status": "in_progress"},
    {"content": "Test", "status": "pending"},
]
RECORDS: list[tuple[str, dict[str, Any], str]] = [
    ("todo_updated", {"todos": TODOS, "total_count": 3}, "3 todos · 1 done · Write"),
    (
        "memory_updated",
        {"agent_id": "qa", "learning_type": "pattern", "content": "Use tmp_path."},
        "qa · pattern · Use tmp_path.",
    ),
    ("memory_injected", {"agent_id": "qa", "context_size": 2048}, "qa · 2,048 bytes"),
    (
        "memory_loaded",
        {"agent_id": "qa", "memory_size": 9, "sections_count": 2},
        "qa · 9 bytes · 2 sections",
    ),
    ("memory_created", {"agent_id": "qa", "template_type": "default"}, "qa · default"),
    (
        "ticket_created",
        {"ticket_id": "TSK-1", "title": "Fix it", "priority": "high"},
        "TSK-1 · Fix it · high",
    ),
    (
        "agent_delegated",
        {"agent": "engineer", "task": "Write tests", "status": "started"},
        "engineer · started · Write tests",
    ),
    ("git_operation", {"operation": "commit", "details": {}}, "commit"),
    ("file_changed", {"change_type": "modified", "file_path": "/a.py"}, "modified · /a.py"),
]


def decoded(body: dict[str, Any]) -> Event:
    (event,) = decode_mpm(Raw(dialect="mpm", body=json.dumps(body).encode(), at=1, source="x"))
    return event


@pytest.mark.parametrize(("name", "data", "summary"), RECORDS, ids=[row[0] for row in RECORDS])
def test_a_record_reads_the_same_in_each_of_its_shapes(
    name: str, data: dict[str, Any], summary: str
) -> None:
    topic, _, what = name.partition("_")
    about = {"session_id": "s-1", "cwd": "/work"}
    normalized = {"type": topic, "subtype": what, "data": data, **about}
    from_hook = {"type": "hook", "subtype": name, "data": {**data, **about}}
    by_proxy = {"type": name, "timestamp": "2026-01-01T00:00:00Z", "data": {**data, **about}}
    posted = {"namespace": "", "event": "claude_event", "data": normalized}

    for body in (normalized, from_hook, by_proxy, posted):
        event = decoded(body)
        assert (event.kind, event.summary) == (f"mpm.{name}", summary)
        assert (event.session_id, event.project) == ("s-1", "/work")


def test_an_answer_is_the_hosts_own_fact_though_it_looks_like_a_hook() -> None:
    data = {
        "response_text": "Done: all tests pass.",
        "session_id": "s-1",
        "working_directory": "/work",
        "hook_event_name": "AssistantResponse",
    }
    event = decoded({"type": "hook", "subtype": "assistant_response", "data": data})

    assert (event.kind, event.summary) == ("mpm.assistant_response", "Done: all tests pass.")
    assert event.project == "/work"


def test_used_tokens_are_counted_out() -> None:
    data = {"session_id": "s-1", "input_tokens": 1200, "output_tokens": 30, "cache_read_tokens": 5}
    event = decoded({"type": "hook", "subtype": "token_usage_updated", "data": data})

    assert event.summary == "1,200 in · 30 out · 5 cache read"


def test_a_started_session_says_how_and_where() -> None:
    data = {"session_id": "s-1", "launch_method": "exec", "working_dir": "/work"}
    event = decoded({"type": "session_started", "data": data})

    assert (event.kind, event.summary) == ("mpm.session_started", "exec · /work")
    assert event.project == "/work"
