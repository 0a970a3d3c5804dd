"""Which turn a call belongs to: the last prompt its session had before it.

Answers do not say which prompt they are for, so time decides, for subagents too: what an agent
spends in the background belongs to the turn that was going on.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from claude_mpm_monitor.analysis.api_calls import CallRecord
from claude_mpm_monitor.model.analyzer import Documents, Json

#: Each session's prompts, by time; and the calls of each turn, key → time.
PROMPTS = "_usage_prompts"
CALLS = "_usage_turn_calls"


def turns_of(call: CallRecord, documents: Documents) -> dict[str, str]:
    """Return the call's turn in each session that has it; "" before the first prompt."""
    return {
        session_id: call.prompt_id or _turn_at(_prompts(session_id, documents), call.at)
        for session_id in call.seen_in
    }


def note_call(key: str, call: CallRecord, turns: dict[str, str], documents: Documents) -> None:
    """File the call under its turns, for the day an earlier prompt is heard of."""
    for session_id, prompt_id in turns.items():
        calls = _calls(session_id, prompt_id, documents)
        if calls.get(key) != call.at:
            calls[key] = call.at
            _put(session_id, prompt_id, calls, documents)


def forget_call(key: str, turns: dict[str, str], documents: Documents) -> None:
    """Take the call out of the turns it was filed under."""
    for session_id, prompt_id in turns.items():
        calls = _calls(session_id, prompt_id, documents)
        if calls.pop(key, None) is not None:
            _put(session_id, prompt_id, calls, documents)


def note_prompt(session_id: str, prompt_id: str, at: int, documents: Documents) -> list[str]:
    """Take in a prompt; return the keys of the calls whose turn may now be another."""
    prompts = _prompts(session_id, documents)
    before = next((start for start, name in prompts if name == prompt_id), None)
    if before is not None and before <= at:
        return []
    moved_from = at if before is None else before
    turns = {_turn_at(prompts, at)}
    turns |= {name for start, name in prompts if at <= start <= moved_from}
    prompts = sorted([*(prompt for prompt in prompts if prompt[1] != prompt_id), [at, prompt_id]])
    documents.put(PROMPTS, session_id, {"prompts": prompts}, session_id=session_id)
    return [
        key
        for turn in sorted(turns)
        for key, called_at in _calls(session_id, turn, documents).items()
        if called_at >= at
    ]


def _turn_at(prompts: list[list[Any]], at: int) -> str:
    """Return the last prompt begun by then; `prompts` are [time, id], in order."""
    position = bisect_right(prompts, at, key=lambda prompt: prompt[0])
    return str(prompts[position - 1][1]) if position else ""


def _prompts(session_id: str, documents: Documents) -> list[list[Any]]:
    known = documents.get(PROMPTS, session_id)
    return [] if known is None else known["prompts"]


def _calls(session_id: str, prompt_id: str, documents: Documents) -> Json:
    return documents.get(CALLS, f"{session_id}/{prompt_id}") or {}


def _put(session_id: str, prompt_id: str, calls: Json, documents: Documents) -> None:
    documents.put(CALLS, f"{session_id}/{prompt_id}", calls, session_id=session_id)
