"""UsageAnalyzer: the built-in analyzer of tokens and money.

It keeps every API call once, and what calls come to. Lines of transcripts and records of telemetry
tell of the same calls: `CallBook` settles what they repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import msgspec

from claude_mpm_monitor.analysis import call_turns, compactions, cost_states, rollups, told_calls
from claude_mpm_monitor.analysis.api_calls import TOPIC as CALL
from claude_mpm_monitor.analysis.api_calls import CallRecord
from claude_mpm_monitor.analysis.call_book import REQUESTS, SHARED, CallBook, Entry
from claude_mpm_monitor.analysis.call_lines import calls_in
from claude_mpm_monitor.analysis.turns import prompt_of, turn_id
from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.table import PriceTable

#: Raised when what is derived from the same events and prices changes.
OWN_VERSION = 2


class UsageAnalyzer:
    """API calls, their cost and their sums. Consumer thread only."""

    name = "monitor.usage"
    topics: tuple[str, ...] = (
        CALL,
        rollups.TOPIC,
        compactions.TOPIC,
        REQUESTS,
        SHARED,
        call_turns.PROMPTS,
        call_turns.CALLS,
    )

    def __init__(self, prices: PriceTable) -> None:
        self._book = CallBook(prices)
        #: Other prices are another version: everything is worked out again from the log.
        self.version = _version(prices)

    def apply(self, event: Event, documents: Documents) -> None:
        """Bring calls and sums up to date with what the event tells."""
        reader = _READERS.get(event.kind)
        if reader is not None:
            for call in reader(event):
                self._take_in(call, documents)
        elif event.kind in told_calls.KINDS:
            self._hear(event, documents)
        elif event.kind == "transcript.user":
            self._note_prompt(event, documents)
        elif event.kind == "transcript.system":
            self._note_compaction(event, documents)
        elif event.kind == cost_states.KIND:
            self._note_statement(event, documents)

    def _take_in(self, line: CallRecord, documents: Documents) -> None:
        before, entry = self._book.take_in(line, documents)
        if [entry] != before:
            self._replace(before, entry, documents)
            self._settle([*before, entry], documents)

    def _hear(self, event: Event, documents: Documents) -> None:
        told = told_calls.told_in(event)
        for before, entry in [] if told is None else self._book.hear(told, documents):
            self._replace(before, entry, documents)
            self._settle([entry], documents)

    def _settle(self, entries: list[Entry], documents: Documents) -> None:
        """See to the requests that telemetry told of, now that calls of theirs have changed."""
        requests = {entry.told.request_id for entry in entries if entry.told is not None}
        for request_id in sorted(requests):
            alone = self._book.settle(request_id, documents)
            if alone is not None:
                self._replace([], alone, documents)

    def _replace(self, before: list[Entry], entry: Entry, documents: Documents) -> None:
        turns = call_turns.turns_of(entry.call, documents)
        entry = msgspec.structs.replace(entry, turns=turns)
        for known in before:
            if known.key != entry.key or known.turns != turns:
                call_turns.forget_call(known.key, known.turns, documents)
        call_turns.note_call(entry.key, entry.call, turns, documents)
        rollups.count(before, entry, documents)
        self._book.keep(entry, documents)

    def _note_prompt(self, event: Event, documents: Documents) -> None:
        if prompt_of(event) is None:
            return
        moved = call_turns.note_prompt(event.session_id, turn_id(event), event.at, documents)
        for key in moved:
            entry = self._book.find(key, documents)
            if entry is not None:
                self._replace([entry], entry, documents)

    def _note_compaction(self, event: Event, documents: Documents) -> None:
        if compactions.note(event, documents):
            session = rollups.session_document(event.session_id, documents)
            session["compactions"] += 1
            rollups.save(("session", event.session_id), session, documents)

    def _note_statement(self, event: Event, documents: Documents) -> None:
        stated = cost_states.stated_in(event.data(), event.event_id)
        if stated is not None:
            session = rollups.session_document(event.session_id, documents)
            session["stated"] = cost_states.later(session["stated"], stated)
            rollups.save(("session", event.session_id), session, documents)


def _in_transcript(event: Event) -> list[CallRecord]:
    return calls_in(
        event.data(),
        session_id=event.session_id,
        agent_id=event.agent_id,
        at=event.at,
        event=event.event_id,
        prompt_id=event.prompt_id,
    )


_READERS: dict[str, Callable[[Event], list[CallRecord]]] = {
    "transcript.assistant": _in_transcript,
    "transcript.progress": _in_transcript,
}


def _version(prices: PriceTable) -> int:
    text = f"{OWN_VERSION} {prices.fingerprint}"
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")
