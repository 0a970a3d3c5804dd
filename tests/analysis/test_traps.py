"""The ways in which Claude Code's hooks mislead who takes them at their word."""

from __future__ import annotations

from testkit.analysis import Told
from testkit.payloads import Talk


def test_an_interrupt_ends_calls_and_agents_that_never_report_back() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.pre("u-1", "Agent", subagent_type="explorer", description="Look"),
            talk.agent_start("a-1"),
            talk.pre("u-2", agent="a-1"),
            talk.prompt("Something else", "p-2"),
        ]
    )

    assert told.status("u-1") == "interrupted"
    assert told.status("u-2") == "interrupted"
    assert told.agent("a-1")["status"] == "interrupted"
    assert told.session()["running_agents"] == []


def test_an_interrupt_leaves_agents_in_the_background_alone() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.pre("u-1", "Agent", subagent_type="explorer", run_in_background=True),
            talk.agent_start("a-1"),
            talk.post("u-1", "Agent", response={"status": "async_launched", "agentId": "a-1"}),
            talk.pre("u-2", agent="a-1"),
            talk.prompt("Something else", "p-2"),
        ]
    )

    assert told.status("u-2") == "running"
    assert told.agent("a-1")["status"] == "running"


def test_a_subagent_killed_by_an_api_error_has_failed() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.pre("u-1", "Agent", subagent_type="explorer", description="Look"),
            talk.agent_start("a-1"),
            talk.stop_failure(agent="a-1"),
            talk.failure("u-1", "Agent", error="API error"),
        ]
    )

    assert told.agent("a-1")["status"] == "error"
    assert told.status("u-1") == "error"
    assert told.turn()["status"] == "running"
    assert told.session()["status"] == "running"


def test_compaction_invents_no_agent_and_no_new_session() -> None:
    talk = Talk()
    told = Told(
        [
            talk.start(),
            talk.prompt(),
            talk.say("PreCompact", trigger="auto"),
            talk.agent_stop("phantom", agent_type=""),
            talk.start("compact"),
            talk.pre("u-1"),
        ]
    )

    assert set(told.all("agent")) == {"s-1/"}
    assert told.session()["status"] == "running"
    assert told.session()["agents"] == 1
    assert told.turn()["status"] == "running"
    assert told.session()["source"] == "compact"


def test_a_launch_in_the_background_is_not_the_agents_end() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.pre("u-1", "Agent", subagent_type="explorer", run_in_background=True),
            talk.agent_start("a-1"),
            talk.post("u-1", "Agent", response={"status": "async_launched", "agentId": "a-1"}),
            talk.batch(("u-1", "Agent", [{"type": "text", "text": "Async agent launched"}])),
            talk.stop(),
        ]
    )

    assert told.status("u-1") == "ok"
    agent = told.agent("a-1")
    assert (agent["status"], agent["background"], agent["ended_at"]) == ("running", True, None)

    told.tell(talk.agent_stop("a-1", answer="Here."), talk.prompt("<task-notification>", "p-2"))
    assert told.agent("a-1")["status"] == "ok"
    assert told.agent("a-1")["answer"] == "Here."


def test_a_notification_within_a_turn_does_not_end_the_turn() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.pre("u-1"), talk.prompt("<task-notification>")])

    assert told.status("u-1") == "running"
    assert told.turn()["status"] == "running"
    assert told.session()["turns"] == 1


def test_an_agent_may_start_and_stop_twice() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.agent_start("a-1"),
            talk.agent_stop("a-1"),
            talk.agent_start("a-1"),
            talk.pre("u-1", agent="a-1"),
        ]
    )
    assert told.agent("a-1")["status"] == "running"
    assert told.agent("a-1")["ended_at"] is None

    told.tell(talk.post("u-1", agent="a-1"), talk.agent_stop("a-1", answer="Twice."))
    assert told.agent("a-1")["status"] == "ok"
    assert told.session()["agents"] == 1


def test_an_agents_work_may_carry_another_turns_id() -> None:
    talk = Talk()
    told = Told(
        [
            talk.prompt(),
            talk.agent_start("a-1"),
            talk.stop(),
            talk.prompt("Next", "p-2"),
            {**talk.pre("u-1", agent="a-1"), "prompt_id": "p-1"},
            {**talk.failure("u-1", agent="a-1"), "prompt_id": "p-2"},
        ]
    )

    assert told.turn("p-1")["errors"] == 1
    assert told.turn("p-2")["errors"] == 0
    assert told.agent("a-1")["errors"] == 1


def test_clearing_ends_one_session_and_begins_another() -> None:
    before, after = Talk("s-1"), Talk("s-2")
    told = Told([before.prompt(), before.end("clear"), after.start("clear")])

    assert (told.session("s-1")["status"], told.session("s-1")["end_reason"]) == ("ended", "clear")
    assert told.session("s-2")["status"] == "idle"


def test_a_resumed_session_is_the_same_session_going_on() -> None:
    talk = Talk()
    told = Told([talk.start(), talk.prompt(), talk.stop(), talk.end(), talk.start("resume")])

    session = told.session()
    assert (session["status"], session["ended_at"], session["end_reason"]) == ("idle", None, "")


def test_a_session_may_be_heard_of_before_it_starts() -> None:
    talk = Talk()
    told = Told([talk.say("InstructionsLoaded", file_path="/CLAUDE.md")])
    assert told.session()["status"] == "unknown"

    told.tell(talk.start())
    assert told.session()["status"] == "idle"


def test_the_tool_for_agents_may_go_by_its_old_name() -> None:
    talk = Talk()
    told = Told(
        [
            talk.pre("u-1", "Task", subagent_type="qa", description="Test it"),
            talk.agent_start("a-1", "qa"),
        ]
    )

    agent = told.agent("a-1")
    assert (agent["description"], agent["tool_use_id"]) == ("Test it", "u-1")
