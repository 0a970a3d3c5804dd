"""Rollups: the `usage` documents, what calls come to by session, agent and turn, and by day.

Sessions, agents and turns include the calls they share with a fork, as their files do. `day_model`
counts every call once, under its model. All others are added up when somebody asks: every further
document would cost every call, and which project a session has may be learnt late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.analysis.call_book import Entry
from claude_mpm_monitor.analysis.cost_states import reconcile
from claude_mpm_monitor.analysis.sums import Amounts
from claude_mpm_monitor.model.analyzer import Documents, Json

TOPIC = "usage"

#: What a rollup is by → the fields that name one.
NAMES = {
    "session": ("session_id",),
    "agent": ("session_id", "agent_id"),
    "turn": ("session_id", "prompt_id"),
    "day_model": ("day", "model"),
}
Cell = tuple[str, ...]


class Changed:
    """Calls that have changed since the sums were last brought up to date."""

    def __init__(self) -> None:
        #: Of each call by its key: what the sums have of it, and what is known now.
        self._calls: dict[str, tuple[list[Entry], Entry]] = {}

    def note(self, before: list[Entry], after: Entry) -> None:
        """Take in that what was known as `before` is now known as `after`."""
        counted: list[Entry] = []
        for entry in before:
            known = self._calls.pop(entry.key, None)
            counted += [entry] if known is None else known[0]
        again = self._calls.pop(after.key, None)
        self._calls[after.key] = (counted if again is None else counted + again[0], after)

    def count(self, documents: Documents) -> None:
        """Bring the sums from what they have to what is known now."""
        changes: dict[Cell, list[tuple[Amounts, int]]] = {}
        for before, after in self._calls.values():
            if len(before) == 1 and _same(before[0], after):
                continue  # a further line of an answer mostly says nothing that counts
            for entry in before:
                for cell, amounts in _shares(entry):
                    changes.setdefault(cell, []).append((amounts, -1))
            for cell, amounts in _shares(after):
                changes.setdefault(cell, []).append((amounts, 1))
        for cell, amounts_of_cell in changes.items():
            _change(cell, amounts_of_cell, documents)
        self._calls.clear()


def cells(entry: Entry) -> Iterator[Cell]:
    """Yield what the call counts towards: what it is by, then the names."""
    call = entry.call
    for session_id in call.seen_in:
        yield "session", session_id
        yield "agent", session_id, call.agent_id
        yield "turn", session_id, entry.turns.get(session_id, "")
    yield "day_model", day_of(call.at), call.model


def session_document(session_id: str, documents: Documents) -> Json:
    """Return the session's rollup, a new one when there is none."""
    return _load(("session", session_id), documents)


def save(cell: Cell, value: Json, documents: Documents) -> None:
    """Store a rollup; a session's with how it compares to Claude Code's own figure."""
    if cell[0] == "session":
        value["reconciliation"] = reconcile(value, "stated")
        value["metering"] = reconcile(value, "metered")
    place = {name: value[name] for name in ("session_id", "agent_id") if name in value}
    documents.put(TOPIC, "/".join(cell), value, **place)


def day_of(at: int) -> str:
    """Return the date of a time (microseconds since the epoch), UTC."""
    return datetime.fromtimestamp(at // 1_000_000, UTC).date().isoformat()


def _same(before: Entry, after: Entry) -> bool:
    """Tell whether two states of a call add the same to the same sums."""
    one, other = before.call, after.call
    return (
        one.usage == other.usage
        and before.turns == after.turns
        and one.model == other.model
        and one.evidence == other.evidence
        and one.confidence == other.confidence
        and (one.session_id, one.agent_id, one.seen_in)
        == (other.session_id, other.agent_id, other.seen_in)
        and (one.at == other.at or (day_of(one.at), before.cost) == (day_of(other.at), after.cost))
    )


def _shares(entry: Entry) -> list[tuple[Cell, Amounts]]:
    amounts = Amounts.of(entry.call, entry.cost)
    return [(cell, amounts) for cell in cells(entry)]


def _change(cell: Cell, changes: list[tuple[Amounts, int]], documents: Documents) -> None:
    value = _load(cell, documents)
    for amounts, sign in changes:
        sums.add(value, amounts, sign)
        if cell[0] == "session":
            sums.add_model(value["models"], amounts, sign)
    save(cell, value, documents)


def _load(cell: Cell, documents: Documents) -> Json:
    found = documents.get(TOPIC, "/".join(cell))
    if found is not None:
        return found
    by, *names = cell
    value: Json = {"by": by, **dict(zip(NAMES[by], names, strict=True)), **sums.empty()}
    if by == "session":
        value |= {"models": {}, "compactions": 0, "api_errors": 0}
        value |= dict.fromkeys(("stated", "reconciliation", "metered", "metering"))
    return value
