"""Rows of the store as spans."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.reporting.timeline.spans import OPEN, Told
from claude_mpm_monitor.storage.timeline_rows import TimelineRow


class _Wait(msgspec.Struct):
    kind: str
    since: int
    until: int | None
    estimated: bool


_WAITS = msgspec.json.Decoder(list[_Wait])


def told(row: TimelineRow) -> Told:
    """Return a row as a span."""
    key, _, _, began, ended, status, name, waits = row
    end = ended if ended is not None and ended >= began else _end(began, ended, status)
    return (began, key, end, status, name, _waits(waits) if waits else ())


def bar(key: str, value: dict[str, object]) -> Told | None:
    """Return an agent's document as a span, None when nobody knows when it began."""
    began, ended, status = value["started_at"], value["ended_at"], str(value["status"])
    if not isinstance(began, int):
        return None
    ended = ended if isinstance(ended, int) else None
    name = str(value["agent_type"] or "agent")
    return (began, key, _end(began, ended, status), status, name, ())


def _end(began: int, ended: int | None, status: str) -> int:
    if ended is None:
        # What is not known to run was seen to begin, and no more.
        return OPEN if status == "running" else began
    return max(began, ended)


def _waits(text: str) -> tuple[tuple[int, int, str, bool], ...]:
    return tuple(
        (wait.since, OPEN if wait.until is None else wait.until, wait.kind, wait.estimated)
        for wait in _WAITS.decode(text)
    )
