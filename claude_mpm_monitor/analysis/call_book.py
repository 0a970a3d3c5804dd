"""CallBook: every API call once, in documents, so that the next line finds what earlier ones said.

A call's document stands under the smallest of its message ids. Snapshots of one request that have
ids of their own leave documents that only say where: `{"same_as": id}`. The notes `_api_request`
lead from a request to its call, `_api_call_of` from a session to the calls it shares with others.
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
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.pricing.cost import Cost, Unpriced, cost_of
from claude_mpm_monitor.pricing.table import PriceTable

REQUESTS = "_api_request"
SHARED = "_api_call_of"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the book says of one call. `turns` are its turns by session, for all of `seen_in`."""

    call: CallRecord
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
        # The document shows the turn it belongs to; the record only what a line said of it.
        call = from_document({**value, "prompt_id": value["stated_prompt_id"]})
        return Entry(
            call=call,
            cost=_cost_in(value),
            message_ids=tuple(value["message_ids"]),
            turns=value["turns"],
        )

    def take_in(self, line: CallRecord, documents: Documents) -> tuple[list[Entry], Entry]:
        """Return what was known of the call a line tells of, and what is known now.

        More than one entry was known when the line shows that they are one call.
        """
        known = self._known(line, documents)
        merged = line
        for entry in known:
            merged = merge(entry.call, merged)
        ids = {line.message_id, *(name for entry in known for name in entry.message_ids)}
        if len(known) == 1 and merged == known[0].call and ids == {*known[0].message_ids}:
            return known, known[0]
        return known, Entry(
            call=merged, cost=self._price(merged, known), message_ids=tuple(sorted(ids))
        )

    def keep(self, entry: Entry, documents: Documents) -> None:
        """Store the call's document and the notes that lead to it."""
        call = entry.call
        value = to_document(call, entry.cost)
        value["stated_prompt_id"] = call.prompt_id
        value["prompt_id"] = entry.turns.get(call.session_id, call.prompt_id)
        value["prompt_tokens"] = call.usage.prompt
        value["message_ids"] = entry.message_ids
        value["turns"] = entry.turns
        value["same_as"] = ""
        place = {"session_id": call.session_id, "agent_id": call.agent_id}
        documents.put(TOPIC, entry.key, value, **place)
        for other in entry.message_ids[1:]:
            documents.put(TOPIC, other, {"message_id": other, "same_as": entry.key}, **place)
        if len(call.seen_in) > 1:
            for session_id in call.seen_in:
                note = {"call": entry.key}
                documents.put(SHARED, f"{session_id}/{entry.key}", note, session_id=session_id)

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
            if found is not None and name in identities_of(found.call):
                continue  # the usual case: a further line of the same answer
            note = documents.get(REQUESTS, name)
            if note is None:
                documents.put(REQUESTS, name, {"call": line.message_id})
                continue
            other = self.find(note["call"], documents)
            if other is not None:
                entries[other.key] = other
        return [entries[key] for key in sorted(entries)]


def _cost_in(value: Json) -> Cost | Unpriced:
    """Return the cost that a document holds: other prices would have dropped it."""
    if value["cost"] is None:
        return Unpriced(model=value["model"], reason=value["unpriced"])
    return msgspec.convert(value["cost"], Cost)
