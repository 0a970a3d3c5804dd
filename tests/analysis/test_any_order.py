"""Whatever comes, in whatever order and however often, the analyzer goes on and stays true."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from testkit.analysis import Told
from testkit.events import new_event
from testkit.payloads import Payload, Talk

from claude_mpm_monitor.analysis import facts


def story() -> list[Payload]:
    """A session with every kind of ending a call can have."""
    talk = Talk()
    return [
        talk.start(),
        talk.prompt(),
        talk.pre("ok"),
        talk.post("ok"),
        talk.pre("failed", "Edit", file_path="/f", old_string="a", new_string="b"),
        talk.failure("failed", "Edit", file_path="/f", old_string="a", new_string="b"),
        talk.pre("denied"),
        talk.denied("denied"),
        talk.pre("refused"),
        talk.batch(
            ("ok", "Bash", "fine"),
            ("failed", "Edit", "<tool_use_error>no match</tool_use_error>"),
            ("denied", "Bash", "Permission for this action was denied by a classifier"),
            ("refused", "Bash", "my own hook says no"),
            ("invalid", "Read", "<tool_use_error>no file_path</tool_use_error>"),
            ("unseen", "Read", "1\ttext"),
        ),
        talk.pre("agent", "Agent", subagent_type="explorer", description="Look"),
        talk.agent_start("a-1"),
        talk.pre("stopped", agent="a-1"),
        talk.failure("stopped", agent="a-1", interrupt=True),
        talk.agent_stop("a-1"),
        talk.post("agent", "Agent", response={"agentId": "a-1", "status": "completed"}),
        talk.stop(),
        talk.end(),
    ]


TRUTH = {
    "ok": "ok",
    "failed": "error",
    "denied": "denied",
    "refused": "denied",
    "invalid": "error",
    "unseen": "unknown",
    "agent": "ok",
    "stopped": "interrupted",
}


def statuses(told: Told) -> dict[str, str]:
    return {key[4:]: call["status"] for key, call in told.all("tool_call").items()}


def consistent(told: Told) -> None:
    """Counters say what the documents say."""
    calls = told.all("tool_call").values()
    session = told.session()
    assert session["tool_calls"] == len(calls)
    assert session["errors"] == sum(call["status"] == "error" for call in calls)
    assert session["denied"] == sum(call["status"] == "denied" for call in calls)
    assert session["turns"] == len(told.all("turn"))
    assert session["agents"] == len(told.all("agent"))
    assert session["files"] == len(told.all("file"))
    agents = told.all("agent").values()
    assert sum(agent["tool_calls"] for agent in agents) == len(calls)


def test_the_story_is_told_right() -> None:
    told = Told(story())

    assert statuses(told) == TRUTH
    consistent(told)


@given(st.permutations(story()), st.lists(st.sampled_from(story()), max_size=15))
def test_any_order_and_repetition_ends_with_the_same_statuses(
    order: list[Payload], again: list[Payload]
) -> None:
    told = Told([*order, *again])

    assert statuses(told) == TRUTH
    consistent(told)


@given(st.lists(st.sampled_from(story())))
def test_any_part_of_a_story_is_no_lie(part: list[Payload]) -> None:
    told = Told(part)

    for use, status in statuses(told).items():
        assert status != "ok" or TRUTH[use] == "ok"
    if part:
        consistent(told)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
fields = st.dictionaries(
    st.sampled_from(
        [
            *("tool_use_id", "tool_name", "tool_input", "tool_response", "tool_calls", "error"),
            *("agent_id", "agent_type", "agentId", "prompt", "prompt_id", "duration_ms", "source"),
            *("message", "toolUseResult", "is_interrupt", "reason", "last_assistant_message"),
            *("model", "version", "gitBranch", "summary", "customTitle", "notification_type"),
        ]
    ),
    anything
    | st.fixed_dictionaries({"content": st.lists(st.fixed_dictionaries({"type": st.text()}))}),
    max_size=6,
)
kinds = st.sampled_from(
    [
        *facts._READERS,
        *("UserPromptSubmit", "SessionStart", "SessionEnd", "Stop", "StopFailure", "anything"),
        *("SubagentStart", "SubagentStop", "Notification", "transcript.agent_meta"),
    ]
)


@given(st.lists(st.tuples(kinds, fields), max_size=8))
def test_no_payload_is_too_strange(told: list[tuple[str, dict[str, Any]]]) -> None:
    analysis = Told()
    for kind, payload in told:
        use = payload.get("tool_use_id")
        agent = payload.get("agent_id")
        analysis.seq += 1
        analysis.apply(
            new_event(
                kind=kind,
                payload=json.dumps(payload).encode(),
                tool_use_id=use if isinstance(use, str) else "",
                agent_id=agent if isinstance(agent, str) else "",
            )
        )

    analysis.all("session")
