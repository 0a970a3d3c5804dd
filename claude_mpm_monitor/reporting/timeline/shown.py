"""A lane as it is answered."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.reporting.timeline.lane import Wait
from claude_mpm_monitor.reporting.timeline.spans import Span


class ShownLane(msgspec.Struct, kw_only=True):
    """An agent's lane, or a session's.

    `topic` is what its `bars` are; they are in the rows `above` those of the tool calls, which have
    waits. `rows`: how many rows there are in all, in sight or not. `critical`: whether what is so
    among the calls is so for the session. `agent_id` is None for a session's and for one that
    several `agents` share.
    """

    session_id: str
    agent_id: str | None
    depth: int
    title: str
    detail: str
    status: str
    topic: str
    agents: int = 1
    bars: list[Span]
    calls: list[Span] = []
    waits: list[Wait]
    above: int = 1
    rows: int = 1
    critical: bool = False
