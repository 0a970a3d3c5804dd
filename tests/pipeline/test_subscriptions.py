"""Functions of the program that want to hear of events."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from testkit.events import new_event
from testkit.waiting import eventually

from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.subscriptions import WAITING_BATCHES, Subscriptions


@pytest.fixture
def subscriptions() -> Iterator[Subscriptions]:
    subscriptions = Subscriptions(new_logger(logging.getLogger("claude_mpm_monitor.tests")))
    yield subscriptions
    subscriptions.close(5)


def test_a_subscriber_hears_what_it_asked_for_in_order(subscriptions: Subscriptions) -> None:
    heard: list[int] = []
    subscriptions.add(lambda event: heard.append(event.seq), ["Stop"], "s")
    events = [
        new_event(kind=kind, session_id=session, seq=seq)
        for seq, (kind, session) in enumerate(
            [("Stop", "s"), ("Stop", "t"), ("Note", "s"), ("Stop", "s")], start=1
        )
    ]

    subscriptions.publish(events[:2])
    subscriptions.publish(events[2:])
    subscriptions.close(5)

    assert heard == [1, 4]


def test_one_that_raises_does_not_keep_others_from_hearing(subscriptions: Subscriptions) -> None:
    heard: list[int] = []

    def fail(event: Event) -> None:
        raise RuntimeError(event.kind)

    subscriptions.add(fail, (), "")
    subscriptions.add(lambda event: heard.append(event.seq), (), "")

    subscriptions.publish([new_event(seq=1), new_event(seq=2)])
    subscriptions.close(5)

    assert heard == [1, 2]


def test_one_that_left_hears_nothing_more(subscriptions: Subscriptions) -> None:
    heard: list[int] = []
    staying: list[int] = []
    subscription = subscriptions.add(lambda event: heard.append(event.seq), (), "")
    subscriptions.add(lambda event: staying.append(event.seq), (), "")

    subscription.close()
    subscription.close()
    subscriptions.publish([new_event(seq=1)])
    subscriptions.close(5)

    assert (heard, staying) == ([], [1])


def test_a_subscriber_may_leave_from_within(subscriptions: Subscriptions) -> None:
    heard: list[int] = []

    def once(event: Event) -> None:
        heard.append(event.seq)
        subscription.close()

    subscription = subscriptions.add(once, (), "")
    subscriptions.publish([new_event(seq=1), new_event(seq=2)])
    subscriptions.close(5)

    assert heard == [1]


def test_closing_is_bounded_though_a_subscriber_hangs_and_the_queue_is_full(
    subscriptions: Subscriptions,
) -> None:
    hanging, go_on = threading.Event(), threading.Event()

    def hang(event: Event) -> None:
        hanging.set()
        go_on.wait(20)

    subscriptions.add(hang, (), "")
    for seq in range(WAITING_BATCHES * 2):
        subscriptions.publish([new_event(seq=seq)])
    assert hanging.wait(10)

    subscriptions.close(0.01)
    go_on.set()
    eventually(lambda: "mpm-monitor-subscribers" not in {t.name for t in threading.enumerate()})


def test_closing_from_within_a_subscriber_does_not_wait_for_itself(
    subscriptions: Subscriptions,
) -> None:
    closed = threading.Event()

    def close(event: Event) -> None:
        subscriptions.close(5)
        closed.set()

    subscriptions.add(close, (), "")
    subscriptions.publish([new_event(seq=1)])

    assert closed.wait(5)
