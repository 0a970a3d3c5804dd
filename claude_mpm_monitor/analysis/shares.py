"""Shares: what each call adds to its session, agent, turn and file.

Sums are kept by exact differences: what a call added is taken away when it is known better, so they
are the same whatever the order in which its reports came.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from claude_mpm_monitor.analysis import agents, files, turns, waits
from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.model.analyzer import Json

if TYPE_CHECKING:
    from claude_mpm_monitor.analysis.settling import Settling

_COUNTED = ("tool_calls", "errors", "denied")


class Share(msgspec.Struct, frozen=True):
    """What one call adds. `waited` are the intervals (µs) in which it waited for a person."""

    agent_id: str
    prompt_id: str
    counts: tuple[int, ...]
    touch: files.Touch | None
    waited: list[list[int]]

    @property
    def place(self) -> tuple[Any, ...]:
        """What decides which counts it adds to, and how much."""
        return self.agent_id, self.prompt_id, self.counts

    @classmethod
    def of(cls, call: Json) -> Share | None:
        """Return the share of a call; a new one and a fork's copy add nothing."""
        status = call["status"]
        if not status or call["copied"]:
            return None
        counts = (1, int(status == "error"), int(status == "denied"))
        touch, waited = files.touch_of(call), waits.closed(call)
        return cls(call["agent_id"], call["prompt_id"], counts, touch, waited)


def replace(before: Share | None, call: Json, settling: Settling) -> None:
    """Take away what the call added `before`, and add what it adds now."""
    after = Share.of(call)
    files.note_last(call, settling.draft)
    if before == after:
        return
    if before is None or after is None or before.place != after.place:
        for owner, deltas in _differences(before, after).items():
            _add(owner, deltas, settling)
    taken = before.touch if before is not None else None
    given = after.touch if after is not None else None
    if taken != given:
        settling.session["files"] += files.change(taken, given, settling.draft)
    if (before and before.waited) or (after and after.waited):
        _replace_waits(call["tool_use_id"], before, after, settling)


Owner = tuple[str, str]


def _owners(share: Share) -> tuple[Owner, ...]:
    owners = (("session", ""), (agents.TOPIC, share.agent_id))
    return (*owners, (turns.TOPIC, share.prompt_id)) if share.prompt_id else owners


def _differences(before: Share | None, after: Share | None) -> dict[Owner, list[int]]:
    if before is None:
        return {owner: list(after.counts) for owner in _owners(after)} if after else {}
    changed = {owner: [-count for count in before.counts] for owner in _owners(before)}
    for owner in _owners(after) if after else ():
        known = changed.get(owner, (0, 0, 0))
        counts = after.counts if after else known
        changed[owner] = [one + other for one, other in zip(known, counts, strict=True)]
    return {owner: deltas for owner, deltas in changed.items() if any(deltas)}


def _add(owner: Owner, deltas: list[int], settling: Settling) -> None:
    topic, name = owner
    if topic == "session":
        value = settling.session
    else:
        value = settling.shown_agent(name) if topic == agents.TOPIC else settling.turn(name)
        settling.draft.put(topic, name, value, name if topic == agents.TOPIC else "")
    for field, delta in zip(_COUNTED, deltas, strict=True):
        value[field] += delta


def _replace_waits(
    tool_use_id: str, before: Share | None, after: Share | None, settling: Settling
) -> None:
    """Agents and turns may wait for several calls at once: what counts is when they did for any."""
    waited: dict[Owner, list[list[int]]] = {}
    for share in (before, after):
        for owner in _owners(share)[1:] if share is not None else ():
            waited[owner] = share.waited if share is not None and share is after else []
    for (topic, name), intervals in waited.items():
        total = _note_waits(f"{topic}/{name}", tool_use_id, intervals, settling.draft)
        if total is None:
            continue
        if topic == agents.TOPIC:
            settling.change_agent(name, partial(agents.note_waited, waited=total))
        else:
            settling.change_turn(name, partial(turns.note_waited, waited=total))


def _note_waits(
    owner: str, tool_use_id: str, intervals: list[list[int]], draft: Draft
) -> int | None:
    known = draft.get(waits.TOPIC, owner) or {}
    if known.get(tool_use_id, []) == intervals:
        return None
    known[tool_use_id] = intervals
    if not intervals:
        del known[tool_use_id]
    draft.put(waits.TOPIC, owner, known)
    return waits.total(one for call in known.values() for one in call)
