"""What telemetry tells of API calls: those transcripts have, and those that no transcript has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.usage import START, Documents, answer, applied, event, heard, prompt, telemetry

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.ingest.importer import Importer, Receipt
from claude_mpm_monitor.ingest.otlp import OtlpDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.model.event import Event, Raw

Json = dict[str, Any]
SAMPLES = next(
    (
        folder
        for parent in Path(__file__).parents
        if (folder := parent / "shared" / "data" / "cli-hooks").is_dir()
    ),
    None,
)


def calls(*events: Event) -> list[Json]:
    documents = applied(events).of("api_call")
    return [value for value in documents.values() if not value["same_as"]]


def session(*events: Event) -> Json:
    return applied(events).of("usage")["session/s1"]


def test_one_request_told_by_both_is_one_call_with_what_each_knows() -> None:
    told = telemetry("log.api_request", duration_ms=70, ttft_ms=38, cost_usd=0.0055573, attempt=2)
    (call,) = calls(event(answer(requestId="r1")), heard(told))

    assert (call["message_id"], call["evidence"]) == ("m1", ["telemetry", "transcript"])
    assert len(call["events"]) == 2
    heard_of = call["telemetry"]
    assert (heard_of["duration_us"], heard_of["ttft_us"], heard_of["attempt"]) == (
        70_000,
        38_000,
        2,
    )
    assert heard_of["stated_cost"] == 5_557_300_000
    assert call["recorded"]["evidence"] == ["transcript"]


def test_the_document_of_a_request_leads_to_the_call_that_has_it() -> None:
    told = heard(telemetry("log.api_request"))

    for events in ([told, event(answer(requestId="r1"))], [event(answer(requestId="r1")), told]):
        documents = applied(events).of("api_call")
        assert documents["request/r1"] == {"message_id": "request/r1", "same_as": "m1"}


def test_the_summary_of_a_compaction_is_counted_although_no_transcript_has_it() -> None:
    summary = telemetry("log.api_request", "r9", query_source="compact", output_tokens=100)
    summed = session(event(answer(requestId="r1")), heard(summary))

    assert (summed["calls"], summed["output"]) == (2, 105)
    assert summed["sources"] == {"telemetry": 1, "transcript": 1}


def test_without_any_transcript_telemetry_tells_tokens_cost_turn_and_agent() -> None:
    told = telemetry("log.api_request", cache_creation_tokens=30, cache_creation_1h_tokens=20)
    (call,) = calls(heard(told, prompt_id="p7", agent_id="a1"))

    assert (call["prompt_id"], call["agent_id"], call["session_id"]) == ("p7", "a1", "s1")
    assert (call["usage"]["cache_write_5m"], call["usage"]["cache_write_1h"]) == (10, 20)
    assert call["cost"]["cache_write"] == (10 * 625 + 20 * 1_000) * 10**4
    assert (call["confidence"], call["cli_version"]) == ("high", "2.1.330")


def test_a_record_and_a_span_of_one_request_are_one_call_with_the_records_figures() -> None:
    span = telemetry("span.llm_request", stop_reason="end_turn", query_source_safe="agent.custom")
    record = telemetry("log.api_request", cache_creation_1h_tokens=7, cache_creation_tokens=7)
    (call,) = calls(heard(span), heard(record))

    assert call["usage"]["cache_write_1h"] == 7
    assert (call["stop_reason"], call["telemetry"]["query_source"]) == ("end_turn", "agent:custom")


def test_a_release_that_recorded_too_little_output_is_made_good_by_telemetry() -> None:
    line = event(answer(requestId="r1", version="2.1.30", usage={"output_tokens": 1}))
    told = heard(telemetry("log.api_request", output_tokens=812))

    assert session(line)["low_confidence"] == 1
    (call,) = calls(line, told)
    assert (call["usage"]["output"], call["confidence"]) == (812, "high")
    assert call["recorded"]["usage"]["output"] == 1


def test_telemetry_knows_which_session_made_a_call_that_only_a_fork_still_has() -> None:
    copy = event(answer(requestId="r1", requestSessionId="s1"), session_id="s2")
    (call,) = calls(copy, heard(telemetry("log.api_request")))

    assert (call["session_id"], call["seen_in"]) == ("s1", ["s1", "s2"])


@pytest.mark.parametrize(
    "changes", [{"request_id": ""}, {"success": False}, {"request_id": 7}, {"request_id": None}]
)
def test_what_names_no_answered_request_is_no_call(changes: Json) -> None:
    assert calls(heard(telemetry("span.llm_request", **changes))) == []


@pytest.mark.parametrize("value", ["12", -1, True, 1.5, 2**60, None])
def test_figures_that_are_none_are_left_out(value: object) -> None:
    told = telemetry("log.api_request", duration_ms=value, attempt=value, cache_read_tokens=value)
    (call,) = calls(heard(told))

    assert call["telemetry"]["duration_us"] is None
    assert call["telemetry"]["attempt"] is None


class NoBookmarks:
    """Every import is the first."""

    def get(self, path: str) -> None:
        """Nothing was ever read."""

    def set(self, path: str, bookmark: tuple[int, int, int, int]) -> None:
        """Forget it."""


def imported(folder: Path) -> Iterator[Event]:
    raws: list[Raw] = []

    def submit(batch: list[Raw]) -> Receipt:
        raws.extend(batch)
        return Receipt(stored=len(batch))

    for _ in Importer([folder], submit, NoBookmarks()).run():
        pass
    decoder = TranscriptDecoder()
    for raw in raws:
        yield from decoder.decode(raw)


def exported(path: Path) -> Iterator[Event]:
    for line in path.read_text(encoding="utf-8").splitlines():
        body = json.dumps(json.loads(line)["body"]).encode()
        yield from OtlpDecoder().decode(Raw(body=body, dialect="otlp", source="otel", at=START))


def figures(documents: Documents, session_id: str) -> list[Any]:
    summed = documents.of("usage")[f"session/{session_id}"]
    return [summed[name] for name in ("calls", *sums.TOKENS)] + [summed["cost"]]


@pytest.mark.skipif(SAMPLES is None, reason="no samples beside the project")
@pytest.mark.parametrize("name", ["multi", "subagents", "bgagent"])
def test_real_telemetry_alone_comes_to_what_the_transcripts_say(name: str) -> None:
    assert SAMPLES is not None
    transcript = list(imported(SAMPLES / "transcripts" / name))
    telemetry = list(exported(SAMPLES / f"otel-{name}.jsonl"))
    alone = applied(telemetry)

    session_id = telemetry[0].session_id
    expected = figures(applied(transcript), session_id)
    assert figures(alone, session_id) == expected
    for both in ([*transcript, *telemetry], [*telemetry, *transcript]):
        assert figures(applied(both), session_id) == expected
    for call in alone.of("api_call").values():
        assert abs(call["telemetry"]["stated_cost"] - call["cost"]["total"]) < 1_000


def test_a_turn_is_found_by_time_where_the_transcript_has_the_call() -> None:
    asked, told = event(prompt("p1")), heard(telemetry("log.api_request"), prompt_id="other")
    (call,) = calls(asked, told, event(answer(requestId="r1"), at=START + 1))

    assert call["prompt_id"] == "p1"
