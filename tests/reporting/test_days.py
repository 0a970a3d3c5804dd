"""Days go by the clock of whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from claude_mpm_monitor.reporting.days import day_at, day_span, zone_of

HOUR = 3_600_000_000
MIDNIGHT = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()) * 10**6


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("", "2026-07-01"),
        ("UTC", "2026-07-01"),
        ("Europe/Vienna", "2026-07-01"),
        ("America/New_York", "2026-06-30"),
        ("-05:00", "2026-06-30"),
        ("+0530", "2026-07-01"),
        (" 02:00", "2026-07-01"),
    ],
)
def test_a_moment_is_on_the_day_that_the_clock_shows(name: str, day: str) -> None:
    assert day_at(MIDNIGHT, zone_of(name)) == day


def test_a_day_lasts_until_the_next_also_when_clocks_are_changed() -> None:
    vienna = zone_of("Europe/Vienna")
    lengths = [
        end - start for start, end in (day_span(d, vienna) for d in ("2026-03-29", "2026-07-01"))
    ]

    assert lengths == [23 * HOUR, 24 * HOUR]
    assert day_span("2026-07-01", vienna)[0] == MIDNIGHT - 2 * HOUR
    assert day_span("2026-07-01", UTC) == (MIDNIGHT, MIDNIGHT + 24 * HOUR)


def test_the_clock_of_this_machine_has_days_too() -> None:
    start, end = day_span("2026-07-01", zone_of("local"))

    assert day_at(start, None) == day_at(end - 1, None) == "2026-07-01"
    assert timedelta(microseconds=end - start) >= timedelta(hours=23)


@pytest.mark.parametrize(
    "name", ["Mars", "+25:00", "+02:61", "../etc/passwd", "/etc/passwd", " ", "\0"]
)
def test_what_is_no_zone_is_said(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        zone_of(name)
