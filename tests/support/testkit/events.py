"""Events as a decoder would have built them."""

from __future__ import annotations

from itertools import count
from typing import Any

from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.model.event import Event

START = 1_700_000_000_000_000
_numbers = count(1)


def new_event(kind: str = "Notification", **fields: Any) -> Event:
    """An event unlike any other, but for what is given."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "event_id": fact_id("", kind, str(number)),
        "session_id": "s-1",
        "at": START + number,
        "source": "api",
        "payload": b"{}",
        **fields,
    }
    return Event(kind=kind, **values)
