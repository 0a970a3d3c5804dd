"""Matching the host's poorer reports with Claude Code's own."""

from __future__ import annotations

from testkit.events import START, new_event

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline.likeness import EACH, REMEMBERED, WINDOW_US, Likeness


def likeness() -> Likeness:
    return Likeness(lambda event: event.summary or None)


def rich(at: int = 0, about: str = "make") -> Event:
    return new_event(at=START + at, source="http_hook", summary=about)


def poor(at: int = 0, about: str = "make", source: str = "hook") -> Event:
    return new_event(at=START + at, source=source, summary=about)


def test_a_rich_event_answers_for_one_poor_report_of_each_source() -> None:
    known = likeness()
    known.replaced_by(rich())

    assert known.repeats(poor())
    assert not known.repeats(poor())
    assert known.repeats(poor(source="fast_hook"))


def test_a_report_of_something_else_is_no_repetition() -> None:
    known = likeness()
    known.replaced_by(rich())

    assert not known.repeats(poor(about="make clean"))
    assert not known.repeats(poor(about=""))


def test_a_report_much_later_or_much_earlier_is_about_another_fact() -> None:
    known = likeness()
    known.replaced_by(rich())

    assert not known.repeats(poor(at=WINDOW_US + 1))
    assert not known.repeats(poor(at=-WINDOW_US - 1))


def test_a_poor_report_that_came_first_is_replaced() -> None:
    known = likeness()
    known.keep_poor(poor(), 7)
    known.keep_poor(poor(source="fast_hook"), 8)
    known.keep_poor(poor(), 9)

    assert known.replaced_by(rich()) == [7, 8]
    assert known.replaced_by(rich()) == [9]
    assert known.replaced_by(rich()) == []


def test_nothing_is_replaced_by_a_number_that_was_rolled_back() -> None:
    known = likeness()
    known.keep_poor(poor(), 7)

    known.forget()

    assert known.replaced_by(rich()) == []


def test_memory_is_bounded_for_one_busy_key() -> None:
    known = likeness()
    for number in range(EACH * 3):
        known.replaced_by(rich(at=number))

    assert known._rich.size == EACH


def test_memory_forgets_what_nothing_matches_any_more() -> None:
    known = likeness()
    for number in range(5):
        known.keep_poor(poor(at=number * 2 * WINDOW_US), number)

    assert known._poor.size == 1


def test_memory_is_bounded_for_many_keys() -> None:
    known = likeness()
    for number in range(REMEMBERED + 50):
        known.replaced_by(rich(about=str(number)))
        known.keep_poor(poor(about=str(-number)), number)

    assert known._rich.size == REMEMBERED
    assert known._poor.size == REMEMBERED


def test_memory_is_bounded_for_many_busy_keys() -> None:
    known = likeness()
    for number in range(EACH * 40):
        known.replaced_by(rich(about=str(number // EACH), at=number))

    assert known._rich.size <= REMEMBERED


def test_nothing_is_left_of_a_poor_report_that_was_replaced() -> None:
    known = likeness()
    known.keep_poor(poor(), 7)

    assert known.replaced_by(rich()) == [7]
    assert known._poor.size == 0
    assert known.replaced_by(rich()) == []
