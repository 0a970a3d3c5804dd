"""What an exporter is: it writes a recorded session in some format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol, runtime_checkable

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event


class Recording(Protocol):
    """One session as it is stored, read as it is asked for, however large it is."""

    session_id: str

    def session(self) -> Json:
        """Return the session's document."""

    def events(self, *, noise: bool = False) -> Iterator[Event]:
        """Yield the session's events with payloads, oldest first; `noise` is left out unless asked.

        Noise is what repeats what others tell, and is worked out from all the same.
        """

    def documents(self, topic: str) -> Iterator[Json]:
        """Yield the session's documents of a topic, by key."""


@runtime_checkable
class Exporter(Protocol):
    """Writes recordings. `name` is what a user asks for; `suffix` begins with a dot."""

    name: str
    suffix: str
    media_type: str

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording. Any thread; raising ends this export."""
