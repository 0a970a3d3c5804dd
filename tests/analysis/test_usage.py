"""Calls and their sums are the same documents whatever the order in which lines are told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.usage import (
    START,
    TABLE,
    Documents,
    answer,
    applied,
    event,
    heard,
    prompt,
    telemetry,
)

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.analysis.api_calls import from_document
from claude_mpm_monitor.analysis.call_lines import calls_in
from claude_mpm_monitor.analysis.ledger import Ledger, total
from claude_mpm_monitor.analysis.rollups import day_of
from claude_mpm_monitor.analysis.usage import UsageAnalyzer
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.overrides import parse_overrides
from claude_mpm_monitor.pricing.table import PriceTable

Json = dict[str, Any]
HOUR = 3_600_000_000
DAY = 24 * HOUR

FEW = st.integers(min_value=0, max_value=3)
PLACES = st.fixed_dictionaries(
    {
        "session_id": st.sampled_from(["s1", "s2"]),
        "at": st.sampled_from([START, START + HOUR, START + 2 * HOUR, START + 2 * DAY]),
        "agent_id": st.sampled_from(["", "a1"]),
    }
)
ANSWERS = st.builds(
    answer,
    st.sampled_from(["m1", "m2", "m3"]),
    usage=st.fixed_dictionaries(
        {"input_tokens": FEW, "output_tokens": FEW, "cache_read_input_tokens": FEW}
    ),
    model=st.sampled_from(["claude-opus-5", "claude-haiku-4-5", "unheard-of"]),
    requestId=st.sampled_from([None, "r1", "r2"]),
    isSidechain=st.booleans(),
    requestSessionId=st.sampled_from([None, "s1"]),
    version=st.sampled_from(["2.1.30", "2.1.330"]),
)
OTHERS = st.sampled_from(
    [
        prompt("p1"),
        prompt("p2"),
        {"type": "system", "subtype": "compact_boundary", "uuid": "c1"},
        {"type": "cost-state", "totalCostUSD": 0.5, "modelUsage": {"claude-opus-5": {}}},
        {"type": "cost-state", "totalCostUSD": 0.75, "modelUsage": {}},
    ]
)
LINES = st.builds(lambda line, place: event(line, **place), ANSWERS | OTHERS, PLACES)
TOLD = st.builds(
    telemetry,
    st.sampled_from(["log.api_request", "span.llm_request"]),
    st.sampled_from(["r1", "r2", "r3"]),
    input_tokens=FEW,
    output_tokens=FEW,
    cache_read_tokens=FEW,
    duration_ms=FEW,
    query_source=st.sampled_from(["sdk", "compact"]),
    success=st.sampled_from([True, True, False]),
)
EVENTS = LINES | st.builds(lambda line, place: heard(line, **place), TOLD, PLACES)
SHOWN = ("api_call", "usage", "compaction", "api_error")


@given(st.lists(EVENTS, max_size=12), st.randoms())
def test_order_and_repetition_of_lines_change_no_document(events: list[Event], random: Any) -> None:
    again = events + events[: len(events) // 2]
    random.shuffle(again)

    first, second = applied(events), applied(again)

    for topic in SHOWN:
        assert first.of(topic) == second.of(topic)


@given(st.lists(LINES, max_size=12))
def test_the_calls_are_those_of_the_ledger(events: list[Event]) -> None:
    lines = [
        call
        for each in events
        for call in calls_in(
            each.data(),
            session_id=each.session_id,
            agent_id=each.agent_id,
            at=each.at,
            event=each.event_id,
        )
    ]
    documents = applied(events).of("api_call").values()
    calls = [value for value in documents if not value["same_as"]]

    ours = [from_document({**value, "prompt_id": value["stated_prompt_id"]}) for value in calls]

    def by_id(call: Any) -> str:
        return str(call.message_id)

    assert sorted(ours, key=by_id) == sorted(Ledger(lines), key=by_id)


@given(st.lists(EVENTS, max_size=12))
def test_every_sum_is_that_of_its_calls(events: list[Event]) -> None:
    documents = applied(events)
    calls = [value for value in documents.of("api_call").values() if not value["same_as"]]
    expected: dict[str, Json] = {}
    for call in calls:
        keys = [f"day_model/{day_of(call['at'])}/{call['model']}"]
        for session_id in call["seen_in"]:
            keys.append(f"session/{session_id}")
            keys.append(f"agent/{session_id}/{call['agent_id']}")
            keys.append(f"turn/{session_id}/{call['turns'][session_id]}")
        for key in keys:
            sums.merge(expected.setdefault(key, sums.empty()), sums.of_call(call))

    found = documents.of("usage")

    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert {name: found[key][name] for name in value} == value, key


@given(st.lists(EVENTS, max_size=12))
def test_a_request_is_a_call_of_its_own_only_if_no_transcript_has_it(events: list[Event]) -> None:
    said = [event.data()["attributes"] for event in events if event.kind.startswith("otel.")]
    told = {attributes["request_id"] for attributes in said if attributes["success"]}
    documents = applied(events).of("api_call")
    calls = [value for value in documents.values() if not value["same_as"]]

    for request_id in told:
        own = [call for call in calls if call["request_id"] == request_id]
        alone = [call for call in own if call["evidence"] == ["telemetry"]]
        assert len(alone) == (len(own) == len(alone))
        assert all(call["telemetry"]["request_id"] == request_id for call in own)
        key = f"request/{request_id}"
        assert documents[documents[key]["same_as"] or key] in own


def test_a_call_belongs_to_the_last_prompt_before_it_even_if_that_is_heard_of_later() -> None:
    first, second = event(prompt("p1")), event(prompt("p2"), at=START + 2)
    call = event(answer(), at=START + 3)

    documents = applied([first, call, second])

    assert documents.of("api_call")["m1"]["prompt_id"] == "p2"
    assert [key for key in documents.of("usage") if key.startswith("turn/")] == ["turn/s1/p2"]


def test_what_an_agent_spends_belongs_to_the_turn_going_on() -> None:
    documents = applied([event(prompt("p1")), event(answer(), at=START + 3, agent_id="a1")])

    usage = documents.of("usage")
    assert usage["turn/s1/p1"]["calls"] == usage["agent/s1/a1"]["calls"] == 1
    assert "agent/s1/" not in usage


def test_a_fork_shares_its_calls_and_days_count_them_once() -> None:
    original = event(answer())
    copy = event(answer(requestSessionId="s1"), session_id="s2")

    usage = applied([copy, original]).of("usage")

    assert usage["session/s1"]["calls"] == usage["session/s2"]["calls"] == 1
    assert usage[f"day_model/{day_of(START)}/claude-opus-5"]["calls"] == 1


def test_snapshots_with_ids_of_their_own_lead_to_the_one_call() -> None:
    lines = [
        answer(name, requestId="r1", usage={"output_tokens": n}) for n, name in enumerate("ba")
    ]

    calls = applied(map(event, lines)).of("api_call")

    assert calls["a"]["message_ids"] == ["a", "b"]
    assert calls["a"]["usage"]["output"] == 1
    assert calls["b"] == {"message_id": "b", "same_as": "a"}


def test_without_a_price_a_call_costs_nothing_known_and_says_so() -> None:
    usage = applied([event(answer(model="unheard-of")), event(answer("m2"))]).of("usage")

    session = usage["session/s1"]
    assert (session["calls"], session["unpriced"]) == (2, 1)
    assert session["unpriced_models"] == {"unheard-of": 1}
    assert session["models"]["unheard-of"]["unpriced"] == 1
    assert (
        session["cost"]["total"]
        == usage[f"day_model/{day_of(START)}/claude-opus-5"]["cost"]["total"]
        > 0
    )


def test_other_prices_are_another_version_and_give_other_costs() -> None:
    dear = {"claude-opus-5": {"input": 1_000, "output": 0, "cache_read": 0}}
    prices = TABLE.with_models(parse_overrides({"models": dear}))

    assert UsageAnalyzer(TABLE).version == UsageAnalyzer(PriceTable.builtin()).version
    assert UsageAnalyzer(prices).version != UsageAnalyzer(TABLE).version
    session = applied([event(answer())], prices).of("usage")["session/s1"]
    assert session["cost"]["total"] == 10 * 10**9
    assert UsageAnalyzer(prices).version < 2**63


STATE = {"type": "cost-state", "totalCostUSD": 0.000175, "modelUsage": {"claude-opus-5": {}}}


def reconciliation(*events: Event) -> Json:
    session = applied(events).of("usage")["session/s1"]
    compared: Json = session["reconciliation"]
    return compared


def test_claude_codes_own_figure_is_kept_and_agrees() -> None:
    assert (
        total(calls_in(answer(), session_id="s1", agent_id="", at=START), TABLE).cost == 175_000_000
    )
    assert reconciliation(event(answer()), event(STATE)) == {
        "stated": 175_000_000,
        "difference": 0,
        "reasons": [],
        "explained": True,
    }


@pytest.mark.parametrize(
    ("others", "stated", "reason"),
    [
        ([{"type": "system", "subtype": "compact_boundary"}], 0.5, "compactions"),
        ([answer("m2", model="unheard-of")], 0.5, "without a known price"),
        ([answer("m2", version="2.1.30")], 0.5, "too little output"),
        ([answer("m2", model="claude-haiku-4-5")], 0.5, "the model asked for"),
        ([answer("m2")], 0.0001, "after Claude Code last wrote"),
    ],
)
def test_a_difference_to_claude_codes_own_figure_has_its_known_reasons(
    others: list[Json], stated: float, reason: str
) -> None:
    compared = reconciliation(
        event(answer()), *map(event, others), event(STATE | {"totalCostUSD": stated})
    )

    assert compared["explained"]
    assert any(reason in known for known in compared["reasons"])


def test_a_difference_without_a_known_reason_is_unexplained() -> None:
    compared = reconciliation(event(answer()), event(STATE | {"totalCostUSD": 0.5}))

    assert (compared["explained"], compared["reasons"]) == (False, [])
    assert compared["difference"] == 5 * 10**11 - 175_000_000


@pytest.mark.parametrize("stated", [None, "1", True, -1, float("nan"), float("inf")])
def test_a_figure_that_is_none_is_not_kept(stated: object) -> None:
    line = STATE | {"totalCostUSD": stated}

    assert applied([event(answer()), event(line)]).of("usage")["session/s1"]["stated"] is None


LINES = [
    event(prompt("p1")),
    event(answer("m1", requestId="r1", usage={"output_tokens": 1})),
    event(answer("m1", requestId="r1", usage={"output_tokens": 9})),
    event(answer("m2", model="unheard-of")),
    heard(telemetry("log.api_request", "r1")),
    heard(telemetry("log.api_request", "r9")),
]


@given(st.permutations(LINES), st.sets(st.integers(0, len(LINES) - 1)))
def test_it_does_not_matter_when_sums_are_brought_up_to_date(
    order: list[Event], settled_after: set[int]
) -> None:
    documents, analyzer = Documents(), UsageAnalyzer(TABLE)
    for number, each in enumerate(order):
        analyzer.apply(each, documents)
        if number in settled_after:
            analyzer.settle(documents)
    analyzer.settle(documents)

    assert documents.of("usage") == applied(LINES).of("usage")
