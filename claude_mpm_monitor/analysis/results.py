"""ResultAnalyzer: the latest answer of each report to each question, of those that were kept."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event

#: The kind of the events that keep an answer. They belong to no session: an answer is no sign of
#: life of one.
KIND = "monitor.analysis"
TOPIC = "analysis_result"


class _Kept(msgspec.Struct, kw_only=True):
    name: str
    title: str
    plugin: str
    question: dict[str, str]
    at: int
    sections: list[dict[str, Any]]


class ResultAnalyzer:
    """One document for each report and question. Consumer thread only."""

    name = "monitor.results"
    version = 1
    topics: tuple[str, ...] = (TOPIC,)
    kinds = frozenset({KIND})

    def apply(self, event: Event, documents: Documents) -> None:
        """Take in an answer."""
        try:
            kept = msgspec.convert(event.data(), _Kept)
        except msgspec.ValidationError:
            return  # somebody else's event of that name
        key = "/".join((kept.name, *(kept.question[part] for part in sorted(kept.question))))
        known = documents.get(TOPIC, key)
        if known is None or known["at"] <= kept.at:
            session_id = kept.question.get("session", "")
            documents.put(TOPIC, key, msgspec.to_builtins(kept), session_id=session_id)
