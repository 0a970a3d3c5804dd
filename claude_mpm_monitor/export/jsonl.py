"""Events as JSON lines: everything about each, its payload included."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from claude_mpm_monitor.model.exporter import Recording


class JsonLines:
    """One event a line, as ``/api/v1/events?payload=1`` answers them, oldest first."""

    name = "jsonl"
    suffix = ".jsonl"
    media_type = "application/x-ndjson"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        for event in recording.events():
            out.write(msgspec.json.encode({**event.head(), "payload": event.data()}))
            out.write(b"\n")
