"""The timeline over HTTP, from the hooks and transcripts of sessions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.usage import answer, prompt
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Monitor, Raw

BASH: dict[str, Any] = {"tool_name": "Bash", "tool_input": {"command": "make"}}


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    with Monitor(home=tmp_path, port=0) as monitor:
        yield monitor


def say(monitor: Monitor, talk: Talk, name: str, **about: Any) -> None:
    payload = talk.say(name, cwd=f"/w/{talk.session_id}", **about)
    assert post(monitor.port, "/hooks/claude", payload).status == 204


def ask(monitor: Monitor, query: str = "") -> dict[str, Any]:
    eventually(lambda: monitor.status()["consumer"]["seq"] >= monitor.query.last_seq())
    found: dict[str, Any] = get(monitor.port, f"/api/v1/timeline?{query}").json
    return found


def spans_of(lane: dict[str, Any], kind: str) -> list[list[Any]]:
    return [span for span in lane["spans"] if span[3] == kind]


def test_a_turn_with_two_names_is_one_span(monitor: Monitor, tmp_path: Path) -> None:
    talk = Talk("s-1")
    say(monitor, talk, "UserPromptSubmit", prompt="Build the shop", prompt_id=None)
    (told,) = get(monitor.port, "/api/v1/events?session=s-1").json["events"]
    line = {
        "type": "user",
        "sessionId": "s-1",
        "uuid": "u-1",
        "promptId": "p-1",
        "timestamp": datetime.fromtimestamp(told["at"] / 1e6, UTC).isoformat(),
        "message": {"role": "user", "content": "Build the shop"},
    }
    about = {"at": told["at"], "source": "transcript", "origin": "/p/-w/s-1.jsonl#0"}
    monitor.ingest(Raw(dialect="transcript", body=json.dumps(line).encode(), **about))

    (main,) = ask(monitor, "session=s-1")["lanes"]

    assert len(list(monitor.query.every_document("turn", session_id="s-1"))) == 2
    assert len(spans_of(main, "turn")) == 1


def test_a_session_has_a_lane_for_each_agent_and_what_runs_has_no_end(monitor: Monitor) -> None:
    talk = Talk("s-1")
    say(monitor, talk, "UserPromptSubmit", prompt="Build the shop", prompt_id="p-1")
    say(monitor, talk, "PreToolUse", **BASH, tool_use_id="u-1")
    say(monitor, talk, "PostToolUseFailure", **BASH, tool_use_id="u-1", error="Exit code 2")
    helper = {"agent_id": "a-1", "agent_type": "tester"}
    say(monitor, talk, "SubagentStart", **helper)
    say(monitor, talk, "PreToolUse", **BASH, **helper, tool_use_id="u-2")

    first = ask(monitor, "session=s-1")
    say(monitor, talk, "PostToolUse", **BASH, **helper, tool_use_id="u-2", tool_response={})
    second = ask(monitor, "session=s-1")

    assert first["extent"]["live"] is True
    main, tester = first["lanes"]
    assert (main["title"], tester["title"], tester["depth"]) == ("main", "tester", 1)
    (turn,) = spans_of(main, "turn")
    assert (turn[1], turn[4], turn[6]) == (None, "running", "Build the shop")
    (failed,) = spans_of(main, "tool_call")
    assert (failed[4], failed[5], failed[6], failed[7]) == ("error", 1, "Bash", "s-1/u-1")
    (agent,) = spans_of(tester, "agent")
    assert (agent[6], agent[7]) == ("tester", "s-1/a-1")
    assert [span[4] for span in spans_of(tester, "tool_call")] == ["running"]
    (done,) = spans_of(second["lanes"][1], "tool_call")
    assert done[4] == "ok"
    assert done[1] is not None


def test_a_wait_for_a_person_is_told_with_its_call(monitor: Monitor) -> None:
    talk = Talk("s-1")
    say(monitor, talk, "UserPromptSubmit", prompt="Build")
    say(monitor, talk, "PreToolUse", **BASH, tool_use_id="u-1")
    say(monitor, talk, "PermissionRequest", **BASH)

    (lane,) = ask(monitor, "session=s-1")["lanes"]

    ((since, until, row, kind, estimated),) = lane["waits"]
    (call,) = spans_of(lane, "tool_call")
    assert (until, row, kind, estimated) == (None, call[2], "permission", True)
    assert since >= call[0]


def test_all_sessions_have_a_lane_each_and_those_of_a_project_only_theirs(monitor: Monitor) -> None:
    for name in ("one", "two"):
        talk = Talk(name)
        say(monitor, talk, "UserPromptSubmit", prompt=f"Do {name}")
        say(monitor, talk, "PreToolUse", **BASH, tool_use_id=f"{name}-1")

    everything = ask(monitor)
    one = ask(monitor, "project=/w/one")
    none = ask(monitor, "project=/w/none")

    sessions = [lane for lane in everything["lanes"] if lane["agent_id"] is None]
    assert {lane["title"] for lane in sessions} == {"Do one", "Do two"}
    assert all(lane["depth"] == 0 for lane in sessions)
    calls = [span[7] for lane in everything["lanes"] for span in spans_of(lane, "tool_call")]
    assert sorted(calls) == ["one/one-1", "two/two-1"]
    assert {lane["session_id"] for lane in one["lanes"]} == {"one"}
    assert (none["lanes"], none["extent"]) == ([], None)


def test_far_away_calls_are_merged_and_their_number_and_worst_status_are_told(
    monitor: Monitor,
) -> None:
    talk = Talk("s-1")
    say(monitor, talk, "UserPromptSubmit", prompt="Go on")
    for number in range(12):
        name = "PostToolUseFailure" if number == 7 else "PostToolUse"
        about: dict[str, Any] = {**BASH, "tool_use_id": f"u-{number}"}
        say(monitor, talk, "PreToolUse", **about)
        say(monitor, talk, name, **about, tool_response={}, error="no")
    near = ask(monitor, "session=s-1")
    since = near["from"] // 2**42 * 2**42

    far = ask(monitor, f"session=s-1&from={since}&to={since + 2**46}&width=16")

    assert len(spans_of(near["lanes"][0], "tool_call")) <= 12
    (merged,) = spans_of(far["lanes"][0], "tool_call")
    assert (merged[4], merged[5], merged[6]) == ("error", 12, "Bash")


def test_what_requests_to_the_model_used_is_counted_in_steps(monitor: Monitor) -> None:
    line = answer("m-1", usage={"input_tokens": 100, "output_tokens": 20})
    for number, each in enumerate((prompt("p-1"), line)):
        told = {"sessionId": "s-1", "timestamp": f"2026-02-03T04:05:0{number}.000Z"}
        body = json.dumps({**each, **told, "uuid": f"l-{number}"}).encode()
        monitor.ingest_many([Raw(dialect="transcript", body=body, at=1, source="transcript")])

    counters = ask(monitor, "session=s-1")["counters"]
    (call,) = get(monitor.port, "/api/v1/api-calls?session=s-1").json["api_calls"]

    assert sum(counters["tokens"]) == 120
    assert sum(counters["cost"]) == (call["cost"]["total"] if call["cost"] else 0)
    assert counters["context"][-1] == call["prompt_tokens"]


@pytest.mark.parametrize("query", ["width=3", "width=9000", "from=2&to=1", "from=x"])
def test_a_window_that_is_none_is_refused(monitor: Monitor, query: str) -> None:
    assert get(monitor.port, f"/api/v1/timeline?{query}").status == 400
