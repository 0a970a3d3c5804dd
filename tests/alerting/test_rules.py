"""The rules that are always there, over what the analyzers make of a session."""

from __future__ import annotations

import json
from typing import Any

import pytest
from testkit.analysis import SECOND, START, Told
from testkit.payloads import Talk

from claude_mpm_monitor.alerting.rules import (
    BudgetRule,
    FailedRule,
    LoopRule,
    StuckRule,
    WaitingRule,
)
from claude_mpm_monitor.alerting.watch import Watch
from claude_mpm_monitor.model.alert import Alert, Rule
from claude_mpm_monitor.model.analyzer import Change

TALK = Talk()
LATER = START + 3_600 * SECOND


def change(topic: str, key: str, value: dict[str, Any]) -> Change:
    return Change(
        topic=topic,
        key=key,
        session_id="s-1",
        agent_id="",
        seq=1,
        at=START,
        text=json.dumps(value),
    )


def alerts(rule: Rule, told: Told, now: int = LATER) -> list[Alert]:
    """What the rule comes to, for all documents as they are."""
    watch = Watch()
    found: list[Alert] = []
    for topic in rule.topics:
        for key, value in told.all(topic).items():
            conditions = rule.conditions(change(topic, key, value))
            found += watch.look(rule.name, conditions, now)
    return found


def test_a_session_that_waits_for_a_permission_is_told_after_a_while() -> None:
    asked = TALK.say("PermissionRequest", tool_name="Bash", tool_input={"command": "make u1"})
    told = Told([TALK.start(), TALK.prompt(), TALK.pre("u1"), asked])

    (alert,) = alerts(WaitingRule(30), told)

    assert alert.title == "Waits for a permission for Bash"
    assert alert.session_id == "s-1"
    assert alerts(WaitingRule(30), told, alert.since + 29 * SECOND) == []


def test_a_session_that_was_answered_waits_no_more() -> None:
    asked = TALK.say("PermissionRequest", tool_name="Bash", tool_input={"command": "make u1"})
    told = Told([TALK.start(), TALK.prompt(), TALK.pre("u1"), asked, TALK.post("u1")])

    assert alerts(WaitingRule(30), told) == []


def test_a_session_whose_turn_failed_is_told_with_the_error() -> None:
    told = Told([TALK.start(), TALK.prompt(), TALK.say("StopFailure", error="overloaded")])

    (alert,) = alerts(FailedRule(), told)

    assert "overloaded" in alert.title
    assert alert.severity == "critical"
    assert alerts(FailedRule(), Told([TALK.start(), TALK.prompt(), TALK.stop()])) == []


def test_a_session_that_runs_and_does_nothing_is_stuck_one_that_is_idle_is_not() -> None:
    running = Told([TALK.start(), TALK.prompt(), TALK.pre("u1"), TALK.post("u1")])
    idle = Told([TALK.start(), TALK.prompt(), TALK.stop()])

    (alert,) = alerts(StuckRule(600), running)

    assert alert.since == running.session()["acted_at"]
    assert alerts(StuckRule(600), running, alert.since + 599 * SECOND) == []
    assert alerts(StuckRule(600), idle) == []


def test_an_agent_that_repeats_itself_is_told_once() -> None:
    calls = [
        payload
        for number in range(8)
        for payload in (
            TALK.pre(f"u{number}", command="make it"),
            TALK.post(f"u{number}", command="make it"),
        )
    ]
    told = Told([TALK.start(), TALK.prompt(), *calls])

    (alert,) = alerts(LoopRule(6), told)

    assert alert.title == "The same call again and again: Bash: make it"
    assert alerts(LoopRule(9), told) == []


@pytest.mark.parametrize(("cost", "firing"), [(4_999_999_999_999, 0), (5_100_000_000_000, 1)])
def test_a_session_over_budget_is_told(cost: int, firing: int) -> None:
    usage = {"by": "session", "session_id": "s-1", "cost": {"total": cost}}

    found = list(
        Watch().look("budget", BudgetRule(5.0).conditions(change("usage", "k", usage)), LATER)
    )

    assert len(found) == firing
