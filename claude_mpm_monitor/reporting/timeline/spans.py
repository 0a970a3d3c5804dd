"""Spans as a timeline shows them: single ones, and those too short to be told apart as one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

#: The end of what has none yet.
OPEN = 2**62
#: The worse of two statuses comes later.
_STATUSES = ("ok", "unknown", "running", "interrupted", "denied", "error")
_RANK = {status: rank for rank, status in enumerate(_STATUSES)}


#: A span as it is stored: start (µs), key, end (`OPEN` while it runs), status, name, and when it
#: waited. A plain tuple: of tens of thousands the garbage collector looks at named ones forever.
Told = tuple[int, str, int, str, str, tuple[tuple[int, int, str, bool], ...]]


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


#: A Span, or a plain tuple of its fields.
Columns = tuple[int, int, int, str, int, str, str, bool]
_END, _STATUS, _NUMBER, _NAME, _CRITICAL = map(
    Span._fields.index, ("end", "status", "number", "name", "critical")
)


def merged(spans: Iterable[Columns], resolution: int) -> list[Span]:
    """Merge those shorter than `resolution` (µs) that begin in the same stretch of that length.

    They are in order of start; so is the result. Merging what is merged at a finer resolution gives
    the same as merging the spans themselves, when the coarser is twice the finer or four times and
    so on.
    """
    # A list is added to in place, for a Span for each pair took longer than all the rest: see
    # `_Chunk.lay` for what that comes to.
    found: list[Columns | list[Any]] = []
    last: dict[int, tuple[int, list[Any]]] = {}
    for span in spans:
        start, end, row, status, number, name, _, critical = span
        if end - start >= resolution:
            found.append(span)
            continue
        stretch = start // resolution
        known = last.get(row)
        if known is None or known[0] != stretch:
            both: list[Any] = list(span)
            last[row] = (stretch, both)
            found.append(both)
            continue
        both = known[1]
        if end > both[_END]:
            both[_END] = end
        if status != both[_STATUS] and _RANK.get(status, 1) > _RANK.get(both[_STATUS], 1):
            both[_STATUS] = status
        both[_NUMBER] += number
        if name != both[_NAME]:
            both[_NAME] = ""
        if critical:
            both[_CRITICAL] = True
    return list(map(Span._make, found))
