"""Real transcripts of eight public projects, Claude Code 1.0 to 2.1."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.importer import Bookmark, Importer, Receipt
from claude_mpm_monitor.ingest.transcript import decode_line
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.model.transcript import transcript_tool_calls

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "transcripts").is_dir(), reason="no transcripts beside the project"
)


class Collector:
    """Stands where the store is: decodes what is submitted and keeps the bookmarks."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.refused: list[tuple[str, str]] = []
        self.bookmarks: dict[str, Bookmark] = {}

    def submit(self, raws: list[Raw]) -> Receipt:
        before = len(self.events)
        for raw in raws:
            try:
                self.events += decode_line(raw)
            except DecodeError as error:
                self.refused.append((raw.origin, str(error)))
        return Receipt(stored=len(self.events) - before)

    def get(self, path: str) -> Bookmark | None:
        return self.bookmarks.get(path)

    def set(self, path: str, bookmark: Bookmark) -> None:
        self.bookmarks[path] = bookmark


def imported(*files: Path) -> Collector:
    collector = Collector()
    for progress in Importer(files, collector.submit, collector).run():
        assert not progress.problems
    return collector


@pytest.fixture(scope="module")
def real() -> Collector:
    return imported(*(DATA / "transcripts").rglob("*.jsonl"))


def test_no_line_of_a_real_file_is_refused(real: Collector) -> None:
    assert real.refused == []
    assert {event.kind for event in real.events}.isdisjoint({"transcript.unreadable"})


def test_every_line_has_a_session_an_identity_a_time_and_something_to_say(real: Collector) -> None:
    for event in real.events:
        assert event.session_id
        assert event.event_id
        assert event.at > 1_700_000_000_000_000
    mute = sum(not event.summary for event in real.events)
    assert mute < len(real.events) / 500


def test_as_many_lines_and_calls_come_in_as_the_inventory_counts(real: Collector) -> None:
    with (DATA / "manifest.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith("transcripts/")]
    rows = [row for row in rows if row["path"].endswith(".jsonl")]
    asked = {
        (event.session_id, call.tool_use_id)
        for event in real.events
        if event.kind == "transcript.assistant"
        for call in transcript_tool_calls(event.data())
    }

    joined = sum(int(row["bad_json_lines"]) for row in rows)
    assert len(real.events) == sum(int(row["lines"]) for row in rows) + joined
    assert len(asked) == pytest.approx(sum(int(row["tool_calls"]) for row in rows), rel=0.01)


def test_most_calls_asked_for_are_answered_and_failures_are_seen(real: Collector) -> None:
    answers = [
        call
        for event in real.events
        if event.kind == "transcript.user"
        for call in transcript_tool_calls(event.data())
    ]

    assert all(call.answered for call in answers)
    assert sum(call.is_error for call in answers) > 100
    assert Counter(call.denial for call in answers)["user-rejected"] > 10


def test_agents_are_told_apart_by_their_files(real: Collector) -> None:
    agents = {event.agent_id for event in real.events}

    assert {"a2898e3", "a7be2f0", "acompact-fffbd0"} <= agents


def test_lines_of_the_edge_case_file_that_are_no_lines_are_named() -> None:
    collector = imported(DATA / "transcripts_synthetic" / "claude-code-log" / "edge_cases.jsonl")

    assert [reason for _, reason in collector.refused] == [
        "a transcript line holds str, not an object",
        "a transcript line without type",
        "a transcript line holds int, not an object",
        "a transcript line holds list, not an object",
    ]


def test_agents_meta_files_come_in_with_their_session() -> None:
    collector = imported(DATA / "cli-hooks" / "transcripts" / "subagents")
    metas = [event for event in collector.events if event.kind == "transcript.agent_meta"]

    assert len(metas) == 10
    assert all(event.session_id and event.agent_id and event.summary for event in metas)
