"""Every exception the monitor raises on purpose. Each message is written for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class MonitorError(Exception):
    """Something the monitor cannot do; the message says what, where and what to do."""


class ConfigError(MonitorError):
    """A setting has a value that cannot be used."""


class DecodeError(MonitorError):
    """A delivery could not be understood; it is kept as a dead letter with this reason."""


class PartlyUnderstood(DecodeError):
    """Of a delivery with many records, `lost` could not be understood; `events` are the others.

    The events are stored, and the delivery is kept as a dead letter beside them.
    """

    def __init__(self, reason: str, events: Sequence[Any], lost: int) -> None:
        super().__init__(f"{lost} records cannot be read: {reason}")
        self.events = events
        self.lost = lost


class PortInUse(MonitorError):
    """No port could be bound for the dashboard."""


class StoreError(MonitorError):
    """The event store cannot be opened or written."""


class StoreBusy(StoreError):
    """A question takes the store too long to answer; a narrower one may do."""


class PluginError(MonitorError):
    """A plugin handed over something that does not fit its contract."""
