"""Turns: from a prompt to what ended it."""

from __future__ import annotations

from typing import Any

from testkit.analysis import SECOND, START, Told
from testkit.payloads import Payload, Talk


def test_a_turn_goes_from_its_prompt_to_its_answer() -> None:
    talk = Talk()
    turn = Told([talk.prompt("Why?"), talk.pre("u"), talk.failure("u"), talk.stop("So.")]).turn()

    assert (turn["prompt"], turn["answer"], turn["status"]) == ("Why?", "So.", "ok")
    assert (turn["started_at"], turn["ended_at"]) == (START + SECOND, START + 4 * SECOND)
    assert (turn["tool_calls"], turn["errors"]) == (1, 1)


def test_a_turn_that_failed_is_an_error() -> None:
    talk = Talk()

    assert Told([talk.prompt(), talk.stop_failure()]).turn()["status"] == "error"


def test_a_turn_cut_short_by_the_end_is_interrupted() -> None:
    talk = Talk()

    assert Told([talk.prompt(), talk.end()]).turn()["status"] == "interrupted"


def test_a_subagents_stop_is_not_the_turns() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.agent_start("a"), talk.agent_stop("a")])

    assert told.turn()["status"] == "running"


def test_prompts_of_a_claude_that_numbers_none_are_turns_of_their_own() -> None:
    bare = [
        {"session_id": "s-1", "hook_event_name": "UserPromptSubmit", "prompt": text}
        for text in ("one", "two")
    ]
    told = Told(bare)

    assert [turn["status"] for turn in told.all("turn").values()] == ["interrupted", "running"]
    assert told.session()["turns"] == 2


def test_a_transcript_read_later_adds_no_turn_and_ends_none() -> None:
    talk = Talk()
    told = Told([talk.prompt("one", "p-1"), talk.stop("1."), talk.prompt("two", "p-2")])

    told.transcript(
        _user("one", "2023-11-14T22:13:21Z", "p-1"),
        _answer("1.", "2023-11-14T22:13:22Z"),
        _user("two", "2023-11-14T22:13:23Z", "p-2"),
    )

    assert told.session()["turns"] == 2
    assert told.turn("p-1")["status"] == "ok"
    assert (told.turn("p-2")["status"], told.turn("p-2")["answer"]) == ("running", "")


def test_turns_from_before_the_monitor_ran_do_not_end_the_present_one() -> None:
    talk = Talk()
    told = Told([talk.prompt("now", "p-9"), talk.pre("u-9")])

    told.transcript(
        _user("first", "2020-01-01T00:00:00Z", "p-1"),
        _answer("Yes.", "2020-01-01T00:00:01Z"),
        _user("second", "2020-01-01T00:00:02Z", "p-2"),
        _user("third", "2020-01-01T00:00:03Z", "p-3"),
        _answer("No.", "2020-01-01T00:00:04Z"),
    )

    assert told.status("u-9") == "running"
    statuses = {key[4:]: turn["status"] for key, turn in told.all("turn").items()}
    assert statuses == {"p-1": "ok", "p-2": "interrupted", "p-3": "ok", "p-9": "running"}
    assert told.session()["prompt_id"] == "p-9"
    assert told.session()["turns"] == 4


def test_an_answer_to_a_tool_is_no_prompt() -> None:
    told = Told([Talk().prompt("one", "p-1")])
    line = _user("result", "2026-01-01T00:00:00Z", "p-1")
    told.transcript({**line, "toolUseResult": {"stdout": ""}}, {**line, "isMeta": True})

    assert told.session()["turns"] == 1


def _user(text: str, at: str, prompt_id: str) -> Payload:
    return _line("user", text, at, promptId=prompt_id)


def _answer(text: str, at: str) -> Payload:
    line = _line("assistant", [{"type": "text", "text": text}], at)
    line["message"]["stop_reason"] = "end_turn"
    return line


def _line(kind: str, content: Any, at: str, **fields: Any) -> Payload:
    return {
        "type": kind,
        "sessionId": "s-1",
        "uuid": f"{kind}-{at}",
        "timestamp": at,
        "message": {"role": kind, "content": content},
        **fields,
    }
