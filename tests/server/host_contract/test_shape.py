"""Events in the host's shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.server.host_contract.shape import (
    TEXT_KEPT,
    host_event,
    is_shown,
    version_3_event,
)


def event(kind: str, payload: dict[str, Any], **fields: Any) -> Event:
    common = {"session_id": "s1", "at": 1_000_000, "source": "http_hook", "project": "/proj"}
    return Event(kind=kind, payload=json.dumps(payload).encode(), **{**common, **fields})


@pytest.mark.parametrize(
    ("kind", "category", "subtype"),
    [
        ("PreToolUse", "tool_event", "pre_tool"),
        ("PostToolUse", "tool_event", "post_tool"),
        ("PostToolUseFailure", "tool_event", "post_tool"),
        ("UserPromptSubmit", "claude_event", "user_prompt"),
        ("SessionStart", "session_event", "session_start"),
        ("SessionEnd", "session_event", "session_end"),
        ("SubagentStop", "hook_event", "subagent_stop"),
        ("Stop", "claude_event", "stop"),
        ("PreCompact", "claude_event", "pre_compact"),
        ("mpm.todo_updated", "hook_event", "todo_updated"),
        ("mpm.hook_execution", "claude_event", "hook_execution"),
    ],
)
def test_an_event_has_the_hosts_word_and_category(kind: str, category: str, subtype: str) -> None:
    body = host_event(event(kind, {}))

    assert (body["type"], body["subtype"]) == (category, subtype)


def test_a_hook_event_carries_claude_codes_fields_and_the_hosts_names_for_them() -> None:
    payload = {"tool_name": "Bash", "tool_input": {"command": "ls"}, "tool_use_id": "toolu_1"}

    body = host_event(event("PreToolUse", payload, tool_use_id="toolu_1"))

    assert body["data"]["tool_input"] == {"command": "ls"}
    assert body["data"]["tool_parameters"] == {"command": "ls", "param_keys": ["command"]}
    assert body["correlation_id"] == body["data"]["correlation_id"] == "toolu_1"
    assert (body["session_id"], body["cwd"]) == ("s1", "/proj")
    assert body["timestamp"] == "1970-01-01T00:00:01+00:00"


def test_a_failed_call_is_not_told_as_a_success() -> None:
    good = host_event(event("PostToolUse", {"tool_response": {"stdout": "out"}}))["data"]
    failed = host_event(event("PostToolUseFailure", {"error": "no"}))["data"]

    assert (good["success"], good["tool_result"]) == (True, "out")
    assert (failed["success"], failed["exit_code"]) == (False, 1)


def test_what_the_host_told_is_handed_on_as_it_was() -> None:
    account = {"tool_name": "Bash", "tool_parameters": {"command": "ls"}}
    told = {"type": "hook", "subtype": "pre_tool", "correlation_id": "c1", "data": account}

    body = host_event(event("PreToolUse", told, source="hook"))

    assert body["data"] == account
    assert (body["correlation_id"], body["source"]) == ("c1", "hook")


def test_very_long_texts_are_cut_but_only_in_large_events() -> None:
    long = "x" * 20_000
    body = host_event(event("PostToolUse", {"tool_response": {"file": {"content": long}}}))
    small = host_event(event("UserPromptSubmit", {"prompt": "x" * 5_000}))

    assert body["data"]["tool_result"] == "x" * TEXT_KEPT + "…"
    assert len(small["data"]["prompt"]) == 5_000


def test_version_3_is_told_the_type_alone() -> None:
    assert version_3_event(host_event(event("PreToolUse", {})))["type"] == "hook.pre_tool"


def test_the_page_is_given_no_id_for_it_fails_on_one_it_has_already() -> None:
    assert "id" not in host_event(event("Stop", {}))


def test_lines_of_transcripts_are_not_shown_to_the_hosts_clients() -> None:
    assert is_shown(event("Stop", {}))
    assert not is_shown(event("transcript.user", {}))
