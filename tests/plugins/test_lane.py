"""A lane runs calls one after another; one that hangs costs itself, not those around it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from claude_mpm_monitor.plugins.lane import Behind, Hung, Lane


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Hold calls up until it is set."""
    event = threading.Event()
    yield event
    event.set()


def test_a_call_returns_and_raises_what_its_function_does() -> None:
    lane = Lane("a")

    assert lane.call(divmod, 7, 2, seconds=5) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        lane.call(divmod, 7, 0, seconds=5)


def test_after_a_call_that_hangs_others_go_to_another_thread(gate: threading.Event) -> None:
    lane = Lane("a")

    with pytest.raises(Hung, match="did not return"):
        lane.call(gate.wait, seconds=0.05)

    assert lane.call(threading.current_thread, seconds=5) is not None


def test_one_that_waited_behind_another_did_not_hang(gate: threading.Event) -> None:
    lane = Lane("a")
    busy = threading.Event()
    lane.submit(lambda: busy.set() or gate.wait(), done=lambda _: None)
    assert busy.wait(5)

    with pytest.raises(Behind, match="other calls"):
        lane.call(int, seconds=0.05)

    gate.set()
    assert lane.call(int, seconds=5) == 0


def test_waiting_to_begin_does_not_count_against_a_call(gate: threading.Event) -> None:
    lane = Lane("a")
    lane.submit(gate.wait, done=lambda _: None)
    ended = threading.Event()
    left: list[float] = []
    job = lane.submit(lambda: left.append(job.time_left(60)), done=lambda _: ended.set())
    while job.time_left(60) > 59.9:
        pass

    gate.set()

    assert ended.wait(5)
    assert left[0] > 59.9


def test_those_that_wait_behind_one_that_hangs_are_told_at_once(gate: threading.Event) -> None:
    lane = Lane("a")
    told: list[BaseException | None] = []
    heard = threading.Event()
    hanging = lane.submit(gate.wait, done=lambda _: None)
    lane.submit(int, done=lambda outcome: (told.append(outcome[1]), heard.set()))
    while hanging.thread is None:
        pass
    assert hanging.give_up(0)

    assert isinstance(lane.late(hanging, 0), Hung)

    assert heard.wait(5)
    assert isinstance(told[0], Behind)


def test_two_that_give_up_leave_one_thread(gate: threading.Event) -> None:
    lane = Lane("a")
    hanging = lane.submit(gate.wait, done=lambda _: None)
    while hanging.thread is None:
        pass
    assert hanging.give_up(0)
    lane.late(hanging, 0)
    healthy = lane.call(threading.current_thread, seconds=5)

    lane.late(hanging, 0)

    assert lane.call(threading.current_thread, seconds=5) is healthy
