"""Waits: how long calls, agents and turns waited for a person.

A call's waits are intervals. Measured ones are taken as they are. Otherwise a permission was waited
for from when it was asked to when the call began to run, which is its end less the time Claude Code
measured for it, or to its end when it never ran. These are marked as estimated.
"""

from __future__ import annotations

from collections.abc import Iterable

from claude_mpm_monitor.analysis.wait_facts import ASKING_TOOLS, PERMISSION, QUESTION, ToolWait
from claude_mpm_monitor.model.analyzer import Json

#: Waits of the calls of one agent or turn; not shown.
TOPIC = "_waits"
#: Requests remembered of one call.
REMEMBERED = 8
_TOLD = frozenset({"asked", "elicited", "answered", "measured_waits"})


def note_asked(call: Json, kind: str, at: int) -> None:
    """Take in that a person was asked about the call."""
    _add(call, "asked" if kind == PERMISSION else "elicited", at)


def forget_asked(call: Json, kind: str, at: int) -> None:
    """It was another call that a person was asked about then."""
    name = "asked" if kind == PERMISSION else "elicited"
    call["basis"][name] = [known for known in call["basis"].get(name, []) if known != at]


def note_answered(call: Json, at: int) -> None:
    """Take in that a question asked in the midst of the call was answered."""
    _add(call, "answered", at)


def note_measured(call: Json, wait: ToolWait) -> None:
    """Take in a wait that somebody measured."""
    basis = call["basis"]
    entry = [wait.since, max(wait.since, wait.until), wait.kind]
    if entry not in basis.get("measured_waits", ()):
        known = [*basis.get("measured_waits", ()), entry]
        basis["measured_waits"] = sorted(known)[-REMEMBERED:]


def settle(call: Json) -> None:
    """Derive the waits of a call, and what is left of its duration."""
    basis, duration = call["basis"], call["duration_us"]
    if call["tool_name"] not in ASKING_TOOLS and _TOLD.isdisjoint(basis):
        call["waits"], call["waited_us"], call["busy_us"] = [], 0, duration
        return
    measured = basis.get("measured_waits", ())
    waits = [_wait(kind, since, until, False) for since, until, kind in measured]
    if not waits and call["tool_name"] in ASKING_TOOLS and call["started_at"] is not None:
        waits = [_wait(QUESTION, call["started_at"], call["ended_at"], False)]
    elif not waits:
        waits = [*_for_permission(call), *_for_answers(call)]
    call["waits"] = waits
    waited = total(closed(call))
    call["waited_us"] = waited if duration is None else min(waited, duration)
    call["busy_us"] = None if duration is None else duration - call["waited_us"]


def closed(call: Json) -> list[list[int]]:
    """Return the intervals in which the call waited, as far as they are over."""
    waits = call["waits"]
    return [[w["since"], w["until"]] for w in waits if w["until"] is not None] if waits else []


def pending(call: Json) -> Json | None:
    """Return the wait that a running call is in, None when it is in none."""
    if call["status"] != "running":
        return None
    return next((wait for wait in call["waits"] if wait["until"] is None), None)


def total(intervals: Iterable[list[int]]) -> int:
    """Return how long it is that any of the intervals covers (µs)."""
    covered = reached = 0
    for since, until in sorted(intervals):
        since = max(since, reached)
        if until > since:
            covered += until - since
            reached = until
    return covered


def _for_permission(call: Json) -> list[Json]:
    asked = call["basis"].get("asked")
    if not asked:
        return []
    return [_wait(PERMISSION, asked[0], _given_at(call, asked[0]), True)]


def _given_at(call: Json, asked: int) -> int | None:
    """When the permission was given or refused; None when that is not known to be over."""
    ended, hook = call["ended_at"], call["basis"]["ends"].get("hook")
    if hook is not None and call["measured_us"] is not None:
        return max(asked, int(hook[1]) - int(call["measured_us"]))
    return None if ended is None else max(asked, int(ended))


def _for_answers(call: Json) -> list[Json]:
    """Each question is answered by the first answer after it that answers no earlier one."""
    answers = list(call["basis"].get("answered", ()))
    waits = []
    for asked in call["basis"].get("elicited", ()):
        answered = next((at for at in answers if at >= asked), None)
        if answered is not None:
            answers.remove(answered)
        until = call["ended_at"] if answered is None else answered
        waits.append(_wait(QUESTION, asked, until, answered is None))
    return waits


def _wait(kind: str, since: int, until: int | None, estimated: bool) -> Json:
    until = None if until is None else max(since, until)
    return {"kind": kind, "since": since, "until": until, "estimated": estimated}


def _add(call: Json, name: str, at: int) -> None:
    known = call["basis"].get(name, [])
    if at not in known:
        call["basis"][name] = sorted([*known, at])[:REMEMBERED]
