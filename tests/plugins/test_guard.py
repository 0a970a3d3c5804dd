"""What a plugin raises costs that plugin."""

from __future__ import annotations

import logging
import logging.handlers
import re

import pytest

from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins.guard import BREAKER, Guard, PluginState


@pytest.fixture
def guard() -> Guard:
    return Guard(PluginState(name="p"), new_logger(logging.getLogger("claude_mpm_monitor.tests")))


def fail(guard: Guard) -> None:
    with guard.running("work"):
        raise ValueError("no good")


def test_a_failure_is_counted_and_kept_in_words(guard: Guard) -> None:
    fail(guard)

    assert guard.state.failures == 1
    assert re.fullmatch(
        r"work: ValueError: no good \(plugins/test_guard\.py, line \d+\)", guard.state.error
    )
    assert guard.state.state == "active"


def test_ten_failures_in_a_row_trip_it_and_a_success_in_between_does_not(guard: Guard) -> None:
    for _ in range(BREAKER - 1):
        fail(guard)
    with guard.running("work"):
        pass
    for _ in range(BREAKER - 1):
        fail(guard)
    assert not guard.tripped

    fail(guard)

    assert guard.tripped
    assert guard.state.state == "quarantined"


def test_a_block_that_began_before_the_quarantine_does_not_end_it(guard: Guard) -> None:
    with guard.running("work"):
        for _ in range(BREAKER):
            fail(guard)

    assert guard.tripped


def test_the_log_hears_of_the_first_failures_only() -> None:
    logger = logging.Logger("of this test")
    heard = logging.handlers.BufferingHandler(1_000)
    logger.addHandler(heard)
    guard = Guard(PluginState(name="p"), new_logger(logger))
    for _ in range(BREAKER * 3):
        fail(guard)
        with guard.running("work"):
            pass

    assert len(heard.buffer) == BREAKER


def test_a_wish_to_end_the_program_is_respected(guard: Guard) -> None:
    def interrupt() -> None:
        with guard.running("work"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_time_spent_is_added_up(guard: Guard) -> None:
    with guard.running("work"):
        sum(range(1_000))

    assert guard.state.seconds > 0
