"""The sample session is told in Claude Code's own words, and at its pace."""

from __future__ import annotations

from collections import Counter

import pytest

from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.sample.recorder import Step
from claude_mpm_monitor.sample.replay import replay
from claude_mpm_monitor.sample.story import session


@pytest.fixture
def steps() -> list[Step]:
    return session()


def test_the_session_begins_and_ends_and_shows_what_can_happen(steps: list[Step]) -> None:
    kinds = [step.payload["hook_event_name"] for step in steps]

    assert (kinds[0], kinds[-1]) == ("SessionStart", "SessionEnd")
    assert {"PostToolUseFailure", "PermissionDenied", "SubagentStop", "Stop"} <= set(kinds)


def test_every_tool_call_that_begins_also_ends(steps: list[Step]) -> None:
    ends = ("PostToolUse", "PostToolUseFailure", "PermissionDenied")
    begun = [s.payload for s in steps if s.payload["hook_event_name"] == "PreToolUse"]
    ended = [s.payload for s in steps if s.payload["hook_event_name"] in ends]

    assert Counter(c["tool_use_id"] for c in begun) == Counter(c["tool_use_id"] for c in ended)
    assert len(begun) == len({c["tool_use_id"] for c in begun})


def test_two_agents_work_at_the_same_time(steps: list[Step]) -> None:
    order = [
        (step.payload["hook_event_name"], step.payload.get("agent_type"))
        for step in steps
        if step.payload["hook_event_name"].startswith("Subagent")
    ]

    assert [kind for kind, _ in order[:4]] == ["SubagentStart"] * 2 + ["SubagentStop"] * 2


def test_a_second_telling_is_another_session() -> None:
    assert session()[0].payload["session_id"] != session()[0].payload["session_id"]


def test_the_replay_keeps_the_pace_after_a_head_start(steps: list[Step]) -> None:
    now, raws, slept = [1_000.0], [], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    replay(steps, raws.append, sleep, head_start=12.0, clock=lambda: now[0])

    assert len(raws) == len(steps)
    assert sum(slept) == pytest.approx(steps[-1].at - 12.0)
    assert [raw.at for raw in raws] == sorted(raw.at for raw in raws)


def test_the_replay_ends_when_told_to(steps: list[Step]) -> None:
    raws: list[Raw] = []

    replay(steps, raws.append, lambda seconds: True, head_start=12.0)

    assert 0 < len(raws) < len(steps)


def test_every_step_is_understood(steps: list[Step]) -> None:
    raws: list[Raw] = []
    replay(steps, raws.append, lambda seconds: None, head_start=1_000.0)

    events = [event for raw in raws for event in HookDecoder().decode(raw)]

    assert [event.kind for event in events] == [step.payload["hook_event_name"] for step in steps]
    assert all(event.source == "sample" for event in events)
