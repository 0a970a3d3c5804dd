"""Endings: what an event says about the end of a turn, or of an agent's work.

An end is told twice: by a hook when it happens, and by a line of the transcript that Claude Code
stamps itself. Which of them is taken depends on what is known, never on which came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from claude_mpm_monitor.analysis.prompts import INTERRUPTED, LOCAL_OUTPUT, spoken
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event, one_line

#: Worth of a report: a line of the transcript, a hook, and a line that ends nothing by itself (no
#: `stop_reason`, as some releases leave it): if nothing follows, it was the end.
LINE, HOOK, HINT = 2, 1, 0
#: A hook and a line that far apart (µs) tell of the same end.
AGREE_US = 5_000_000
#: Ends, and hints, remembered of one turn or agent: it rarely has more than one.
REMEMBERED = 16
HINTS = 4
ANSWER_LIMIT = 2_000

#: With these a model's answer is over; what is missing is `tool_use`, which goes on.
_FINAL = frozenset({"end_turn", "stop_sequence", "max_tokens", "refusal"})
_SEVERITY = {"ok": 1, "error": 2, "interrupted": 3}


class End(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One report: when (µs since the epoch), how much it is worth, how it ended, the last words.

    `status` is "running" for a `HINT` that work goes on. `stated` tells whether the report itself
    names its turn.
    """

    at: int
    worth: int
    status: str
    text: str = ""
    stated: bool = False


def end_in(event: Event) -> End | None:
    """Return the end that the event reports, of its agent or of the main agent's turn."""
    reader = _READERS.get(event.kind)
    return None if reader is None else reader(event)


def remember(known: list[Any], end: End) -> list[Any]:
    """Return the reports kept of one turn or agent, as they are stored: the latest, in order."""
    value = [end.at, end.worth, end.status, end.text, end.stated]
    if value in known:
        return known
    kept = HINTS if end.worth == HINT else REMEMBERED
    return sorted([*known, value])[-kept:]


def as_end(value: Any) -> End:
    """Return a stored report as it was."""
    return End(*value)


def choose(known: Iterable[Any], begun: int) -> End | None:
    """Return how what began at `begun` ended for good, None while it has not.

    The last line counts, unless a hook tells of a later end whose line is missing. Of what is said
    about that end the worst is believed: a failure is never shown as a success.
    """
    ends = [end for end in map(as_end, known) if end.at >= begun]
    if not ends:
        return None
    hook = max((end for end in ends if end.worth == HOOK), default=None)
    line = max((end for end in ends if end.worth == LINE), default=None)
    chosen = line if line and (not hook or line.at >= hook.at - AGREE_US) else hook
    assert chosen is not None
    near = [end for end in ends if abs(end.at - chosen.at) <= AGREE_US]
    status = max((end.status for end in near), key=lambda name: _SEVERITY.get(name, 0))
    texts = [end for end in near if end.text and end.status == status]
    best = max(texts, key=lambda end: (end.worth, end.at), default=chosen)
    return msgspec.structs.replace(chosen, status=status, text=best.text)


def fell_silent(known: Iterable[Any], begun: int) -> int | None:
    """Return when the last words came, if they may have been the end; None if work went on."""
    last = max((end for end in map(as_end, known) if end.at >= begun), default=None)
    return last.at if last is not None and last.status == "ok" else None


def worse(one: str, other: str) -> str:
    """Return the worse of two statuses."""
    return max(one, other, key=lambda name: _SEVERITY.get(name, 0))


def _stop(event: Event) -> End | None:
    return _hook(event, "ok")


def _subagent_stop(event: Event) -> End | None:
    # Compaction reports the end of an agent without a type that never started.
    return _hook(event, "ok") if _text(event.data(), "agent_type") and event.agent_id else None


def _stop_failure(event: Event) -> End | None:
    return _hook(event, "error")


def _hook(event: Event, status: str) -> End:
    data = event.data()
    said = _text(data, "last_assistant_message")
    if status == "error":
        said = said or _text(data, "error_details") or _text(data, "error")
    return End(event.at, HOOK, status, one_line(said, ANSWER_LIMIT), bool(event.prompt_id))


def _answer(event: Event) -> End | None:
    data = event.data()
    message = data.get("message")
    if not isinstance(message, dict):
        return None
    reason = message.get("stop_reason")
    stated = bool(event.prompt_id)
    if data.get("isApiErrorMessage") is True:
        return End(event.at, LINE, "error", one_line(spoken(event), ANSWER_LIMIT), stated)
    if reason in _FINAL if isinstance(reason, str) else False:
        return End(event.at, LINE, "ok", one_line(spoken(event), ANSWER_LIMIT), stated)
    if reason is None:
        return End(event.at, HINT, "running" if event.tool_use_id else "ok", "", stated)
    return None


def _from_the_user(event: Event) -> End | None:
    if event.tool_use_id or event.data().get("isMeta"):
        return None
    said = spoken(event)
    if said.startswith(INTERRUPTED):
        return End(event.at, LINE, "interrupted", "", bool(event.prompt_id))
    if said.startswith(LOCAL_OUTPUT):
        return End(event.at, LINE, "ok", "", bool(event.prompt_id))
    return None


_READERS = {
    "Stop": _stop,
    "SubagentStop": _subagent_stop,
    "StopFailure": _stop_failure,
    "transcript.assistant": _answer,
    "transcript.user": _from_the_user,
}


def _text(data: Json, name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
