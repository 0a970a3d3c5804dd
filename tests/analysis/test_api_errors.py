"""Failed requests to the model: one for each, whoever tells of it and in whatever order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import msgspec
from testkit.usage import applied, event, heard, telemetry

from claude_mpm_monitor.model.event import Event

Json = dict[str, Any]
REASON = "prompt is malformed"


def failed(name: str, request_id: str = "r1", **changes: Any) -> Event:
    line = telemetry(name, request_id, error=REASON, **changes)
    del line["attributes"]["output_tokens"]
    return heard({**line, "name": name.partition(".")[2]})


def errors(*events: Event) -> list[Json]:
    return list(applied(events).of("api_error").values())


def test_every_failed_attempt_is_told_with_its_reason() -> None:
    first = failed("log.api_error", status_code=529, attempt=1, duration_ms=53)
    second = failed("log.api_error", "r2", status_code=529, attempt=2)
    one, other = errors(first, second)

    assert (one["error"], one["status_code"], one["duration_us"]) == (REASON, 529, 53_000)
    assert (one["attempt"], other["attempt"], one["gave_up"]) == (1, 2, False)
    assert one["evidence"] == ["telemetry"]


def test_a_record_a_span_and_a_line_of_one_request_are_one_error_in_any_order() -> None:
    said = {"content": [{"type": "text", "text": f"API Error: 400 {REASON}"}]}
    line = {"type": "assistant", "isApiErrorMessage": True, "requestId": "r1", "message": said}
    told = [
        failed("log.api_error", status_code=400, attempt=1),
        failed("span.llm_request", success=False),
        event({**line, "apiErrorStatus": 400}),
    ]

    found = [errors(*order) for order in permutations(told)]
    assert all(each == found[0] for each in found)
    ((error,),) = found[:1]
    assert (error["error"], error["gave_up"]) == (f"API Error: 400 {REASON}", True)
    assert error["evidence"] == ["telemetry", "transcript"]
    assert len(error["events"]) == 3


def test_giving_up_says_after_how_many_attempts() -> None:
    (error,) = errors(
        failed(
            "log.api_retries_exhausted",
            "",
            total_attempts=3,
            total_retry_duration_ms=1_758,
            status_code=401,
        )
    )

    assert (error["attempt"], error["gave_up"]) == (3, True)
    assert error["duration_us"] == 1_758_000


def test_transcripts_tell_of_retries_and_hooks_of_turns_that_ended_so() -> None:
    retry = {"subtype": "api_error", "error": {"formatted": "Unable to connect"}, "retryAttempt": 1}
    hook = event({"type": "x", "error": "server_error", "error_details": "529 overloaded"})
    by_hook, by_line = sorted(
        errors(
            event({"type": "system", **retry}), msgspec.structs.replace(hook, kind="StopFailure")
        ),
        key=lambda error: str(error["error"]),
    )

    assert (by_line["error"], by_line["attempt"]) == ("Unable to connect", 1)
    assert (by_hook["error"], by_hook["gave_up"], by_hook["evidence"]) == (
        "529 overloaded",
        True,
        ["hook"],
    )


def test_an_error_costs_nothing_and_is_counted_in_its_session() -> None:
    documents = applied([failed("log.api_error"), failed("span.llm_request", success=False)])
    session = documents.texts["usage", "session/s1"]

    assert b'"api_errors":1' in session
    assert b'"calls":0' in session
    assert documents.of("api_call") == {}
