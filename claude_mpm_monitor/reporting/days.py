"""Days as a clock somewhere has them: where a day begins, and on which one something was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from claude_mpm_monitor.model.event import LATEST_AT
from claude_mpm_monitor.storage.request_sums import QUARTER_US

#: A clock: UTC, a zone, a fixed difference to UTC; None is that of this machine.
Zone = tzinfo | None
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_MICROSECONDS = 10**6
_EPOCH_YEAR = 1970
_DAY = 24 * 3600 * _MICROSECONDS
#: When somebody may have used Claude Code: from 2024 on, before 2040 (µs since the epoch).
_FIRST, _LAST = 1_704_067_200 * _MICROSECONDS, 2_208_988_800 * _MICROSECONDS


@lru_cache(maxsize=64)
def zone_of(name: str) -> Zone:
    """Return the zone of a name: "Europe/Vienna", "+02:00", "local" or "" (UTC).

    Raises ValueError with a sentence when there is none.
    """
    if name in ("", "UTC", "Z"):
        return UTC
    if name == "local":
        return None
    # In the query of an address a plus sign stands for a space.
    found = _OFFSET.fullmatch("+" + name[1:] if name[0] == " " else name)
    if found and int(found[2]) < 24 and found[3] in ("00", "15", "30", "45"):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return timezone(-offset if found[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is no time zone: a name like Europe/Vienna or a difference like +02:00"
        ) from None


def day_at(at: int, zone: Zone) -> str:
    """Return the date of a time (microseconds since the epoch) by that clock."""
    try:
        return datetime.fromtimestamp(at // _MICROSECONDS, zone).date().isoformat()
    except (OverflowError, ValueError):
        return date.max.isoformat()  # in the last hours there are, east of UTC


def same_day(zone: Zone) -> str:
    """Return SQL for a time (µs) on the day of the column `at` by that clock, mostly one for each
    day.

    So SQLite can add up by days; to add up quarters of an hour here takes twice as long.
    """
    noons = [
        f"WHEN at < {until} THEN (at + {offset}) / {_DAY} * {_DAY} + {_DAY // 2 - offset}"
        for until, offset in _offsets(zone)
    ]
    quarter = f"at / {QUARTER_US} * {QUARTER_US}"
    return f"CASE WHEN at < {_FIRST} THEN {quarter} {' '.join(noons)} ELSE {quarter} END"


def _offsets(zone: Zone) -> Iterator[tuple[int, int]]:
    """Yield until when (µs) the clock differs from UTC by how much (µs)."""
    known = _offset(_FIRST, zone)
    for week in range(_FIRST, _LAST, 7 * _DAY):
        low, high = week, week + 7 * _DAY
        following = _offset(high, zone)
        if following == known:
            continue
        while high - low > QUARTER_US:
            middle = (low + high) // 2 // QUARTER_US * QUARTER_US
            low, high = (middle, high) if _offset(middle, zone) == known else (low, middle)
        yield high, known
        known = following
    yield _LAST, known


def _offset(at: int, zone: Zone) -> int:
    differs = datetime.fromtimestamp(at // _MICROSECONDS, UTC).astimezone(zone).utcoffset()
    assert differs is not None, "an aware time has one"
    return differs // timedelta(microseconds=1)


def day_span(day: str, zone: Zone) -> tuple[int, int]:
    """Return when a day begins and when the next one does (microseconds since the epoch)."""
    first = date.fromisoformat(day)
    if first == date.max:
        return _start(first, zone), LATEST_AT + 1
    return _start(first, zone), _start(first + timedelta(days=1), zone)


def _start(day: date, zone: Zone) -> int:
    if day.year < _EPOCH_YEAR:
        return 0  # nothing was before, and of some days then nobody can say when they began
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int(midnight.timestamp()) * _MICROSECONDS
