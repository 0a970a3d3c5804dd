"""What telemetry tells of tool calls joins what hooks and transcripts tell, in any order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
import pytest
from testkit.analysis import START, Told
from testkit.payloads import Talk

from claude_mpm_monitor.model.event import Event

Json = dict[str, Any]
ASKED, GIVEN = START + 1_000, START + 9_000_000


def record(kind: str, use: str = "u-1", tool: str = "Bash", **said: Any) -> Event:
    attributes = {"tool_use_id": use, "tool_name": tool, **said}
    return Event(
        event_id=f"{kind}/{use}/{sorted(said.items())}",
        kind=f"otel.{kind}",
        session_id="s-1",
        at=GIVEN,
        source="otel",
        tool_use_id=use,
        tool_name=tool,
        payload=msgspec.json.encode({"attributes": attributes}),
    )


def span(name: str, tool: str = "Bash", *, source: str = "user_temporary") -> Event:
    """The span of a call, or of the waiting within it, which does not name the call."""
    waiting = name == "tool.blocked_on_user"
    place = {"parent_span_id": "c1"} if waiting else {"span_id": "c1"}
    times = {"started_at": ASKED, "ended_at": GIVEN}
    event = record(f"span.{name}", "" if waiting else "u-1", tool)
    data = {**place, **times, "attributes": {"source": source}}
    return msgspec.structs.replace(event, payload=msgspec.json.encode(data))


def told(*events: Event) -> Told:
    state = Told()
    for event in events:
        state.seq += 1
        state.apply(event)
    return state


def test_how_long_a_person_took_is_measured_whichever_span_comes_first() -> None:
    talk = Talk()
    for order in permutations([span("tool"), span("tool.blocked_on_user")]):
        state = told(*order).tell(talk.start(), talk.prompt(), talk.pre("u-1"), talk.post("u-1"))
        call = state.call()

        wait = {"kind": "permission", "since": ASKED, "until": GIVEN, "estimated": False}
        assert call["waits"] == [wait]
        assert call["status"] == "ok"


def test_a_wait_for_an_answer_is_a_question() -> None:
    events = [span("tool", "AskUserQuestion"), span("tool.blocked_on_user")]

    assert told(*events).call()["waits"][0]["kind"] == "question"


@pytest.mark.parametrize("source", ["config", "hook", ""])
def test_what_no_person_decides_nobody_waits_for(source: str) -> None:
    events = [span("tool"), span("tool.blocked_on_user", source=source)]

    assert told(*events, record("log.tool_result", success="true")).call()["waits"] == []


def test_a_result_tells_of_a_call_that_nothing_else_told_of() -> None:
    result = record(
        "log.tool_result", success="true", duration_ms="20", tool_input='{"command":"ls -la"}'
    )
    call = told(result).call()

    assert (call["status"], call["evidence"], call["tool_name"]) == ("ok", "telemetry", "Bash")
    assert (call["measured_us"], call["detail"]) == (20_000, "ls -la")


def test_a_failure_has_its_reason() -> None:
    failed = {"success": "false", "error": "Shell command failed", "error_type": "ShellError"}
    call = told(record("log.tool_result", tool_input='{"cut off', **failed)).call()

    assert (call["status"], call["error"]) == ("error", "Shell command failed")


def test_who_decided_is_kept_and_a_refusal_ends_the_call() -> None:
    allowed = told(record("log.tool_decision", decision="accept", source="user_temporary"))
    refused = told(record("log.tool_decision", decision="reject", source="user_reject"))

    assert allowed.call()["decided_by"] == "user_temporary"
    assert allowed.status() == "unknown"
    assert (refused.status(), refused.call()["error"]) == ("denied", "refused (user_reject)")


def test_a_hook_knows_better_than_telemetry_in_any_order() -> None:
    talk = Talk()
    events = [
        record("log.tool_decision", decision="accept", source="config"),
        record("log.tool_result", success="true", duration_ms="20"),
    ]
    first = told(*events).tell(talk.start(), talk.prompt(), talk.pre("u-1"), talk.failure("u-1"))
    later = Told().tell(talk.start(), talk.prompt(), talk.pre("u-1"), talk.failure("u-1"))
    for event in events:
        later.seq += 1
        later.apply(event)

    for state in (first, later):
        call = state.call()
        assert (call["status"], call["evidence"]) == ("error", "hook")
        assert call["decided_by"] == "config"
    assert first.session()["tool_calls"] == later.session()["tool_calls"] == 1


def test_a_tool_that_telemetry_does_not_name_has_the_name_it_has_elsewhere() -> None:
    masked = record("log.tool_result", tool="mcp_tool", success="true")
    named = record("log.tool_decision", tool="mcp__jira__search", source="config")

    assert told(masked).call()["tool_name"] == "mcp_tool"
    for order in permutations([masked, named]):
        call = told(*order).call()
        assert (call["tool_name"], call["is_mcp"]) == ("mcp__jira__search", True)
