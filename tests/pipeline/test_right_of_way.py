"""Who follows the log gives way to deliveries."""

from __future__ import annotations

import threading
import time

from claude_mpm_monitor.pipeline.right_of_way import RightOfWay

LONG = 3_600.0


def test_nobody_waits_for_nothing() -> None:
    RightOfWay().give(LONG)


def test_who_gives_way_waits_until_the_last_delivery_is_through() -> None:
    way = RightOfWay()
    gone: list[int] = []

    def give() -> None:
        way.give(LONG)
        gone.append(way._under_way)

    follower = threading.Thread(target=give, daemon=True)
    with way:
        with way:
            follower.start()
        assert follower.is_alive()
    follower.join(10)

    assert gone == [0]


def test_it_waits_in_proportion_to_its_work_however_many_come() -> None:
    way = RightOfWay()
    with way:
        started = time.monotonic()
        way.give(0.01)

    assert time.monotonic() - started >= 0.03
