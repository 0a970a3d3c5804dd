"""Tool calls: what really became of each."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from testkit.analysis import SECOND, START, Told
from testkit.payloads import Payload, Talk

TALK = Talk()
DENIED = TALK.denied("u-1")
DENIAL = "Permission to use Bash with command rm has been denied."


@pytest.mark.parametrize(
    ("after", "status", "error"),
    [
        (TALK.post("u-1"), "ok", ""),
        (TALK.post("u-1", response={"stdout": "", "interrupted": True}), "interrupted", ""),
        (TALK.failure("u-1", error="Exit code 3"), "error", "Exit code 3"),
        (TALK.failure("u-1", error="stopped", interrupt=True), "interrupted", "stopped"),
        (
            TALK.failure("u-1", error="The user doesn't want to proceed with this tool use. X"),
            "denied",
            "The user doesn't want to proceed with this tool use. X",
        ),
        (
            TALK.failure("u-1", error="[Request interrupted by user for tool use]"),
            "interrupted",
            "[Request interrupted by user for tool use]",
        ),
        (TALK.denied("u-1", reason="classifier"), "denied", "classifier"),
        (TALK.batch(("u-1", "Bash", DENIAL)), "denied", DENIAL),
        (TALK.batch(("u-1", "Bash", "no, says the user's own hook")), "denied", "no, says the u"),
        (
            TALK.batch(("u-1", "Bash", "<tool_use_error>bad input</tool_use_error>")),
            "error",
            "bad input",
        ),
    ],
)
def test_a_call_ends_as_it_was_told(after: Payload, status: str, error: str) -> None:
    call = Told([TALK.pre("u-1"), after]).call()

    assert call["status"] == status
    assert call["error"].startswith(error)
    assert call["ended_at"] == START + 2 * SECOND


def test_a_call_that_nobody_ended_is_running() -> None:
    assert Told([TALK.pre("u-1")]).status() == "running"


def test_a_success_in_a_batch_alone_is_not_taken_for_one() -> None:
    assert Told([TALK.batch(("u-1", "Bash", "all fine"))]).status() == "unknown"


def test_invalid_input_is_told_by_the_batch_only_and_counts_as_an_error() -> None:
    told = Told([TALK.batch(("u-1", "Edit", "<tool_use_error>not found</tool_use_error>"))])

    assert told.call()["status"] == "error"
    assert told.call()["started_at"] is None
    assert told.session()["errors"] == 1
    assert told.session()["tool_calls"] == 1


def test_a_call_takes_as_long_as_its_caller_waits_and_what_was_measured_is_kept_apart() -> None:
    measured, refused = (Told([TALK.pre("u-1"), end]) for end in (TALK.post("u-1"), DENIED))

    assert (measured.call()["duration_us"], measured.call()["measured_us"]) == (SECOND, 12_000)
    assert (refused.call()["duration_us"], refused.call()["measured_us"]) == (SECOND, None)
    assert Told([TALK.post("u-1")]).call()["duration_us"] == 12_000


@pytest.mark.parametrize("duration", [-1, 1e308, 10**30, "5", None, True, [1]])
def test_a_duration_that_is_none_is_left_out(duration: Any) -> None:
    post = {**TALK.post("u-1"), "duration_ms": duration}

    measured = Told([TALK.pre("u-1"), post]).call()["measured_us"]

    assert measured in (None, 1_000)


def test_a_call_knows_what_it_is_about_and_which_events_say_so() -> None:
    told = Told(
        [
            TALK.start(),
            TALK.pre("u-1", "mcp__git__log", query="HEAD"),
            TALK.post("u-1", "mcp__git__log"),
        ]
    )

    call = told.call()
    assert (call["tool_name"], call["is_mcp"], call["detail"]) == ("mcp__git__log", True, "HEAD")
    assert (call["input_seq"], call["result_seq"]) == (2, 3)


ENDINGS = [
    (TALK.post("u-1"), "ok"),
    (TALK.failure("u-1"), "error"),
    (TALK.failure("u-1", interrupt=True), "interrupted"),
    (TALK.denied("u-1"), "denied"),
]


@pytest.mark.parametrize(("ending", "status"), ENDINGS)
@pytest.mark.parametrize("response", ["fine", DENIAL, "<tool_use_error>x</tool_use_error>"])
def test_the_order_of_what_is_told_about_a_call_does_not_matter(
    ending: Payload, status: str, response: str
) -> None:
    told = [TALK.pre("u-1"), ending, TALK.batch(("u-1", "Bash", response))]
    for order in itertools.permutations(told):
        assert Told(order).status() == status, [p["hook_event_name"] for p in order]


@pytest.mark.parametrize("response", ["reason of a hook", DENIAL])
def test_a_refused_call_is_refused_in_whatever_order(response: str) -> None:
    told = [TALK.pre("u-1"), TALK.batch(("u-1", "Bash", response))]
    for order in itertools.permutations(told):
        result = Told(order)
        assert result.status() == "denied"
        assert result.session()["denied"] == 1


def test_a_failed_call_is_never_ok_whatever_else_is_told() -> None:
    for (one, a), (other, b) in itertools.permutations(ENDINGS, 2):
        status = Told([TALK.pre("u-1"), one, other]).status()
        assert status in {a, b} - {"ok"}
        assert status == Told([TALK.pre("u-1"), other, one]).status()


def test_telling_again_counts_nothing_twice() -> None:
    told = [TALK.prompt(), TALK.pre("u-1"), TALK.failure("u-1"), TALK.stop()]

    once, often = Told(told), Told([p for p in told for _ in range(3)] + told)

    for field in ("tool_calls", "errors", "denied", "agents", "turns"):
        assert often.session()[field] == once.session()[field]
    assert often.turn()["errors"] == 1
    assert often.agent("")["tool_calls"] == 1


def test_better_evidence_corrects_the_counts() -> None:
    told = Told([TALK.prompt(), TALK.pre("u-1"), TALK.batch(("u-1", "Bash", "?"))])
    assert told.session()["denied"] == 1

    told.tell(TALK.failure("u-1"))

    assert (told.session()["denied"], told.session()["errors"]) == (0, 1)


def test_an_interrupted_call_is_settled_by_the_next_prompt() -> None:
    talk = Talk()
    told = Told([talk.prompt(), talk.pre("u-1"), talk.prompt("Wait", "p-2")])

    assert told.status() == "interrupted"
    assert told.turn("p-1")["status"] == "interrupted"
    assert told.turn("p-2")["status"] == "running"


def test_a_call_left_open_is_settled_by_the_sessions_end() -> None:
    assert Told([TALK.prompt(), TALK.pre("u-1"), TALK.end()]).status() == "interrupted"


def test_a_late_report_corrects_what_was_only_inferred() -> None:
    told = Told([TALK.prompt(), TALK.pre("u-1"), TALK.end(), TALK.post("u-1")])

    assert told.status() == "ok"


def test_calls_of_two_sessions_are_not_mixed_up() -> None:
    fork = Talk("s-2")
    told = Told([TALK.pre("u-1"), fork.pre("u-1"), fork.failure("u-1")])

    assert told.status() == "running"
    assert told.call("u-1", "s-2")["status"] == "error"


def test_a_transcript_tells_what_the_hooks_did_not() -> None:
    told = Told([TALK.pre("u-1")])
    told.transcript(_result("u-1", "Exit code 1", is_error=True))

    assert told.status() == "error"


def test_a_transcript_does_not_overrule_the_hooks() -> None:
    told = Told([TALK.pre("u-1"), TALK.failure("u-1")])
    told.transcript(_result("u-1", "fine"))

    assert told.status() == "error"


def test_a_call_out_of_a_transcript_alone_is_complete() -> None:
    told = Told().transcript(
        {
            "type": "assistant",
            "sessionId": "s-1",
            "uuid": "a",
            "timestamp": "2026-01-01T00:00:00.000Z",
            "message": {
                "content": [
                    {
                        "type": "tool_use",
                        "id": "u-1",
                        "name": "Write",
                        "input": {"file_path": "/f", "content": "1\n2\n"},
                    }
                ]
            },
        },
        _result("u-1", "written"),
    )

    assert told.call()["detail"] == "/f"
    assert told.status() == "ok"
    assert told.file("/f")["added"] == 2


def _result(use: str, text: str, *, is_error: bool = False) -> Payload:
    block = {"type": "tool_result", "tool_use_id": use, "content": text, "is_error": is_error}
    return {
        "type": "user",
        "sessionId": "s-1",
        "uuid": f"r-{use}",
        "timestamp": "2026-01-01T00:00:05.000Z",
        "message": {"role": "user", "content": [block]},
        "toolUseResult": text,
    }
