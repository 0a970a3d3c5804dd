"""Stopping on a signal, at whatever moment it comes."""

from __future__ import annotations

import signal

from claude_mpm_monitor.cli import foreground


def test_a_signal_that_comes_while_the_event_is_locked_still_stops() -> None:
    with foreground.interruptible() as stop:
        with stop._cond:  # type: ignore[attr-defined]  # as it is for a moment within `wait`
            signal.raise_signal(signal.SIGTERM)

        assert stop.wait(10)
