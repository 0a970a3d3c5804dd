"""Real sessions through the whole pipeline: transcripts in, documents out, and right figures.

The figures are those of `test_cost_oracles`, which says what they are and where we differ.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.cli.importing import import_files, transcripts, wait_for_documents
from claude_mpm_monitor.ingest.importer import Importer, Receipt
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.reporting.costs import BY, Question, costs
from claude_mpm_monitor.storage.query import Query

Json = dict[str, Any]
FOLDERS = [parent / "shared" / "data" for parent in Path(__file__).parents]
DATA = next((folder for folder in FOLDERS if (folder / "oracle").is_dir()), None)
SHOWN = ("api_call", "usage", "compaction")

pytestmark = [
    pytest.mark.skipif(DATA is None, reason="no real sessions beside the project"),
    pytest.mark.timeout(300),
]


def shared(relative: str) -> Path:
    assert DATA is not None
    return DATA / relative


def sessions() -> Json:
    found: Json = json.loads(shared("oracle/expected_shared.json").read_text())["sessions"]
    return found


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Query]:
    """The store after all real sessions were imported."""
    never = threading.Event()
    # The oracle's programs look into `projects` folders only.
    files = [*shared("transcripts").glob("*/projects/**/*.jsonl")]
    with Monitor(home=tmp_path_factory.mktemp("monitor"), port=0) as monitor:
        import_files(monitor, files, never, quiet=True)
        wait_for_documents(monitor, never)
        assert [state["error"] for state in monitor.plugins.states()] == [""]
        yield monitor.query


def session_in(relative: str) -> str:
    """The session whose lines a file holds: files of some recorders have names of their own."""
    with shared(relative).open(encoding="utf-8") as file:
        named = (json.loads(line).get("sessionId") for line in file)
        return next((name for name in named if name), Path(relative).stem)


def usage_of(query: Query, session_id: str, *, reported_too: bool) -> Json:
    """Add up a session's calls, without those known from progress reports alone unless wanted."""
    used = sums.empty()
    for found in query.every_document("api_call", session_id=session_id, via="_api_call_of"):
        call = found.value
        if not call["same_as"] and (reported_too or "transcript" in call["evidence"]):
            sums.merge(used, sums.of_call(call))
    return used


def figures(used: Json) -> list[int]:
    writes = used["cache_write_5m"] + used["cache_write_1h"]
    return [used["input"], used["output"], writes, used["cache_read"]]


def theirs(totals: Json) -> list[int]:
    names = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
    return [totals[name] for name in names]


def same_cost(used: Json, cost: float) -> bool:
    """Compare with a sum of floats; ours is exact."""
    ours = Decimal(used["cost"]["total"]).scaleb(-12)
    return abs(ours - Decimal(repr(cost))) < Decimal("1e-9")


def test_every_session_used_and_cost_what_the_oracle_says(query: Query) -> None:
    """Its report of single sessions leaves out what is known from progress reports alone."""
    differing = set()
    for relative, expected in sessions().items():
        session_id, totals = session_in(relative), expected["ccusage20"]["totals"]
        found = query.document("usage", f"session/{session_id}")
        kept = sums.empty() if found is None else found.value
        counted = usage_of(query, session_id, reported_too=False)

        assert figures(usage_of(query, session_id, reported_too=True)) == figures(kept), relative
        assert figures(counted) == theirs(totals), relative
        assert same_cost(counted, totals["totalCost"]), relative
        if figures(kept) != figures(counted):
            differing.add(relative)

    assert len(sessions()) == 103
    assert len(differing) == 7


def test_every_day_cost_what_the_oracle_says(query: Query) -> None:
    """Its daily report has the calls known from progress reports, as we have."""
    daily = shared("oracle/split-shared/ccusage-20.0.24-daily.json")
    expected = {row["date"]: row for row in json.loads(daily.read_text())["daily"]}
    report = costs(query, Question(by="day"))

    assert {row["day"] for row in report.rows} == set(expected)
    for row in report.rows:
        assert figures(row) == theirs(expected[row["day"]]), row["day"]
        assert same_cost(row, expected[row["day"]]["totalCost"]), row["day"]


@pytest.mark.parametrize("by", ["model", "project", "day", "agent_type"])
def test_what_counts_every_call_once_comes_to_the_total(query: Query, by: str) -> None:
    report = costs(query, Question(by=by))
    used = sums.empty()
    for row in report.rows:
        sums.merge(used, row)

    assert used == report.total
    assert used["calls"] > 4_000


@pytest.mark.parametrize("by", BY)
def test_sums_kept_ready_are_those_of_the_calls(query: Query, by: str) -> None:
    """A span of days that is all of them is added up call by call, or from other sums."""
    ready = costs(query, Question(by=by))
    added_up = costs(query, Question(by=by, first_day="2000-01-01", last_day="2999-12-31"))

    def by_name(rows: list[Json]) -> Json:
        return {"/".join(row[name] for name in BY[by]): row for row in rows}

    assert by_name(ready.rows) == by_name(added_up.rows)
    assert ready.total == added_up.total


def test_agents_and_turns_of_a_session_come_to_its_figure(query: Query) -> None:
    for found in query.every_document("usage", prefix="session/"):
        session = found.value
        for by in ("agent", "turn", "model"):
            rows = costs(query, Question(by=by, session_id=session["session_id"])).rows
            assert sum(row["calls"] for row in rows) == session["calls"]
            assert sum(row["cost"]["total"] for row in rows) == session["cost"]["total"]


class NoBookmarks:
    """Whatever is read is read from its start."""

    def get(self, path: str) -> None:
        return None

    def set(self, path: str, bookmark: tuple[int, int, int, int]) -> None:
        return None


def lines_of(folder: str) -> list[Raw]:
    raws: list[Raw] = []

    def submit(batch: list[Raw]) -> Receipt:
        raws.extend(batch)
        return Receipt()

    files = transcripts(sorted(shared(folder).rglob("*.jsonl")))
    list(Importer(files, submit, NoBookmarks()).run())
    return raws


def documents_after(home: Path, *parts: list[Raw]) -> Json:
    """Give each part to a monitor of its own; close all but the last without waiting for it."""
    for number, part in enumerate(parts):
        with Monitor(home=home, port=0) as monitor:
            monitor.ingest_many(part)
            if number == len(parts) - 1:
                wait_for_documents(monitor, threading.Event())
                return {
                    (topic, found.key): found.value
                    for topic in SHOWN
                    for found in monitor.query.every_document(topic)
                    if found.value.get("calls") != 0
                }
    raise AssertionError("nothing to ingest")


@pytest.mark.parametrize("folder", ["transcripts/spotter", "cli-hooks/transcripts/resume"])
def test_a_monitor_that_stops_in_the_middle_comes_to_the_same_in_the_end(
    tmp_path: Path, folder: str
) -> None:
    lines = lines_of(folder)
    third = len(lines) // 3

    at_once = documents_after(tmp_path / "a", lines)
    # Read again from an earlier line on, as after a crash before the bookmark was kept.
    restarted = documents_after(tmp_path / "b", lines[:third], lines[third // 2 : -third], lines)
    backwards = documents_after(tmp_path / "c", lines[::-1])

    assert len(at_once) > 15
    assert restarted == at_once
    assert backwards == at_once


def test_scripted_sessions_cost_what_claude_code_says_they_did(tmp_path: Path) -> None:
    scenarios = ("bgagent", "fail", "long", "mcp", "multi", "resume", "simple", "subagents")
    lines = [line for name in scenarios for line in lines_of(f"cli-hooks/transcripts/{name}")]
    found = documents_after(tmp_path, lines)
    compared = [
        value["reconciliation"]
        for (topic, key), value in found.items()
        if topic == "usage" and key.startswith("session/")
    ]

    assert len(compared) == 15
    assert all(each is not None and each["difference"] == 0 for each in compared)


@pytest.mark.parametrize(
    ("scenario", "reason"), [("compact", "compactions"), ("models", "the model asked for")]
)
def test_where_claude_code_says_otherwise_the_reason_is_named(
    tmp_path: Path, scenario: str, reason: str
) -> None:
    found = documents_after(tmp_path, lines_of(f"cli-hooks/transcripts/{scenario}"))
    compared = [
        value["reconciliation"]
        for (topic, key), value in found.items()
        if topic == "usage" and key.startswith("session/")
    ]

    assert compared
    for each in compared:
        assert each["difference"] != 0
        assert each["explained"]
        assert any(reason in known for known in each["reasons"])
