"""Turns that are one: the prompt of a hook without an id is that of a line which has one.

Releases around 2.1.100 number prompts in transcripts and not yet in hooks, and the host's own hooks
leave the number out. The turn named by what was asked and when is then the numbered one, and keeps
nothing but a reference to it.

Which numbered turns asked something, and when, is kept apart, so that finding them does not depend
on how much else was asked at the time.
"""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.analysis import turns
from claude_mpm_monitor.analysis.prompts import (
    SAME_PROMPT_US,
    is_numbered,
    unnumbered,
)
from claude_mpm_monitor.analysis.settling import Settling
from claude_mpm_monitor.model.analyzer import Json

#: The numbered turns that asked the same within one period; not shown.
ASKED = "_asked"
#: Turns remembered of one period and text.
REMEMBERED = 32


def join(name: str, prompt: str, at: int, settling: Settling) -> None:
    """Find what is one with the turn `name`, of which a prompt was just told at that time."""
    if not is_numbered(name):
        _join(name, prompt, settling)
        return
    _remember(name, prompt, at, settling)
    # What a transcript alone tells is all named alike.
    if settling.session["basis"]["hooked"]:
        for period in _around(at):
            _join(unnumbered(prompt, period), prompt, settling)


def _join(name: str, prompt: str, settling: Settling) -> None:
    turn = settling.draft.get(turns.TOPIC, name)
    if turn is None or turn["copied"] or turn["started_at"] is None:
        return
    began = turn["started_at"]
    near = [
        (abs(other["started_at"] - began), other["started_at"], other["prompt_id"])
        for other in _numbered(prompt, began, settling)
        if turns.asks(other, prompt) and _is_near(other["started_at"], began)
    ]
    same = min(near)[2] if near else ""
    if same != turn["same_as"]:
        settling.change_turn(name, lambda turn: turn.update(same_as=same))


def _remember(name: str, prompt: str, at: int, settling: Settling) -> None:
    place = unnumbered(turns.said_in(prompt), at // SAME_PROMPT_US)
    asked = settling.draft.get(ASKED, place) or {"prompts": []}
    # The first by name, not by arrival: what is found must not depend on the order of reports.
    prompts = sorted({*asked["prompts"], name})[:REMEMBERED]
    if prompts != asked["prompts"]:
        settling.draft.put(ASKED, place, {"prompts": prompts})


def _numbered(prompt: str, at: int, settling: Settling) -> Iterator[Json]:
    """Yield the numbered turns that asked the same around that time."""
    said = turns.said_in(prompt)
    for period in _around(at):
        asked = settling.draft.get(ASKED, unnumbered(said, period))
        for name in asked["prompts"] if asked is not None else ():
            turn = settling.draft.get(turns.TOPIC, name)
            assert turn is not None
            yield turn


def _around(at: int) -> tuple[int, int, int]:
    period = at // SAME_PROMPT_US
    return (period - 1, period, period + 1)


def _is_near(started_at: int | None, began: int) -> bool:
    return started_at is not None and abs(started_at - began) <= SAME_PROMPT_US
