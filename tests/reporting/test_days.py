"""Days go by the clock of whoever asks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.model.event import LATEST_AT
from claude_mpm_monitor.reporting.days import day_at, day_span, same_day, zone_of

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


#: Clocks that are changed, some of them by half an hour, in Ramadan, or across the line of dates.
ZONES = (
    *("", "local", "Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham", "+05:45", "-09:30"),
)


@given(
    st.sampled_from(ZONES),
    st.one_of(st.integers(0, LATEST_AT), st.integers(MIDNIGHT, MIDNIGHT + 10**14)),
)
def test_sqlite_adds_up_what_is_on_one_day(name: str, at: int) -> None:
    zone = zone_of(name)
    with closing(sqlite3.connect(":memory:")) as connection:
        row = connection.execute(f"SELECT {same_day(zone)} FROM (SELECT ? AS at)", (at,))
        named = row.fetchone()[0]

    assert day_at(named, zone) == day_at(at, zone)


@pytest.mark.parametrize("name", ZONES)
def test_the_first_and_the_last_day_there_are_have_a_span(name: str) -> None:
    zone = zone_of(name)

    assert day_span("0001-01-01", zone) == (0, 0)
    assert day_span("9999-12-31", zone)[1] == LATEST_AT + 1
    assert day_span("9999-12-30", zone)[1] == day_span("9999-12-31", zone)[0]


def test_the_last_hours_there_are_have_a_day_everywhere() -> None:
    for name in ZONES:
        assert day_at(LATEST_AT, zone_of(name)).startswith("9999-12-3")


@pytest.mark.parametrize("name", ZONES)
def test_sqlite_adds_up_few_parts_of_a_day(name: str) -> None:
    zone, quarter = zone_of(name), HOUR // 4
    times = range(MIDNIGHT, MIDNIGHT + 366 * 24 * HOUR, quarter)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE moments (at INTEGER)")
        connection.executemany("INSERT INTO moments VALUES (?)", [(at,) for at in times])
        named = connection.execute(f"SELECT DISTINCT {same_day(zone)} FROM moments").fetchall()

    days = {day_at(at, zone) for at in times}
    assert {day_at(at, zone) for (at,) in named} == days
    assert len(named) <= len(days) + 4  # a day on which the clock is changed has two


@pytest.mark.parametrize(
    "name", ["Mars", "+25:00", "+02:61", "../etc/passwd", "/etc/passwd", " ", "\0"]
)
def test_what_is_no_zone_is_said(name: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        zone_of(name)
