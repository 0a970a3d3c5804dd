"""Days as a clock somewhere has them: where a day begins, and on which one something was."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

#: A clock: UTC, a zone, a fixed difference to UTC; None is that of this machine.
Zone = tzinfo | None
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_MICROSECONDS = 10**6


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
    return datetime.fromtimestamp(at // _MICROSECONDS, zone).date().isoformat()


def day_span(day: str, zone: Zone) -> tuple[int, int]:
    """Return when a day begins and when the next one does (microseconds since the epoch)."""
    first = date.fromisoformat(day)
    return _start(first, zone), _start(first + timedelta(days=1), zone)


def _start(day: date, zone: Zone) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int(midnight.timestamp()) * _MICROSECONDS
