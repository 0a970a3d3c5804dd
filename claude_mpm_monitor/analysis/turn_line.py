"""The line of a session's turns, by when they began; and which of them something falls into.

Each turn knows its neighbours, so nothing grows with the session and what happens now is found at
the end of the line. What came before the first prompt belongs to no turn (`BEFORE`).
"""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.analysis import turns
from claude_mpm_monitor.analysis.draft import Draft
from claude_mpm_monitor.analysis.endings import End, as_end, remember
from claude_mpm_monitor.model.analyzer import Json

#: Stands for the time before a session's first prompt.
BEFORE = ""
#: Calls put into a turn by their time, `LISTED` to a document; not shown.
CALLS = "_turn_calls"
LISTED = 16


def turn_at(session: Json, at: int, draft: Draft) -> str:
    """Return the id of the last turn begun by then."""
    name = session["basis"]["last"]
    while name:
        turn = draft.get(turns.TOPIC, name)
        assert turn is not None
        if turn["started_at"] <= at:
            return str(name)
        name = turn["previous_prompt_id"]
    return BEFORE


def place(session: Json, turn: Json, draft: Draft) -> list[str]:
    """Put the turn where it belongs in the line; return the turns whose surroundings changed."""
    name, started = turn["prompt_id"], turns.begun_at(turn)
    is_in_line = turn["previous_prompt_id"] is not None or session["basis"]["first"] == name
    if is_in_line and started is not None and _fits(turn, draft):
        return []
    touched = _take_out(session, turn, draft) if is_in_line else []
    if started is None:
        return touched
    before, after = "", session["basis"]["first"]
    name_before = session["basis"]["last"]
    while name_before:
        candidate = draft.get(turns.TOPIC, name_before)
        assert candidate is not None
        if (candidate["started_at"], name_before) <= (started, name):
            before, after = name_before, candidate["next_prompt_id"]
            break
        name_before = candidate["previous_prompt_id"]
    _join(session, before, name, draft)
    _join(session, name, after or "", draft)
    return [*touched, before, after or ""]


def next_at(turn: Json, draft: Draft) -> int | None:
    """Return when the next turn began, None if there is none."""
    for other in _neighbours(turn, "next_prompt_id", draft):
        return int(other["started_at"])
    return None


def next_typed(turn: Json, draft: Draft) -> int | None:
    """Return when a person next asked for something else, None if nobody did."""
    for other in _neighbours(turn, "next_prompt_id", draft):
        if not other["automatic"]:
            return int(other["started_at"])
    return None


def up_to_typed(turn: Json, draft: Draft) -> list[str]:
    """Return the turns before this one for which it may be the next that a person asked for."""
    found = []
    for other in _neighbours(turn, "previous_prompt_id", draft):
        found.append(str(other["prompt_id"]))
        if not other["automatic"]:
            break
    return found


def list_call(session: Json, prompt_id: str, tool_use_id: str, at: int, draft: Draft) -> None:
    """File a call under the turn that its time says, for the day an earlier prompt is heard of."""
    owner = _owner(session, prompt_id, draft)
    assert owner is not None
    count = owner["lists"]
    name = f"{prompt_id}/{count - 1}"
    listed = draft.get(CALLS, name) if count else None
    if listed is None or (len(listed["calls"]) >= LISTED and tool_use_id not in listed["calls"]):
        name, listed = f"{prompt_id}/{count}", {"calls": [], "until": at}
        owner["lists"] = count + 1
        _put_owner(prompt_id, draft)
    if tool_use_id not in listed["calls"]:
        listed["calls"].append(tool_use_id)
    elif listed["until"] >= at:
        return
    listed["until"] = max(listed["until"], at)
    draft.put(CALLS, name, listed)


def take_listed(session: Json, prompt_id: str, since: int, draft: Draft) -> list[str]:
    """Take out and return the calls filed under a turn, but for lists that end before that time.

    Those that belong there are filed again when they are settled.
    """
    owner = _owner(session, prompt_id, draft)
    found: list[str] = []
    for number in range(owner["lists"] if owner is not None else 0):
        name = f"{prompt_id}/{number}"
        listed = draft.get(CALLS, name)
        if listed is not None and listed["calls"] and listed["until"] >= since:
            found += listed["calls"]
            draft.put(CALLS, name, {"calls": [], "until": 0})
    return found


def note_early_end(session: Json, end: End) -> None:
    """Keep a report of an end for which no prompt is known yet."""
    basis = session["basis"]
    basis["early"]["ends"] = remember(basis["early"]["ends"], end)


def take_early_ends(session: Json, since: int) -> list[End]:
    """Take out and return the reports kept from then on."""
    early = session["basis"]["early"]
    ends = [as_end(value) for value in early["ends"]]
    early["ends"] = [value for value in early["ends"] if value[0] < since]
    return [end for end in ends if end.at >= since]


def _neighbours(turn: Json, direction: str, draft: Draft) -> Iterator[Json]:
    while turn[direction]:
        found = draft.get(turns.TOPIC, turn[direction])
        assert found is not None
        turn = found
        yield turn


def _owner(session: Json, prompt_id: str, draft: Draft) -> Json | None:
    if prompt_id == BEFORE:
        early: Json = session["basis"]["early"]
        return early
    turn = draft.get(turns.TOPIC, prompt_id)
    return turn["basis"] if turn is not None else None


def _put_owner(prompt_id: str, draft: Draft) -> None:
    turn = draft.get(turns.TOPIC, prompt_id) if prompt_id != BEFORE else None
    if turn is not None:
        draft.put(turns.TOPIC, prompt_id, turn)


def _fits(turn: Json, draft: Draft) -> bool:
    place_of = (turn["started_at"], turn["prompt_id"])
    for neighbour, sign in ((turn["previous_prompt_id"], 1), (turn["next_prompt_id"], -1)):
        other = draft.get(turns.TOPIC, neighbour) if neighbour else None
        if other is None:
            continue
        place_of_other = (other["started_at"], other["prompt_id"])
        if (place_of_other > place_of) if sign > 0 else (place_of_other < place_of):
            return False
    return True


def _take_out(session: Json, turn: Json, draft: Draft) -> list[str]:
    before, after = turn["previous_prompt_id"] or "", turn["next_prompt_id"] or ""
    turn["previous_prompt_id"] = turn["next_prompt_id"] = None
    _join(session, before, after, draft)
    return [before, after]


def _join(session: Json, before: str, after: str, draft: Draft) -> None:
    """Make two turns neighbours; "" is beyond either end of the line."""
    basis = session["basis"]
    if before:
        one = draft.get(turns.TOPIC, before)
        assert one is not None
        one["next_prompt_id"] = after or None
        draft.put(turns.TOPIC, before, one)
    else:
        basis["first"] = after
    if after:
        other = draft.get(turns.TOPIC, after)
        assert other is not None
        other["previous_prompt_id"] = before or None
        draft.put(turns.TOPIC, after, other)
    else:
        basis["last"] = before
