"""Who follows the log gives way to deliveries."""

from __future__ import annotations

import threading
import time

import pytest

from claude_mpm_monitor.pipeline.right_of_way import (
    KEPT_UP,
    LOOK_SECONDS,
    MOST_SECONDS,
    RightOfWay,
)

LONG = 3_600.0


def test_nobody_waits_for_nothing() -> None:
    RightOfWay().give(LONG)


def test_once_nothing_comes_any_more_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    way = RightOfWay()
    way.begin()
    way.end(1)
    later = time.monotonic() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)

    way.give(LONG)


def test_who_works_beside_deliveries_waits_in_proportion_to_its_work() -> None:
    way = RightOfWay()
    way.begin()
    started = time.monotonic()
    way.give(0.01)
    assert time.monotonic() - started >= 0.03


@pytest.mark.parametrize(("worked", "times"), [(0.01, 9), (10.0, MOST_SECONDS / 10)])
def test_what_cannot_keep_up_waits_the_longer_the_more_come_within_bounds(
    monkeypatch: pytest.MonkeyPatch, worked: float, times: float
) -> None:
    way = RightOfWay()
    started, slept = time.monotonic(), [0.0]

    def pass_by(seconds: float) -> None:
        """Three times as many come as can be kept up with."""
        slept.append(seconds)
        for _ in range(round(3 * KEPT_UP * seconds)):
            way.begin()
            way.end(1)

    monkeypatch.setattr(time, "sleep", pass_by)
    monkeypatch.setattr(time, "monotonic", lambda: started + sum(slept))
    pass_by(LOOK_SECONDS)
    way.begin()

    way.give(worked)

    assert sum(slept) - LOOK_SECONDS == pytest.approx(worked * times, rel=0.2)


def test_who_waits_goes_on_when_the_stream_ends() -> None:
    way = RightOfWay()
    way.begin()
    follower = threading.Thread(target=way.give, args=(LONG,), daemon=True)
    follower.start()
    assert follower.is_alive()

    way.end(1)
    follower.join(10)

    assert not follower.is_alive()
