"""Who needs a person: one state a session, the most urgent one, the most urgent first."""

from __future__ import annotations

from typing import Any

import pytest

from claude_mpm_monitor.reporting.overview import STATES, at_work, by_need, need

Json = dict[str, Any]


def session(status: str, **fields: Any) -> Json:
    return {
        "session_id": "s",
        "title": "Mend it",
        "project": "/w",
        "status": status,
        "waiting": None,
        "idle_since": None,
        "error": None,
        "acted_at": None,
        "ended_at": None,
        "last_at": 90,
        **fields,
    }


def alert(rule: str, agent_id: str = "") -> Json:
    return {"rule": rule, "since": 40, "title": f"{rule}!", "agent_id": agent_id}


@pytest.mark.parametrize(
    ("status", "fields", "state", "since"),
    [
        ("failed", {"idle_since": 7, "error": "no credit"}, "failed", 7),
        ("idle", {"idle_since": 8}, "idle", 8),
        ("background", {"idle_since": None}, "background", 90),
        ("running", {"acted_at": 9}, "running", 9),
        ("ended", {"ended_at": 10}, "finished", 10),
        ("unknown", {}, "recorded", 90),
    ],
)
def test_a_session_is_as_its_status_says_since_it_is_so(
    status: str, fields: Json, state: str, since: int
) -> None:
    told = need(session(status, **fields), [])
    assert (told["state"], told["since"]) == (state, since)
    assert told["detail"] == (fields.get("error") or "")


@pytest.mark.parametrize("kind", ["permission", "question"])
def test_one_that_waits_tells_for_what_and_which_call(kind: str) -> None:
    waiting = {
        "kind": kind,
        "since": 5,
        "agent_id": "helper",
        "tool_name": "Bash",
        "tool_use_id": "t1",
    }
    told = need(session("waiting", waiting=waiting), [alert("waiting"), alert("loop")])
    assert (told["state"], told["since"], told["detail"]) == (kind, 5, "Bash")
    assert (told["agent_id"], told["tool_use_id"]) == ("helper", "t1")


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (["loop"], "looping"),
        (["budget"], "alert"),
        (["budget", "loop", "stuck"], "stuck"),
        (["waiting", "failed"], "running"),
    ],
)
def test_alerts_say_what_status_does_not_and_the_most_urgent_counts(
    rules: list[str], state: str
) -> None:
    told = need(session("running"), [alert(rule, "helper") for rule in rules])
    assert told["state"] == state
    assert told["agent_id"] == ("helper" if state != "running" else "")


def test_the_most_urgent_come_first_then_those_that_have_waited_longest() -> None:
    states = [state for state in STATES if state != "recorded"]
    rows = [{"state": state, "since": since} for state in states for since in (1, 2)]
    ordered = by_need(rows[::-1])
    assert [row["state"] for row in ordered] == [row["state"] for row in rows]
    since = {state: [row["since"] for row in ordered if row["state"] == state] for state in states}
    assert since["permission"] == since["alert"] == [1, 2]
    assert since["idle"] == since["finished"] == [2, 1]


def test_what_is_over_comes_by_time_whether_its_end_is_known_or_not() -> None:
    rows = [{"state": state, "since": since} for since in (1, 3) for state in ("finished",)]
    rows.append({"state": "recorded", "since": 2})

    assert [row["since"] for row in by_need(rows)] == [3, 2, 1]


def test_agents_at_work_have_the_calls_that_run() -> None:
    def agent(agent_id: str, status: str, started_at: int) -> Json:
        named = {"session_id": "s", "agent_id": agent_id, "agent_type": "qa", "description": ""}
        return {**named, "status": status, "started_at": started_at}

    def call(agent_id: str, status: str) -> Json:
        named = {"session_id": "s", "agent_id": agent_id, "tool_use_id": "t", "tool_name": "Bash"}
        return {**named, "detail": "make", "started_at": 3, "status": status}

    rows = at_work(
        [agent("b", "running", 2), agent("a", "running", 1), agent("c", "ok", 0)],
        [call("b", "running"), call("a", "ok"), call("c", "running")],
    )

    assert [row["agent_id"] for row in rows] == ["a", "b"]
    assert [len(row["calls"]) for row in rows] == [0, 1]
    assert rows[1]["calls"][0]["detail"] == "make"
