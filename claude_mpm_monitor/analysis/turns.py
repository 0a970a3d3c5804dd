"""Turns: from a prompt to the answer, or to whatever ended it.

What is reported of a turn is kept under `basis`; `settle` derives all the rest from that, from the
turn after it and from what ended the session, so the order of reports does not matter.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.endings import HINT, End, as_end, choose, fell_silent, remember
from claude_mpm_monitor.analysis.prompts import is_automatic, own_words
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import one_line

TOPIC = "turn"
PROMPT_LIMIT = 2_000
#: Prompts remembered of one turn: the first ones and the last ones.
REMEMBERED = 8

#: Worth of a report of a prompt: what a person typed, by a line or a hook; then what Claude Code
#: wrote itself; then anything that names the turn, when its prompt was not told.
_TYPED_LINE, _TYPED_HOOK, _AUTO_LINE, _AUTO_HOOK, _NAMED = 4, 3, 2, 1, 0


def new(session_id: str, prompt_id: str) -> Json:
    """Return a turn of which nothing is known yet."""
    return {
        "session_id": session_id,
        "prompt_id": prompt_id,
        "prompt": "",
        "automatic": False,
        "copied": False,
        "same_as": "",
        "status": "running",
        "error": "",
        "answer": "",
        "started_at": None,
        "ended_at": None,
        "duration_us": None,
        "waited_us": 0,
        "busy_us": None,
        "idle_us": 0,
        "tool_calls": 0,
        "errors": 0,
        "denied": 0,
        "previous_prompt_id": None,
        "next_prompt_id": None,
        "basis": {"prompts": [], "begun": 0, "ends": [], "hints": [], "lists": 0, "waited": 0},
    }


def note_prompt(turn: Json, at: int, prompt: str, *, from_line: bool) -> bool:
    """Take in a report of the turn's prompt; False when it was known."""
    if is_automatic(prompt):
        worth = _AUTO_LINE if from_line else _AUTO_HOOK
    else:
        worth = _TYPED_LINE if from_line else _TYPED_HOOK
    turn["basis"]["begun"] = max(turn["basis"]["begun"], at)
    return _add(turn, [at, worth, said_in(prompt)])


def said_in(prompt: str) -> str:
    """Return what is kept of a prompt's text, by which two reports of it are told to be of one."""
    return one_line(own_words(prompt), PROMPT_LIMIT)


def asks(turn: Json, prompt: str) -> bool:
    """Tell whether the prompt is one that was reported of the turn."""
    said = said_in(prompt)
    return any(entry[2] == said for entry in turn["basis"]["prompts"] if entry[1] != _NAMED)


def note_named(turn: Json, at: int) -> bool:
    """Take in that something names the turn; False when that changes nothing."""
    known = next((entry for entry in turn["basis"]["prompts"] if entry[0] <= at), None)
    return known is None and _add(turn, [at, _NAMED, ""])


def _add(turn: Json, entry: list[Any]) -> bool:
    known = turn["basis"]["prompts"]
    if entry in known:
        return False
    prompts = sorted([*known, entry])
    if len(prompts) > 2 * REMEMBERED:
        prompts = prompts[:REMEMBERED] + prompts[-REMEMBERED:]
    turn["basis"]["prompts"] = prompts
    return True


def note_act(turn: Json, at: int) -> None:
    """Take in that the main agent worked on the turn."""
    turn["basis"]["begun"] = max(turn["basis"]["begun"], at)


def note_waited(turn: Json, waited: int) -> None:
    """Take in how long calls of the turn waited for a person (µs)."""
    turn["basis"]["waited"] = waited


def note_end(turn: Json, end: End) -> None:
    """Take in a report of the turn's end, or a hint of it."""
    name = "hints" if end.worth == HINT else "ends"
    turn["basis"][name] = remember(turn["basis"][name], end)


def take_unstated_ends(turn: Json, since: int) -> list[End]:
    """Take out and return the reports from then on that do not name a turn."""
    moved = []
    for name in ("ends", "hints"):
        for value in list(turn["basis"][name]):
            end = as_end(value)
            if not end.stated and end.at >= since:
                moved.append(end)
                turn["basis"][name].remove(value)
    return moved


def settle_prompt(turn: Json, copied_until: int) -> None:
    """Derive what was asked and when. A fork's copies of older prompts are not the turn's own."""
    own = [entry for entry in turn["basis"]["prompts"] if entry[0] > copied_until]
    turn["copied"] = not own
    if not own:
        first = min(turn["basis"]["prompts"], default=[None, 0, ""])
        turn["started_at"], _, turn["prompt"] = first
        turn["automatic"] = False
        return
    best = max(entry[1] for entry in own)
    turn["automatic"] = best in (_AUTO_LINE, _AUTO_HOOK)
    turn["started_at"], _, turn["prompt"] = min(e for e in own if e[1] == best)


def settle_end(turn: Json, interrupted_at: int | None, going: str) -> None:
    """Derive how it ended.

    `interrupted_at` is when something cut it short if it had no end, `going` what it is if nothing
    did. Where nobody would have told of its end, last words are one.
    """
    basis = turn["basis"]
    turn["error"] = turn["answer"] = ""
    if turn["copied"] or turn["same_as"]:
        turn["status"], turn["ended_at"] = "unknown", None
    elif (end := choose(basis["ends"], basis["begun"])) is not None:
        turn["status"], turn["ended_at"] = end.status, end.at
        turn["error"] = end.text if end.status == "error" else ""
        turn["answer"] = end.text if end.status == "ok" else ""
    elif interrupted_at is None and going == "running":
        turn["status"], turn["ended_at"] = "running", None
    elif (silent_at := fell_silent(basis["hints"], basis["begun"])) is not None:
        turn["status"], turn["ended_at"] = "ok", silent_at
    elif interrupted_at is not None:
        turn["status"], turn["ended_at"] = "interrupted", interrupted_at
    else:
        turn["status"], turn["ended_at"] = going, None
    if turn["ended_at"] is None:
        turn["idle_us"] = 0


def settle_idle(turn: Json, next_at: int | None, closed_at: int | None) -> None:
    """Derive how long nobody asked for more: until the next turn, or until the session was over."""
    until = min((at for at in (next_at, closed_at) if at is not None), default=None)
    turn["idle_us"] = max(0, until - turn["ended_at"]) if until is not None else 0


def settle_times(turn: Json) -> None:
    """Derive how long it took, and how much of that a person was waited for."""
    started, ended = turn["started_at"], turn["ended_at"]
    if started is None or ended is None:
        turn["duration_us"] = turn["busy_us"] = None
        turn["waited_us"] = turn["basis"]["waited"]
        return
    turn["duration_us"] = max(0, ended - started)
    turn["waited_us"] = min(turn["basis"]["waited"], turn["duration_us"])
    turn["busy_us"] = turn["duration_us"] - turn["waited_us"]


def closure(turn: Json, begun: int) -> tuple[str, int] | None:
    """Return how and when an open call, made at `begun`, ended with the turn; None if it is on."""
    if turn["ended_at"] is None or turn["ended_at"] < begun:
        return None
    status = "interrupted" if turn["status"] == "interrupted" else "unknown"
    return status, turn["ended_at"]


def adds(turn: Json | None) -> tuple[int, ...]:
    """Return what the turn adds to its session: `SUMMED`, in that order."""
    if turn is None or begun_at(turn) is None:
        return (0, 0, 0, 0)
    return 1, turn["busy_us"] or 0, turn["waited_us"], turn["idle_us"]


SUMMED = ("turns", "busy_us", "waited_us", "idle_us")


def outcome(turn: Json | None) -> tuple[Any, ...]:
    """Return what others depend on: when any of it changes, they have to be settled again."""
    if turn is None:
        return (None, None, None, None)
    return begun_at(turn), turn["status"], turn["ended_at"], turn["automatic"]


def begun_at(turn: Json) -> int | None:
    """Return when the turn began as a turn of its session, None for a copy or another's name."""
    at: int | None = None if turn["copied"] or turn["same_as"] else turn["started_at"]
    return at
