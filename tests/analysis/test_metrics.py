"""What Claude Code meters is added up once, and held against our own figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.usage import answer, applied, event, heard, telemetry

from claude_mpm_monitor.model.event import Event

Json = dict[str, Any]
DELTA, CUMULATIVE = 1, 2
#: What `answer()` costs, in USD.
COST = 0.000175


def metric(name: str, value: Any, temporality: int = DELTA, start: int = 1, **said: Any) -> Event:
    shape = {"value": value, "temporality": temporality, "started_at": start}
    return heard({"type": f"metric.{name}", **shape, "attributes": said, "resource": {}})


def cost(usd: float, **changes: Any) -> Event:
    return metric("cost.usage", usd, model="claude-opus-5", **changes)


def metered(*events: Event) -> Json:
    return applied(events).of("metrics")["s1"]


def session(*events: Event) -> Json:
    return applied(events).of("usage")["session/s1"]


def test_changes_are_added_up_by_what_they_are_of() -> None:
    value = metered(
        metric("token.usage", 12, type="input"),
        metric("token.usage", 30, type="cacheRead"),
        metric("token.usage", 4, type="input", model="claude-haiku-5"),
        metric("active_time.total", 1.5, type="user"),
        metric("lines_of_code.count", 3, type="added"),
        metric("code_edit_tool.decision", 1, decision="reject"),
        metric("commit.count", 1),
        cost(0.25),
    )

    assert value["tokens"] == {"input": 16, "cacheRead": 30}
    assert value["active_us"] == {"user": 1_500_000}
    assert (value["lines"], value["edit_decisions"]) == ({"added": 3}, {"reject": 1})
    assert (value["commits"], value["cost"]) == ({"count": 1}, {"claude-opus-5": 25 * 10**10})


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), min_size=1), st.randoms())
def test_of_running_sums_the_largest_of_each_start_counts(
    sums: list[tuple[int, int]], random: Any
) -> None:
    again = sums + sums[:2]
    random.shuffle(again)
    value = metered(*(cost(usd, temporality=CUMULATIVE, start=start) for start, usd in again))

    largest = dict(sorted(sums))
    assert value["cost"]["claude-opus-5"] == sum(largest.values()) * 10**12


def test_running_sums_of_different_series_are_added() -> None:
    fields = {"temporality": CUMULATIVE}
    value = metered(
        metric("token.usage", 5, type="input", model="a", **fields),
        metric("token.usage", 7, type="input", model="b", **fields),
    )

    assert value["tokens"] == {"input": 12}


@pytest.mark.parametrize("value", [None, "1", True, -1, float("nan"), float("inf"), {}])
def test_a_value_that_is_none_is_not_added(value: object) -> None:
    for name in ("cost.usage", "token.usage", "active_time.total"):
        assert applied([metric(name, value)]).of("metrics") == {}


def test_what_is_metered_agrees_with_the_calls() -> None:
    told = heard(telemetry("log.api_request"))
    metering = session(event(answer(requestId="r1")), told, cost(COST))["metering"]

    assert (metering["difference"], metering["explained"]) == (0, True)


@pytest.mark.parametrize(
    ("events", "usd", "reason"),
    [
        ([event(answer("m2"))], COST, "telemetry was not on for all calls"),
        ([heard(telemetry("log.api_request", "r2"))], COST / 2, "after the last report"),
        ([event(answer("m2", model="unheard-of"))], 0.5, "without a known price"),
    ],
)
def test_a_difference_to_what_is_metered_has_its_known_reasons(
    events: list[Event], usd: float, reason: str
) -> None:
    metering = session(heard(telemetry("log.api_request")), *events, cost(usd))["metering"]

    assert metering["explained"]
    assert any(reason in known for known in metering["reasons"])
    assert session(*events, cost(usd))["reconciliation"] is None
