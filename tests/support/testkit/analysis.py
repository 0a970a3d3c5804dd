"""The built-in analyzer, fed with hook payloads and transcript lines."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable
from typing import Any

from claude_mpm_monitor.analysis.spans import SpanAnalyzer
from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.storage.documents import DocumentStore
from claude_mpm_monitor.storage.migrations import steps

from .payloads import Payload, body

START = 1_700_000_000_000_000
SECOND = 1_000_000


class Told:
    """What the analyzer makes of what it is told, one event a second."""

    def __init__(self, payloads: Iterable[Payload] = ()) -> None:
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        for step in steps():
            self._connection.executescript(step)
        weakref.finalize(self, self._connection.close)
        self.documents = DocumentStore(self._connection)
        self._analyzer = SpanAnalyzer()
        self.seq = 0
        self._last: Event | None = None
        self.tell(*payloads)

    def tell(self, *payloads: Payload) -> Told:
        """Hook payloads, in order of arrival."""
        for payload in payloads:
            self._decode(HookDecoder(), "claude_hook", body(payload))
        return self

    def transcript(self, *lines: Payload) -> Told:
        """Transcript lines, as if imported now."""
        for line in lines:
            self._decode(TranscriptDecoder(), "transcript", json.dumps(line).encode())
        return self

    def call(self, use: str = "u-1", session: str = "s-1") -> dict[str, Any]:
        """One tool call's document."""
        return self._one("tool_call", f"{session}/{use}")

    def status(self, use: str = "u-1") -> str:
        """One tool call's status."""
        return str(self.call(use)["status"])

    def agent(self, agent: str) -> dict[str, Any]:
        """One agent's document."""
        return self._one("agent", f"s-1/{agent}")

    def turn(self, prompt: str = "p-1") -> dict[str, Any]:
        """One turn's document."""
        return self._one("turn", f"s-1/{prompt}")

    def session(self, session: str = "s-1") -> dict[str, Any]:
        """One session's document."""
        return self._one("session", session)

    def file(self, path: str) -> dict[str, Any]:
        """One file's document."""
        return self._one("file", f"s-1/{path}")

    def all(self, topic: str) -> dict[str, dict[str, Any]]:
        """Every document of a topic by its key."""
        self._settle()
        self.documents.flush()
        rows = self._connection.execute(
            "SELECT key, value FROM documents WHERE topic = ?", (topic,)
        )
        return {key: json.loads(value) for key, value in rows}

    def _one(self, topic: str, key: str) -> dict[str, Any]:
        self._settle()
        found = self.documents.get(topic, key)
        assert found is not None, f"there is no {topic} {key}"
        return found

    def _decode(self, decoder: Any, dialect: str, content: bytes) -> None:
        at = START + (self.seq + 1) * SECOND
        for event in decoder.decode(Raw(dialect=dialect, body=content, at=at, source="test")):
            self.seq += 1
            self.apply(event)

    def _settle(self) -> None:
        if self._last is not None:
            self.documents.begin(self._last, self._analyzer.topics)
            self._analyzer.settle(self.documents)

    def apply(self, event: Event) -> None:
        """Any event."""
        numbered = Event(**{**_fields(event), "seq": self.seq})
        self._last = numbered
        self.documents.begin(numbered, self._analyzer.topics)
        self._analyzer.apply(numbered, self.documents)
        settle = getattr(self._analyzer, "settle", None)
        if settle is not None:
            settle(self.documents)


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__struct_fields__}
