"""Agents: who did what for whom."""

from __future__ import annotations

from testkit.analysis import Told
from testkit.payloads import Talk


def test_an_agent_is_told_its_origin_by_the_call_it_was_started_with() -> None:
    talk = Talk()
    told = Told(
        [
            talk.pre("u-1", "Agent", subagent_type="qa", description="Test it"),
            talk.agent_start("a-1", "qa"),
            talk.pre("u-2", agent="a-1"),
            talk.post("u-2", agent="a-1"),
            talk.agent_stop("a-1", "qa", answer="It works."),
        ]
    )

    agent = told.agent("a-1")
    assert (agent["agent_type"], agent["description"]) == ("qa", "Test it")
    assert agent["tool_use_id"] == "u-1"
    assert (agent["status"], agent["answer"], agent["tool_calls"]) == ("ok", "It works.", 1)
    assert agent["parent_agent_id"] == ""
    assert agent["duration_us"] > 0


def test_agents_of_one_type_started_together_are_told_apart_by_their_results() -> None:
    talk = Talk()
    told = Told(
        [
            talk.pre("u-1", "Agent", subagent_type="explorer", description="first"),
            talk.pre("u-2", "Agent", subagent_type="explorer", description="second"),
            talk.agent_start("b"),
            talk.agent_start("a"),
            talk.post("u-1", "Agent", response={"status": "completed", "agentId": "a"}),
            talk.post("u-2", "Agent", response={"status": "completed", "agentId": "b"}),
        ]
    )

    assert (told.agent("a")["description"], told.agent("a")["tool_use_id"]) == ("first", "u-1")
    assert (told.agent("b")["description"], told.agent("b")["tool_use_id"]) == ("second", "u-2")


def test_an_agent_of_an_agent_knows_its_parent() -> None:
    talk = Talk()
    told = Told(
        [
            talk.pre("u-1", "Agent", subagent_type="explorer"),
            talk.agent_start("a"),
            talk.pre("u-2", "Agent", agent="a", subagent_type="qa", description="deep"),
            talk.agent_start("b", "qa"),
        ]
    )

    assert told.agent("b")["parent_agent_id"] == "a"


def test_the_main_agent_works_when_a_turn_does() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.pre("u"), talk.post("u")])
    assert told.agent("")["status"] == "running"

    told.tell(talk.stop("So."))
    agent = told.agent("")
    assert (agent["status"], agent["answer"]) == ("ok", "So.")
    assert agent["duration_us"] == told.turn()["duration_us"]


def test_an_agent_that_never_stopped_is_interrupted_by_the_end() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.agent_start("a"), talk.pre("u", agent="a"), talk.end()])

    assert told.agent("a")["status"] == "interrupted"
    assert told.status("u") == "interrupted"


def test_a_result_of_another_tool_that_names_an_agent_ends_none() -> None:
    talk = Talk()
    told = Told(
        [
            talk.agent_start("a"),
            talk.pre("u", "TaskOutput", task_id="a"),
            talk.post("u", "TaskOutput", response={"agentId": "a", "status": "running"}),
        ]
    )

    assert told.agent("a")["status"] == "running"


def test_a_call_that_was_refused_ends_no_agent() -> None:
    talk = Talk()
    told = Told(
        [
            talk.pre("u-1", "Agent", subagent_type="explorer"),
            talk.agent_start("a"),
            talk.pre("u-2", "Agent", subagent_type="explorer"),
            talk.denied("u-2", "Agent"),
        ]
    )

    assert told.agent("a")["status"] == "running"
    assert len(told.all("agent")) == 2
