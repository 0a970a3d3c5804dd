"""UsageAnalyzer: the built-in analyzer of tokens and money.

It keeps every API call once, and what calls come to. Lines of transcripts and records of telemetry
tell of the same calls: `CallBook` settles what they repeat. Beside the calls stand those that
failed, and what Claude Code itself says that a session cost.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import msgspec

from claude_mpm_monitor.analysis import (
    api_errors,
    call_turns,
    compactions,
    cost_states,
    metrics,
    rollups,
    told_calls,
)
from claude_mpm_monitor.analysis.api_calls import TOPIC as CALL
from claude_mpm_monitor.analysis.api_calls import CallRecord
from claude_mpm_monitor.analysis.call_book import REQUESTS, SHARED, CallBook, Entry
from claude_mpm_monitor.analysis.call_lines import calls_in
from claude_mpm_monitor.analysis.prompts import prompt_of, turn_id
from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.table import PriceTable

#: Raised when what is derived from the same events and prices changes.
OWN_VERSION = 3


class UsageAnalyzer:
    """API calls, their cost and their sums. Consumer thread only."""

    name = "monitor.usage"
    topics: tuple[str, ...] = (
        CALL,
        rollups.TOPIC,
        compactions.TOPIC,
        REQUESTS,
        SHARED,
        api_errors.TOPIC,
        metrics.TOPIC,
        metrics.SERIES,
        call_turns.PROMPTS,
        call_turns.CALLS,
    )

    def __init__(self, prices: PriceTable) -> None:
        self._book = CallBook(prices)
        self._changed = rollups.Changed()
        #: Other prices are another version: everything is worked out again from the log.
        self.version = _version(prices)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of events it needs to see."""
        return frozenset(_HANDLERS)

    def apply(self, event: Event, documents: Documents) -> None:
        """Bring calls and sums up to date with what the event tells."""
        handler = _HANDLERS.get(event.kind)
        if handler is not None:
            handler(self, event, documents)

    def _note_lines(self, event: Event, documents: Documents) -> None:
        data = event.data()
        for call in calls_in(
            data,
            session_id=event.session_id,
            agent_id=event.agent_id,
            at=event.at,
            event=event.event_id,
            prompt_id=event.prompt_id,
        ):
            self._take_in(call, documents)
        if data.get("isApiErrorMessage"):
            self._note_error(event, documents)

    def settle(self, documents: Documents) -> None:
        """Bring the sums up to date: lines that follow one another mostly tell of one call."""
        self._changed.count(documents)

    def _take_in(self, line: CallRecord, documents: Documents) -> None:
        before, entry = self._book.take_in(line, documents)
        if [entry] != before:
            self._replace(before, entry, documents)
            self._settle([*before, entry], documents)

    def _hear(self, event: Event, documents: Documents) -> None:
        told = told_calls.told_in(event)
        if told is None:
            self._note_error(event, documents)
            return
        for before, entry in self._book.hear(told, documents):
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
        self._changed.note(before, entry)
        self._book.keep(entry, documents)

    def _note_prompt(self, event: Event, documents: Documents) -> None:
        prompt = prompt_of(event)
        if prompt is None:
            return
        turn = turn_id(event, prompt)
        moved = call_turns.note_prompt(event.session_id, turn, event.at, documents)
        for key in moved:
            entry = self._book.find(key, documents)
            if entry is not None:
                self._replace([entry], entry, documents)

    def _note_system(self, event: Event, documents: Documents) -> None:
        if compactions.note(event, documents):
            session = rollups.session_document(event.session_id, documents)
            session["compactions"] += 1
            rollups.save(("session", event.session_id), session, documents)
        self._note_error(event, documents)

    def _note_error(self, event: Event, documents: Documents) -> None:
        if api_errors.note(event, documents):
            session = rollups.session_document(event.session_id, documents)
            session["api_errors"] += 1
            rollups.save(("session", event.session_id), session, documents)

    def _note_statement(self, event: Event, documents: Documents) -> None:
        stated = cost_states.stated_in(event.data(), event.event_id)
        if stated is not None:
            session = rollups.session_document(event.session_id, documents)
            session["stated"] = cost_states.later(session["stated"], stated)
            rollups.save(("session", event.session_id), session, documents)

    def _note_metric(self, event: Event, documents: Documents) -> None:
        value = metrics.note(event, documents)
        if value is not None and event.kind == metrics.COST:
            session = rollups.session_document(event.session_id, documents)
            session["metered"] = cost_states.metered(value["cost"])
            rollups.save(("session", event.session_id), session, documents)


_HANDLERS: dict[str, Callable[[UsageAnalyzer, Event, Documents], None]] = {
    "transcript.assistant": UsageAnalyzer._note_lines,
    "transcript.progress": UsageAnalyzer._note_lines,
    "transcript.user": UsageAnalyzer._note_prompt,
    "transcript.system": UsageAnalyzer._note_system,
    cost_states.KIND: UsageAnalyzer._note_statement,
    **dict.fromkeys(told_calls.KINDS, UsageAnalyzer._hear),
    **dict.fromkeys(metrics.KINDS, UsageAnalyzer._note_metric),
    **dict.fromkeys(api_errors.KINDS, UsageAnalyzer._note_error),
}


def _version(prices: PriceTable) -> int:
    text = f"{OWN_VERSION} {prices.fingerprint}"
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big")
