"""Who follows the log gives way to deliveries."""

from __future__ import annotations

import threading
import time

import pytest

from claude_mpm_monitor.pipeline.right_of_way import KEPT_UP, LOOK_SECONDS, RightOfWay

LONG = 3_600.0


def test_nobody_waits_for_nothing() -> None:
    RightOfWay().give(LONG)


def test_once_nothing_comes_any_more_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    way = RightOfWay()
    with way:
        pass
    later = time.monotonic() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    way.give(LONG)


def test_who_works_beside_deliveries_waits_in_proportion_to_its_work() -> None:
    way = RightOfWay()
    with way:
        started = time.monotonic()
        way.give(0.01)
    assert time.monotonic() - started >= 0.03


def test_what_cannot_keep_up_waits_the_longer_the_more_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    way = RightOfWay()
    started = time.monotonic()
    for _ in range(round(KEPT_UP * LOOK_SECONDS * 3)):
        way.begin()
        way.end()
    way.begin()
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: started + LOOK_SECONDS + sum(slept))

    way.give(0.01)

    assert sum(slept) == pytest.approx(0.09, rel=0.2)


def test_who_waits_goes_on_when_the_stream_ends() -> None:
    way = RightOfWay()
    way.begin()
    follower = threading.Thread(target=way.give, args=(LONG,), daemon=True)
    follower.start()
    assert follower.is_alive()

    way.end()
    follower.join(10)

    assert not follower.is_alive()
