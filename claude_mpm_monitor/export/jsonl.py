"""Events as JSON lines: everything about each, its payload included."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.exporter import Recording
from claude_mpm_monitor.model.jsontext import loads


class JsonLines:
    """One event a line, as ``/api/v1/events?payload=1&noise=1`` answers them, oldest first.

    Nothing is left out: ``mpm-monitor import`` makes the same session of it elsewhere.
    """

    name = "jsonl"
    suffix = ".jsonl"
    media_type = "application/x-ndjson"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        for event in recording.events(noise=True):
            out.write(msgspec.json.encode({**event.head(), **_payload(event)}))
            out.write(b"\n")


def _payload(event: Event) -> dict[str, Any]:
    try:
        return {"payload": loads(event.payload)}
    except ValueError:
        # A plugin's decoder may store anything.
        return {"payload": {}, "payload_text": event.payload.decode(errors="replace")}
