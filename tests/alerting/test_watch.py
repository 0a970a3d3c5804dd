"""Conditions come and go; alerts fire once and are resolved once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.alerting import watch
from claude_mpm_monitor.alerting.watch import SECOND, Watch
from claude_mpm_monitor.model.alert import Condition


def condition(holds: bool, since: int = 0, **fields: Any) -> Condition:
    return Condition(key="k", holds=holds, since=since * SECOND, title="T", **fields)


class Clock:
    """A watch at a time in seconds; `told` is what it has said, as (state, seconds)."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.told: list[tuple[str, int]] = []

    def look(self, now: int, one: Condition) -> None:
        self._note(self.watch.look("r", [one], now * SECOND))

    def tick(self, now: int) -> None:
        self._note(self.watch.tick(now * SECOND))

    def _note(self, alerts: Any) -> None:
        self.told += [(alert.state, alert.at // SECOND) for alert in alerts]


def test_what_holds_fires_at_once_unless_it_has_to_last() -> None:
    clock = Clock()

    clock.look(5, condition(True, since=5))

    assert clock.told == [("firing", 5)]


def test_what_has_to_last_fires_when_it_has_lasted() -> None:
    clock = Clock()

    clock.look(5, condition(True, since=5, after_seconds=30))
    clock.tick(34)
    assert clock.told == []
    clock.tick(35)
    clock.tick(36)

    assert clock.told == [("firing", 35)]


def test_what_ends_before_it_has_lasted_never_fires() -> None:
    clock = Clock()

    clock.look(5, condition(True, since=5, after_seconds=30))
    clock.look(20, condition(False))
    clock.tick(100)

    assert clock.told == []


def test_what_began_long_ago_fires_when_it_is_first_seen() -> None:
    clock = Clock()

    clock.look(100, condition(True, since=5, after_seconds=30))

    assert clock.told == [("firing", 100)]


def test_what_no_longer_holds_is_resolved() -> None:
    clock = Clock()

    clock.look(5, condition(True, since=5))
    clock.look(9, condition(False))
    clock.look(10, condition(False))

    assert clock.told == [("firing", 5), ("resolved", 9)]


def test_what_comes_and_goes_is_one_alert() -> None:
    clock = Clock()

    clock.look(5, condition(True, since=5, calm_seconds=60))
    for now in range(10, 50, 10):
        clock.look(now, condition(False, calm_seconds=60))
        clock.look(now + 5, condition(True, since=now + 5, calm_seconds=60))
    clock.look(55, condition(False, calm_seconds=60))
    clock.tick(114)
    assert clock.told == [("firing", 5)]
    clock.tick(115)

    assert clock.told == [("firing", 5), ("resolved", 115)]


def test_an_alert_of_before_is_resolved_and_not_fired_again() -> None:
    first = Watch()
    (fired,) = first.look("r", [condition(True, since=5)], 5 * SECOND)
    clock = Clock()
    clock.watch.resume(fired)

    clock.look(8, condition(True, since=5))
    clock.tick(9)
    clock.look(10, condition(False))

    assert clock.told == [("resolved", 10)]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=40),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_firing_and_resolved_take_turns(
    steps: list[tuple[bool, int]], after: int, calm: int
) -> None:
    clock, now = Clock(), 0
    for holds, pause in steps:
        now += pause
        one = condition(holds, since=now, after_seconds=after, calm_seconds=calm)
        clock.look(now, one)
        clock.tick(now)

    states = [state for state, _ in clock.told]
    assert states == ["firing", "resolved"] * (len(states) // 2) + ["firing"] * (len(states) % 2)
    assert [at for _, at in clock.told] == sorted(at for _, at in clock.told)


def test_what_begins_anew_is_resolved_and_pending_again() -> None:
    clock = Clock()

    clock.look(0, condition(True, since=0, after_seconds=30))
    clock.tick(30)
    clock.look(40, condition(True, since=40, after_seconds=30))
    clock.tick(69)
    assert clock.told == [("firing", 30), ("resolved", 40)]
    clock.tick(70)

    assert clock.told == [("firing", 30), ("resolved", 40), ("firing", 70)]


def test_what_never_ends_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "WATCHED", 3)
    watched, told = Watch(), []
    for number in range(10):
        one = Condition(key=f"k-{number}", holds=True, since=0, title="T")
        told += [(alert.key, alert.state) for alert in watched.look("r", [one], SECOND)]

    assert len(watched._watched) == 3
    assert [key for key, state in told if state == "resolved"] == [f"k-{n}" for n in range(7)]
