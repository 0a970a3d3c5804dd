"""Turns that are one: the prompt of a hook without an id is that of a line which has one.

Releases around 2.1.100 number prompts in transcripts and not yet in hooks, and the host's own hooks
leave the number out. The turn named by what was asked and when is then the numbered one, and keeps
nothing but a reference to it.
"""

from __future__ import annotations

from claude_mpm_monitor.analysis import turn_line, turns
from claude_mpm_monitor.analysis.prompts import (
    SAME_PROMPT_US,
    is_numbered,
    unnumbered,
)
from claude_mpm_monitor.analysis.settling import Settling
from claude_mpm_monitor.model.analyzer import Json


def join(name: str, prompt: str, at: int, settling: Settling) -> None:
    """Find what is one with the turn `name`, of which a prompt was just told at that time."""
    if not is_numbered(name):
        _join(name, prompt, settling)
        return
    # What a transcript alone tells is all named alike.
    period = at // SAME_PROMPT_US if settling.session["basis"]["hooked"] else None
    for near in (period - 1, period, period + 1) if period is not None else ():
        _join(unnumbered(prompt, near), prompt, settling)


def _join(name: str, prompt: str, settling: Settling) -> None:
    turn = settling.draft.get(turns.TOPIC, name)
    if turn is None or turn["copied"] or turn["started_at"] is None:
        return
    began = turn["started_at"]
    near = [
        (abs(other["started_at"] - began), other["started_at"], other["prompt_id"])
        for other in turn_line.begun_since(settling.session, began - SAME_PROMPT_US, settling.draft)
        if _asks(other, prompt) and other["started_at"] <= began + SAME_PROMPT_US
    ]
    same = min(near)[2] if near else ""
    if same != turn["same_as"]:
        settling.change_turn(name, lambda turn: turn.update(same_as=same))


def _asks(turn: Json, prompt: str) -> bool:
    return is_numbered(turn["prompt_id"]) and turns.asks(turn, prompt)
