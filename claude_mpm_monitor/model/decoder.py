"""What a decoder is: it turns one delivery into events."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from claude_mpm_monitor.model.event import Event, Raw


@runtime_checkable
class Decoder(Protocol):
    """Understands one dialect. Called on the writer thread, so it must be quick."""

    dialect: str

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, or raise DecodeError with a reason for a person.

        Raise PartlyUnderstood when only some of them can be read.
        """
