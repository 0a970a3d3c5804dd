"""A bench for analyzers: what they make of events, and whether they keep to their contract."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import msgspec

from claude_mpm_monitor.model.analyzer import Analyzer, Json
from claude_mpm_monitor.model.event import Event


class MemoryDocuments:
    """Documents in memory, kept as text like those of a store. One thread at a time.

    `known` are documents of other analyzers, by topic and key.
    """

    def __init__(self, known: dict[str, dict[str, Json]] | None = None) -> None:
        self.topics: tuple[str, ...] = ()
        self._texts = {
            (topic, key): msgspec.json.encode(value)
            for topic, values in (known or {}).items()
            for key, value in values.items()
        }

    def get(self, topic: str, key: str) -> Json | None:
        """Return the document, or None."""
        text = self._texts.get((topic, key))
        return None if text is None else msgspec.json.decode(text)

    def put(
        self,
        topic: str,
        key: str,
        value: Json,
        *,
        session_id: str = "",
        agent_id: str = "",
        event: Event | None = None,
    ) -> None:
        """Keep the document."""
        assert topic in self.topics, f"{topic!r} is none of the analyzer's topics {self.topics}"
        assert isinstance(value, dict), f"{topic} {key}: a dictionary was expected, not {value!r}"
        self._texts[topic, key] = msgspec.json.encode(value)

    def all(self, topic: str) -> dict[str, Json]:
        """Return every document of a topic, by its key."""
        return {k: msgspec.json.decode(text) for (t, k), text in self._texts.items() if t == topic}


def apply_events(
    analyzer: Analyzer, events: Iterable[Event], known: dict[str, dict[str, Json]] | None = None
) -> MemoryDocuments:
    """Run events through the analyzer, as a monitor does; return the documents."""
    documents = MemoryDocuments(known)
    _run(analyzer, events, documents, settle_each=True)
    return documents


def check_analyzer(
    analyzer: Analyzer, events: Iterable[Event], known: dict[str, dict[str, Json]] | None = None
) -> MemoryDocuments:
    """Run events through copies of the analyzer and return the documents.

    Raises AssertionError when they depend on how often the analyzer was asked to settle, or on
    whether the monitor was restarted in between: history and live must agree.
    """
    told = list(events)
    documents = apply_events(copy.deepcopy(analyzer), told, known)
    at_once, restarted = MemoryDocuments(known), MemoryDocuments(known)
    _run(copy.deepcopy(analyzer), told, at_once, settle_each=False)
    for event in told:
        _run(copy.deepcopy(analyzer), [event], restarted, settle_each=True)
    for topic in analyzer.topics:
        live = documents.all(topic)
        assert at_once.all(topic) == live, f"{topic}: a rebuild gives other documents than live"
        assert restarted.all(topic) == live, f"{topic}: {analyzer.name} forgets over a restart"
    return documents


def _run(
    analyzer: Analyzer, events: Iterable[Event], documents: MemoryDocuments, *, settle_each: bool
) -> None:
    documents.topics = tuple(analyzer.topics)
    kinds: Any = getattr(analyzer, "kinds", None)
    settle: Any = getattr(analyzer, "settle", lambda documents: None)
    for event in events:
        if kinds is None or event.kind in kinds:
            analyzer.apply(event, documents)
            if settle_each:
                settle(documents)
    settle(documents)
