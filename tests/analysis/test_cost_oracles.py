"""Tokens and costs of real sessions against what independent programs make of the same files.

"v20" are the figures of ccusage 20.0.24, whose rules agree with Claude Code's own totals: the last
line of a message counts, 1-hour cache writes cost twice the input price. Its `session` report is
taken for single sessions; its `daily` report also counts calls known from progress reports only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from claude_mpm_monitor.analysis.api_calls import TRANSCRIPT, CallRecord
from claude_mpm_monitor.analysis.call_lines import calls_in
from claude_mpm_monitor.analysis.ledger import Ledger, Totals, total
from claude_mpm_monitor.pricing.table import PriceTable

Json = dict[str, Any]

TABLE = PriceTable.builtin()
FOLDERS = [parent / "shared" / "data" for parent in Path(__file__).parents]
DATA = next((folder for folder in FOLDERS if (folder / "oracle").is_dir()), None)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(DATA is None, reason="no real sessions beside the project")


def oracle(name: str) -> Json:
    """Return a file of the oracle folder; {} where there is none, so that collecting works."""
    if DATA is None:
        return {}
    found: Json = json.loads((DATA / "oracle" / name).read_text())
    return found


SESSIONS: Json = oracle("expected_shared.json").get("sessions", {})


def micros(stamp: object) -> int:
    moment = datetime.fromisoformat(stamp) if isinstance(stamp, str) else EPOCH
    return (moment - EPOCH) // timedelta(microseconds=1)


def lines(path: Path) -> Iterator[Json]:
    """Yield the lines that may report a call and can be read."""
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if '"usage"' not in text:
            continue
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def session_files(main: Path) -> list[Path]:
    return [main, *sorted(main.with_suffix("").glob("subagents/*.jsonl"))]


@cache
def calls_of(main: Path) -> list[CallRecord]:
    """Return what every line of a session's files says, unmerged."""
    return [
        call
        for path in session_files(main)
        for line in lines(path)
        for call in calls_in(
            line,
            session_id=main.stem,
            agent_id="" if path == main else path.stem.removeprefix("agent-"),
            at=micros(line.get("timestamp")),
            event=str(line.get("uuid")),
        )
    ]


def shared(relative: str) -> Path:
    assert DATA is not None
    return DATA / relative


@cache
def everything() -> Ledger:
    return Ledger(call for relative in SESSIONS for call in calls_of(shared(relative)))


def from_transcripts(calls: Iterable[CallRecord]) -> list[CallRecord]:
    return [call for call in calls if TRANSCRIPT in call.evidence]


def agrees(ours: Totals, theirs: Json) -> bool:
    """Compare with ccusage's figures. Its costs are sums of floats; ours are exact."""
    cost = theirs.get("totalCost", theirs.get("cost"))
    tokens = [theirs[f"{name}Tokens"] for name in ("input", "output", "cacheCreation", "cacheRead")]
    return [ours.input, ours.output, ours.cache_write, ours.cache_read] == tokens and abs(
        ours.usd - Decimal(repr(cost))
    ) < Decimal("1e-9")


@pytest.mark.parametrize("relative", SESSIONS, ids=lambda path: Path(path).stem)
def test_a_session_costs_what_the_oracle_says(relative: str) -> None:
    expected = SESSIONS[relative]["ccusage20"]
    calls = from_transcripts(Ledger(calls_of(shared(relative))))
    by_model = {
        model: total([call for call in calls if call.model == model], TABLE)
        for model in {call.model for call in calls}
    }

    assert agrees(total(calls, TABLE), expected["totals"])
    assert by_model.keys() == expected.get("models", {}).keys()
    for model, theirs in expected.get("models", {}).items():
        assert agrees(by_model[model], theirs), model


def test_the_prices_are_those_the_oracle_was_found_to_use() -> None:
    rates = json.loads(shared("golden/ccusage20_rates.json").read_text())["rates"]

    for model, theirs in rates.items():
        found = TABLE.find(model)
        assert found is not None
        ours = found.periods[-1].tiers[0].rates
        for name, price in theirs.items():
            assert getattr(ours, name) == Decimal(repr(price)) * 10**6, (model, name)


def test_all_103_sessions_are_there() -> None:
    assert len(SESSIONS) == 103


def test_every_call_of_the_real_sessions_is_priced() -> None:
    assert total(everything(), TABLE).unpriced == {}


def test_all_sessions_together_count_shared_calls_once() -> None:
    """699 calls stand in two sessions' files each: a fork took them along."""
    expected = oracle("split-shared/ccusage-20.0.24-session.json")["totals"]
    calls = from_transcripts(everything())

    assert len([call for call in calls if len(call.seen_in) > 1]) == 699
    assert agrees(total(calls, TABLE), expected)


def test_calls_known_from_progress_reports_alone_are_counted() -> None:
    """Deliberately more than the oracle's figures for single sessions, as its `daily` report does.

    The files of these agents are gone, but what they cost was spent.
    """
    expected = oracle("split-shared/ccusage-20.0.24-daily.json")
    reported_only = [call for call in everything() if TRANSCRIPT not in call.evidence]

    assert len(reported_only) == 107
    assert len({call.session_id for call in reported_only}) == 7
    assert all(call.agent_id for call in reported_only)
    assert agrees(total(everything(), TABLE), expected["totals"])


def test_every_day_costs_what_the_oracle_says() -> None:
    expected = oracle("split-shared/ccusage-20.0.24-daily.json")["daily"]
    days: dict[str, list[CallRecord]] = {}
    for call in everything():
        day = (EPOCH + timedelta(microseconds=call.at)).date().isoformat()
        days.setdefault(day, []).append(call)

    assert days.keys() == {row["date"] for row in expected}
    for row in expected:
        assert agrees(total(days[row["date"]], TABLE), row), row["date"]


def test_what_another_recorder_wrote_down_at_commits_is_the_same() -> None:
    """Entire adds up whole main transcripts, without subagents; its calls include API errors."""
    compared = 0
    for relative, expected in SESSIONS.items():
        for entry in expected["entire"]:
            if entry["scope"] != "whole_file":
                continue
            main = [call for call in calls_of(shared(relative)) if not call.agent_id]
            ours = total(from_transcripts(Ledger(main)), TABLE)
            theirs = entry["token_usage"]
            assert (ours.input, ours.output, ours.cache_write, ours.cache_read) == (
                theirs["input_tokens"],
                theirs["output_tokens"],
                theirs["cache_creation_tokens"],
                theirs["cache_read_tokens"],
            ), relative
            compared += 1

    assert compared > 20


def test_taking_the_first_line_as_older_tools_do_would_lose_output() -> None:
    """Deliberately not ccusage 18: it stops at the first line of a message."""
    older = {path: session["ccusage18"] for path, session in SESSIONS.items()}
    compared = [path for path, figures in older.items() if figures]
    ours = {
        path: total(from_transcripts(Ledger(calls_of(shared(path)))), TABLE).output
        for path in compared
    }

    assert all(ours[path] >= older[path]["outputTokens"] for path in compared)
    assert sum(ours.values()) > sum(older[path]["outputTokens"] for path in compared)


def test_low_confidence_is_said_of_the_releases_that_recorded_too_little() -> None:
    low = {call.cli_version for call in everything() if call.confidence == "low"}
    high = {call.cli_version for call in everything() if call.confidence == "high"}

    assert low
    assert {version.split(".")[:2] == ["2", "1"] for version in low} == {True}
    assert all(11 <= int(version.split(".")[2]) <= 52 for version in low)
    assert not low & high


def test_the_synthetic_sessions_of_goccc_cost_what_its_author_calculated() -> None:
    expected = json.loads(shared("golden/goccc_expected.json").read_text())
    files = sorted(shared(expected["data_dir"]).rglob("*.jsonl"))
    mains = [path for path in files if path.parent.name != "subagents"]
    ledger = Ledger(call for main in mains for call in calls_of(main))

    assert len(files) == expected["total_files"]
    assert len(ledger) == expected["unique_requests"]
    for call in ledger:
        cost = total([call], TABLE).usd
        assert cost == Decimal(repr(expected["per_request"][call.request_id])), call.request_id
    for model, theirs in expected["models"].items():
        ours = total([call for call in ledger if call.model == model], TABLE)
        assert ours.usd == Decimal(repr(theirs["cost"]))
        assert (ours.calls, ours.input, ours.output) == (
            theirs["requests"],
            theirs["input"],
            theirs["output"],
        )
        assert (ours.cache_write_5m, ours.cache_write_1h, ours.cache_read) == (
            theirs["cache_write_5m"],
            theirs["cache_write_1h"],
            theirs["cache_read"],
        )


def cost_states(*scenarios: str) -> list[tuple[Path, Decimal]]:
    """Return main transcripts of scripted runs of Claude Code 2.1.330 and its own last cost."""
    found = []
    for scenario in scenarios:
        for main in sorted(shared(f"cli-hooks/transcripts/{scenario}").glob("*/*.jsonl")):
            states = [json.loads(text) for text in main.read_text().splitlines()]
            costs = [line["totalCostUSD"] for line in states if line.get("type") == "cost-state"]
            found.append((main, Decimal(repr(costs[-1]))))
    return found


def test_the_cost_is_the_one_claude_code_itself_states_at_the_end() -> None:
    states = cost_states("bgagent", "fail", "long", "mcp", "multi", "resume", "simple", "subagents")

    assert len(states) == 15
    for main, stated in states:
        ours = total(Ledger(calls_of(main)), TABLE)
        assert abs(ours.usd - stated) < Decimal("1e-12"), main


def test_what_a_compaction_cost_is_in_no_transcript() -> None:
    """Claude Code's own figure is higher by the summary, which it writes down nowhere else."""
    for main, stated in cost_states("compact"):
        assert total(Ledger(calls_of(main)), TABLE).usd < stated


def test_the_model_that_answered_is_priced_not_the_one_that_was_asked() -> None:
    """Deliberately not as Claude Code's `cost-state`: the API bills the model it ran."""
    ((main, stated),) = cost_states("models")
    asked = {line["requestId"]: line["requestedModel"] for line in lines(main)}
    ledger = Ledger(calls_of(main))
    as_asked = [replace(call, model=asked[call.request_id]) for call in ledger]

    assert {call.model for call in ledger} != set(asked.values())
    assert total(as_asked, TABLE).usd == stated
    assert total(ledger, TABLE).usd == Decimal("0.1085153")
