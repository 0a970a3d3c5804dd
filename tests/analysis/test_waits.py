"""Waiting for a person, apart from work: for whom, since when, how long."""

from __future__ import annotations

from typing import Any

from testkit.analysis import SECOND, START, Told
from testkit.payloads import Payload, Talk

from claude_mpm_monitor.analysis import waits
from claude_mpm_monitor.analysis.wait_facts import PERMISSION, ToolWait

TALK = Talk()


def asked(use: str, tool: str = "Bash", agent: str = "", **given: Any) -> Payload:
    """The request for a permission: the call's own words, but for its id."""
    told = TALK.pre(use, tool, agent, **given)
    fields = {name: told[name] for name in told if name not in ("hook_event_name", "tool_use_id")}
    return {**fields, "hook_event_name": "PermissionRequest"}


def moment(second: int) -> int:
    return START + second * SECOND


def test_a_permission_is_waited_for_until_the_call_begins_to_run() -> None:
    told = Told([TALK.prompt(), TALK.pre("u"), asked("u"), TALK.post("u"), TALK.stop()])

    call = told.call("u")
    given_at = moment(4) - 12_000
    wait = {"kind": "permission", "since": moment(3), "until": given_at, "estimated": True}
    assert call["waits"] == [wait]
    assert call["waited_us"] == given_at - moment(3)
    assert call["waited_us"] + call["busy_us"] == call["duration_us"] == 2 * SECOND
    for owner in (told.turn(), told.agent(""), told.session()):
        assert owner["waited_us"] == call["waited_us"]
    turn = told.turn()
    assert turn["waited_us"] + turn["busy_us"] == turn["duration_us"]


def test_a_refusal_is_waited_for_until_it_is_told() -> None:
    denial = "The user doesn't want to proceed with this tool use."
    told = Told([TALK.prompt(), TALK.pre("u"), asked("u"), TALK.batch(("u", "Bash", denial))])

    assert (told.call("u")["waited_us"], told.call("u")["busy_us"]) == (SECOND, SECOND)


def test_the_request_is_about_the_agents_latest_call_like_it() -> None:
    told = Told(
        [
            TALK.prompt(),
            TALK.pre("first", command="make"),
            TALK.post("first", command="make"),
            TALK.pre("other", command="make"),
            TALK.pre("elsewhere", agent="a", command="make"),
            asked("other", command="make"),
        ]
    )

    assert [told.call(use)["waits"] != [] for use in ("first", "other", "elsewhere")] == [
        *(False, True, False)
    ]
    assert told.session()["waiting"] == {
        "kind": "permission",
        "since": moment(6),
        "agent_id": "",
        "tool_name": "Bash",
        "tool_use_id": "other",
    }


def test_waits_of_two_calls_at_once_are_waited_for_once() -> None:
    told = Told(
        [
            TALK.prompt(),
            TALK.pre("u-1", agent="a"),
            TALK.pre("u-2", agent="b"),
            asked("u-1", agent="a"),
            asked("u-2", agent="b"),
            TALK.failure("u-1", agent="a"),
            TALK.failure("u-2", agent="b"),
        ]
    )

    both = [told.call(use)["waits"][0] for use in ("u-1", "u-2")]
    assert told.turn()["waited_us"] == both[1]["until"] - both[0]["since"]
    assert told.agent("a")["waited_us"] == both[0]["until"] - both[0]["since"]


def test_a_question_to_the_user_is_waiting_from_beginning_to_end() -> None:
    told = Told([TALK.prompt(), TALK.pre("u", "AskUserQuestion", questions=[])])
    assert told.session()["status"] == "waiting"
    assert told.session()["waiting"]["kind"] == "question"

    told.tell(TALK.post("u", "AskUserQuestion", questions=[]))
    assert told.session()["status"] == "running"
    assert (told.call("u")["waited_us"], told.call("u")["busy_us"]) == (SECOND, 0)
    assert told.call("u")["waits"][0]["estimated"] is False


def test_a_question_of_a_server_is_waited_for_until_its_answer() -> None:
    server = {"mcp_server_name": "ask"}
    told = Told(
        [
            TALK.prompt(),
            TALK.pre("u", "mcp__ask__colour"),
            TALK.say("Elicitation", message="Which?", **server),
            TALK.say("ElicitationResult", action="accept", **server),
            TALK.post("u", "mcp__ask__colour"),
        ]
    )

    assert told.call("u")["waited_us"] == SECOND
    assert told.call("u")["duration_us"] == 3 * SECOND


def test_a_request_without_a_known_call_is_waited_for_until_the_agent_acts() -> None:
    told = Told([TALK.prompt(), asked("u")])
    assert told.session()["waiting"]["tool_use_id"] == ""

    told.tell(TALK.pre("u-2"))
    assert (told.session()["status"], told.session()["waiting"]) == ("running", None)


def test_an_agent_that_went_on_does_not_wait_any_more() -> None:
    told = Told([TALK.prompt(), TALK.pre("u"), asked("u"), TALK.pre("later")])

    assert told.session()["status"] == "running"


def test_another_agents_work_ends_no_waiting() -> None:
    told = Told([TALK.prompt(), TALK.pre("u"), asked("u"), TALK.pre("v", agent="a")])

    assert told.session()["status"] == "waiting"


def test_an_interrupt_ends_the_waiting() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.pre("u"), asked("u"), talk.prompt("No", "p-2")])

    assert told.session()["status"] == "running"
    assert told.call("u")["status"] == "interrupted"


def test_a_notice_means_the_call_that_is_open() -> None:
    notice = TALK.say("Notification", notification_type="permission_prompt")

    assert Told([TALK.prompt(), TALK.pre("u"), notice]).session()["waiting"]["tool_use_id"] == "u"
    over = [TALK.prompt(), TALK.pre("u"), TALK.post("u"), notice]
    assert Told(over).session()["waiting"]["tool_use_id"] == ""


def test_what_is_measured_overrules_the_estimate() -> None:
    told = Told([TALK.prompt(), TALK.pre("u"), asked("u"), TALK.post("u")])
    call = told.call("u")

    waits.note_measured(call, ToolWait("u", PERMISSION, moment(2), moment(2) + 5))
    waits.settle(call)

    assert call["waited_us"] == 5
    assert [wait["estimated"] for wait in call["waits"]] == [False]


def test_time_between_turns_is_idle_unless_the_session_had_ended() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.stop(), talk.prompt("Two", "p-2"), talk.stop(), talk.end()])
    told.tell(talk.start("resume"), talk.prompt("Three", "p-3"))

    assert told.turn("p-1")["idle_us"] == told.turn("p-2")["idle_us"] == SECOND
    assert told.session()["idle_us"] == 2 * SECOND
    assert told.session()["busy_us"] == 2 * SECOND
    assert told.session()["resumed"] == 1
