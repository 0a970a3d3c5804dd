"""Spans as a timeline shows them: single ones, and those too short to be told apart as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

#: The end of what has none yet.
OPEN = 2**62
#: The worse of two statuses comes later.
_STATUSES = ("ok", "unknown", "running", "interrupted", "denied", "error")
_RANK = {status: rank for rank, status in enumerate(_STATUSES)}


class Told(NamedTuple):
    """A span as it is stored; times in µs, `end` is `OPEN` while it runs."""

    start: int
    key: str
    end: int
    status: str
    name: str
    waits: tuple[tuple[int, int, str, bool], ...] = ()


class Span(NamedTuple):
    """A span in its row, or `number` of them with the worst status and their whole extent.

    `name` is "" when they have several; `key` is that of the first. `critical`: nothing else kept
    its agent waiting meanwhile (of several: one of them).
    """

    start: int
    end: int
    row: int
    status: str
    number: int
    name: str
    key: str
    critical: bool


def merged(spans: Iterable[Span], resolution: int) -> list[Span]:
    """Merge those shorter than `resolution` (µs) that begin in the same stretch of that length.

    They are in order of start; so is the result. Merging what is merged at a finer resolution gives
    the same as merging the spans themselves, when the coarser is twice the finer or four times and
    so on.
    """
    found: list[Span] = []
    last: dict[int, tuple[int, int]] = {}
    for span in spans:
        if span.end - span.start >= resolution:
            found.append(span)
            continue
        stretch = span.start // resolution
        known = last.get(span.row)
        if known is not None and known[0] == stretch:
            found[known[1]] = _both(found[known[1]], span)
        else:
            last[span.row] = (stretch, len(found))
            found.append(span)
    return found


def _both(one: Span, other: Span) -> Span:
    return Span(
        one.start,
        max(one.end, other.end),
        one.row,
        max(one.status, other.status, key=lambda status: _RANK.get(status, 1)),
        one.number + other.number,
        one.name if one.name == other.name else "",
        one.key,
        one.critical or other.critical,
    )
