"""CallBook: every API call once, in documents, so that the next line finds what earlier ones said.

A call's document stands under the smallest of its message ids. Snapshots of one request that have
ids of their own leave documents that only say where: `{"same_as": id}`. So does a request that
telemetry told of before a transcript did. The notes `_api_request` have what is known of a request,
its calls and what telemetry told; `_api_call_of` lead from a session to the calls it shares.
"""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.analysis.api_calls import (
    TOPIC,
    CallRecord,
    from_document,
    identities_of,
    merge,
    to_document,
)
from claude_mpm_monitor.analysis.told_calls import Told, as_call, join, merge_told
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.pricing.cost import Cost, Unpriced, cost_of
from claude_mpm_monitor.pricing.table import PriceTable

REQUESTS = "_api_request"
SHARED = "_api_call_of"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the book says of one call. `turns` are its turns by session, for all of `seen_in`.

    `call` is what counts: `recorded`, what transcripts say of it, joined with what was `told` of
    its request. One of the two may be None.
    """

    call: CallRecord
    recorded: CallRecord | None
    told: Told | None
    cost: Cost | Unpriced
    message_ids: tuple[str, ...]
    turns: dict[str, str] = {}

    @property
    def key(self) -> str:
        """The key of the call's document."""
        return self.message_ids[0]


class CallBook:
    """Reads and writes calls. Consumer thread only."""

    def __init__(self, prices: PriceTable) -> None:
        self._prices = prices

    def find(self, key: str, documents: Documents) -> Entry | None:
        """Return the call that goes by a message id, None when it is not known."""
        value = documents.get(TOPIC, key)
        if value is not None and value["same_as"]:
            value = documents.get(TOPIC, value["same_as"])
        if value is None:
            return None
        told = None if value["telemetry"] is None else msgspec.convert(value["telemetry"], Told)
        recorded = _recorded_in(value)
        return Entry(
            call=_joined(recorded, told),
            recorded=recorded,
            told=told,
            cost=_cost_in(value),
            message_ids=tuple(value["message_ids"]),
            turns=value["turns"],
        )

    def take_in(self, line: CallRecord, documents: Documents) -> tuple[list[Entry], Entry]:
        """Return what was known of the call a line tells of, and what is known now.

        More than one entry was known when the line shows that they are one call.
        """
        known = self._known(line, documents)
        merged, ids = line, {line.message_id}
        for entry in known:
            assert entry.recorded is not None, "lines lead to calls that lines told of"
            merged = merge(entry.recorded, merged)
            ids.update(entry.message_ids)
        if len(known) == 1 and merged == known[0].recorded and ids == {*known[0].message_ids}:
            return known, known[0]
        told = self._told(merged, known, documents)
        if told is not None:
            alone = self._alone(told, documents)
            known += [] if alone is None else [alone]
        return known, self._entry(merged, told, tuple(sorted(ids)), known)

    def hear(self, told: Told, documents: Documents) -> list[tuple[list[Entry], Entry]]:
        """Take in what telemetry tells of a request; return what it changes, as `take_in` does."""
        note = _note(told.request_id, documents)
        before = _told_in(note)
        told = merge_told(before, told)
        if told == before:
            return []
        note["told"] = msgspec.to_builtins(told)
        documents.put(REQUESTS, told.request_id, note)
        calls = self._calls_of(note, told.request_id, documents)
        if not calls:
            alone = self._alone(told, documents)
            known = [] if alone is None else [alone]
            return [(known, self._entry(None, told, (told.key,), known))]
        return [
            ([entry], self._entry(entry.recorded, told, entry.message_ids, [entry]))
            for entry in calls
        ]

    def settle(self, request_id: str, documents: Documents) -> Entry | None:
        """Have the request's own document lead to its call; return its call if that is none.

        To be asked after the calls of a request that telemetry told of were kept.
        """
        note = _note(request_id, documents)
        told = _told_in(note)
        assert told is not None, "settling is for what telemetry told of"
        calls = self._calls_of(note, request_id, documents)
        if not calls:
            known = self._alone(told, documents)
            return None if known else self._entry(None, told, (told.key,), [])
        call, key = calls[0].call, calls[0].key
        value = {"message_id": told.key, "same_as": key}
        place: Json = {"session_id": call.session_id, "agent_id": call.agent_id}
        documents.put(TOPIC, told.key, value, **place)
        return None

    def keep(self, entry: Entry, documents: Documents) -> None:
        """Store the call's document and the notes that lead to it."""
        call, told = entry.call, entry.told
        value = to_document(call, entry.cost)
        value["stated_prompt_id"] = call.prompt_id
        value["prompt_id"] = entry.turns.get(call.session_id, call.prompt_id)
        value["prompt_tokens"] = call.usage.prompt
        value["message_ids"] = entry.message_ids
        value["turns"] = entry.turns
        value["same_as"] = ""
        value["telemetry"] = None if told is None else msgspec.to_builtins(told)
        joined = told is not None and entry.recorded is not None
        value["recorded"] = msgspec.to_builtins(entry.recorded) if joined else None
        place: Json = {"session_id": call.session_id, "agent_id": call.agent_id}
        documents.put(TOPIC, entry.key, value, **place)
        for other in entry.message_ids[1:]:
            documents.put(TOPIC, other, {"message_id": other, "same_as": entry.key}, **place)
        if len(call.seen_in) > 1:
            for session_id in call.seen_in:
                note = {"call": entry.key}
                documents.put(SHARED, f"{session_id}/{entry.key}", note, session_id=session_id)

    def _entry(
        self,
        recorded: CallRecord | None,
        told: Told | None,
        message_ids: tuple[str, ...],
        known: list[Entry],
    ) -> Entry:
        call = _joined(recorded, told)
        cost = self._price(call, known)
        return Entry(call=call, recorded=recorded, told=told, cost=cost, message_ids=message_ids)

    def _price(self, call: CallRecord, known: list[Entry]) -> Cost | Unpriced:
        for entry in known:
            other = entry.call
            if (other.at, other.model) == (call.at, call.model) and other.usage == call.usage:
                return entry.cost
        return cost_of(call.usage, call.model, call.at, self._prices)

    def _known(self, line: CallRecord, documents: Documents) -> list[Entry]:
        found = self.find(line.message_id, documents)
        entries = {} if found is None else {found.key: found}
        for name in list(identities_of(line))[1:]:
            if found is not None and found.recorded and name in identities_of(found.recorded):
                continue  # the usual case: a further line of the same answer
            note = _note(line.request_id, documents)
            call = note["calls"].get(name)
            if call is None:
                note["calls"][name] = line.message_id
                documents.put(REQUESTS, line.request_id, note)
                continue
            other = self.find(call, documents)
            if other is not None:
                entries[other.key] = other
        return [entries[key] for key in sorted(entries)]

    def _told(self, call: CallRecord, known: list[Entry], documents: Documents) -> Told | None:
        """Return what was told of the request that a call of the transcripts goes back to."""
        if not call.request_id or call.apart:
            return None
        for entry in known:
            if entry.recorded is not None and entry.recorded.request_id == call.request_id:
                return entry.told
        return _told_in(_note(call.request_id, documents))

    def _alone(self, told: Told, documents: Documents) -> Entry | None:
        """Return the request's entry when it stands for a call that no transcript has."""
        value = documents.get(TOPIC, told.key)
        return None if value is None or value["same_as"] else self.find(told.key, documents)

    def _calls_of(self, note: Json, request_id: str, documents: Documents) -> list[Entry]:
        """Return the calls of the transcripts that go back to a request, mostly one, in order."""
        found = {}
        for message_id in note["calls"].values():
            entry = self.find(message_id, documents)
            if entry is None or entry.recorded is None or entry.recorded.apart:
                continue
            if entry.recorded.request_id == request_id:
                found[entry.key] = entry
        return [found[key] for key in sorted(found)]


def _note(request_id: str, documents: Documents) -> Json:
    return documents.get(REQUESTS, request_id) or {"calls": {}, "told": None}


def _told_in(note: Json) -> Told | None:
    return None if note["told"] is None else msgspec.convert(note["told"], Told)


def _joined(recorded: CallRecord | None, told: Told | None) -> CallRecord:
    if recorded is None:
        assert told is not None, "a call is known from somewhere"
        return as_call(told)
    return recorded if told is None else join(recorded, told)


def _recorded_in(value: Json) -> CallRecord | None:
    """Return what transcripts say of the call that a document is of."""
    if value["telemetry"] is not None:
        return value["recorded"] and from_document(value["recorded"])
    # The document shows the turn it belongs to; the record only what a line said of it.
    return from_document({**value, "prompt_id": value["stated_prompt_id"]})


def _cost_in(value: Json) -> Cost | Unpriced:
    """Return the cost that a document holds: other prices would have dropped it."""
    if value["cost"] is None:
        return Unpriced(model=value["model"], reason=value["unpriced"])
    return msgspec.convert(value["cost"], Cost)
