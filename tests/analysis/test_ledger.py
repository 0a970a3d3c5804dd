"""Calls are counted once, whatever the order in which files tell of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.analysis.api_calls import (
    CallRecord,
    from_document,
    merge,
    to_document,
)
from claude_mpm_monitor.analysis.ledger import Ledger, total
from claude_mpm_monitor.pricing.cost import cost_of
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.pricing.usage import Usage

TABLE = PriceTable.builtin()

FEW = st.integers(min_value=0, max_value=3)
RECORDS = st.builds(
    lambda usage, **fields: CallRecord(usage=usage, line_total=usage.total, **fields),
    st.builds(Usage, input=FEW, output=FEW, cache_read=FEW, web_searches=FEW),
    message_id=st.sampled_from(["m1", "m2", "m3"]),
    at=FEW,
    request_id=st.sampled_from(["", "r1", "r2"]),
    session_id=st.sampled_from(["s1", "s2"]),
    agent_id=st.sampled_from(["", "a1"]),
    model=st.sampled_from(["claude-opus-5", "unheard-of"]),
    sidechain=st.booleans(),
    copied=st.booleans(),
    stop_reason=st.sampled_from(["", "end_turn"]),
    seen_in=st.sampled_from([("s1",), ("s2",)]),
    evidence=st.sampled_from([("transcript",), ("agent_progress",)]),
    events=st.sampled_from([("e1",), ("e2",), ("e3",)]),
)


def call(message_id: str = "m1", output: int = 1, **fields: Any) -> CallRecord:
    usage = fields.pop("usage", Usage(input=10, output=output))
    return CallRecord(
        **(
            {
                "message_id": message_id,
                "at": 100,
                "usage": usage,
                "line_total": usage.total,
                "session_id": "s1",
                "seen_in": ("s1",),
                "model": "claude-opus-5",
                "evidence": ("transcript",),
            }
            | fields
        )
    )


def contents(calls: Ledger) -> list[CallRecord]:
    return sorted(calls, key=lambda record: record.message_id)


@given(st.lists(RECORDS, max_size=8), st.randoms())
def test_order_and_repetition_change_nothing(records: list[CallRecord], random: Any) -> None:
    again = records + records[: len(records) // 2]
    random.shuffle(again)

    assert contents(Ledger(records)) == contents(Ledger(again))


@given(st.lists(RECORDS, min_size=3, max_size=3))
def test_merging_is_associative_and_commutative(records: list[CallRecord]) -> None:
    a, b, c = (msgspec.structs.replace(record, message_id="m") for record in records)

    assert merge(merge(a, b), c) == merge(a, merge(b, c))
    assert merge(a, b) == merge(b, a)
    assert merge(a, a) == a
    assert merge(merge(a, b), b) == merge(a, b)


@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_a_record_survives_its_document(records: list[CallRecord]) -> None:
    """So an analyzer can go on merging where it was, one line at a time."""
    kept: CallRecord | None = None
    for record in records:
        same = msgspec.structs.replace(record, message_id="m")
        merged = merge(kept, same)
        value = to_document(merged, cost_of(merged.usage, merged.model, merged.at, TABLE))
        kept = from_document(msgspec.json.decode(msgspec.json.encode(value)))
        assert kept == merged


def test_the_lines_of_one_answer_are_one_call_with_the_largest_output() -> None:
    ledger = Ledger([call(output=1), call(output=900), call(output=1)])

    assert [record.usage.output for record in ledger] == [900]


def test_a_side_question_leaves_the_call_with_the_conversation_it_repeats() -> None:
    question = call(sidechain=True, agent_id="btw", request_id="req_new", output=5)
    (record,) = Ledger([question, call(request_id="req_1", output=4)])

    assert (record.agent_id, record.request_id, record.usage.output) == ("", "req_1", 5)


def test_a_fork_shares_its_calls_with_the_session_it_came_from() -> None:
    fork = call(session_id="s2", seen_in=("s2",), copied=True)
    ledger = Ledger([fork, call(), call("m2", session_id="s2", seen_in=("s2",))])

    assert len(ledger) == 2
    assert [record.session_id for record in contents(ledger)] == ["s1", "s2"]
    assert len(list(ledger.of_session("s1"))) == 1
    assert len(list(ledger.of_session("s2"))) == 2


def test_an_agents_own_file_tells_more_than_a_progress_report() -> None:
    report = call(evidence=("agent_progress",), output=9_000, at=50)
    (record,) = Ledger([report, call(sidechain=True, agent_id="a1", output=800)])

    assert record.agent_id == "a1"
    assert record.evidence == ("agent_progress", "transcript")
    assert (record.usage.output, record.at) == (9_000, 50)


def test_snapshots_of_one_request_with_ids_of_their_own_are_one_call() -> None:
    snapshots = [call(f"m{n}", output=n, request_id="r1") for n in (1, 2, 3)]
    others = [
        call("m4", request_id="r1", usage=Usage(input=11)),
        call("m1/0", request_id="r1"),
        call("m5", request_id=""),
    ]

    ledger = Ledger([*snapshots, *others])

    assert sorted(record.message_id for record in ledger) == ["m1/0", "m3", "m4", "m5"]


def test_a_line_that_says_nothing_new_is_told_from_one_that_does() -> None:
    ledger = Ledger()

    assert ledger.add(call(output=1)) is not None
    assert ledger.add(call(output=1)) is None
    grown = ledger.add(call(output=2))
    assert grown is not None
    assert grown.usage.output == 2


def test_totals_keep_apart_what_has_no_price() -> None:
    sums = total(
        [
            call("m1", usage=Usage(input=1_000_000)),
            call("m2", model="unheard-of"),
            call("m3", model="unheard-of", cli_version="2.1.30"),
        ],
        TABLE,
    )

    assert sums.usd == Decimal(5)
    assert sums.unpriced == {"no price is known for the model 'unheard-of'": 2}
    assert (sums.calls, sums.low_confidence) == (3, 1)


def test_the_cache_hit_ratio_is_of_all_prompt_tokens() -> None:
    sums = total(
        [call(usage=Usage(input=1, cache_write_5m=2, cache_write_1h=1, cache_read=12))], TABLE
    )

    assert sums.cache_hit_ratio == pytest.approx(0.75)
    assert total([], TABLE).cache_hit_ratio is None


def test_a_document_says_what_the_call_cost_or_why_that_is_not_known() -> None:
    priced = call(usage=Usage(input=1_000))
    unheard = call(model="unheard-of")

    known = to_document(priced, cost_of(priced.usage, priced.model, priced.at, TABLE))
    unknown = to_document(unheard, cost_of(unheard.usage, unheard.model, unheard.at, TABLE))

    assert known["cost"]["total"] == known["cost"]["input"] == 5_000_000_000
    assert known["cost"]["price"]["model"] == "claude-opus-5"
    assert known["unpriced"] == ""
    assert unknown["cost"] is None
    assert "unheard-of" in unknown["unpriced"]
    assert known["confidence"] == "high"
