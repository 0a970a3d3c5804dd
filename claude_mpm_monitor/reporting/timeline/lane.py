"""Lane: spans that go by under one name, in rows so that none hides another."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from claude_mpm_monitor.reporting.timeline.spans import OPEN, Columns, Span, Told, merged

#: Spans that are laid out and merged together: a change costs no more than that.
CHUNK = 512
_END = itemgetter(2)
_KEY = Span._fields.index("key")


class Wait(NamedTuple):
    """When a span waited for a person; `until` is `OPEN` while it does."""

    since: int
    until: int
    row: int
    kind: str
    estimated: bool


class _Chunk:
    """Spans that follow one another, and what was made of them last."""

    __slots__ = ("carried", "carries", "dirty", "end", "laid", "levels", "told", "waits")

    def __init__(self, told: list[Told]) -> None:
        self.told = told
        self.changed()
        self.laid: list[Columns] = []
        self.waits: list[Wait] = []
        self.levels: dict[int, list[Span]] = {}
        #: When each row is free again: before the first of these spans, and after the last.
        self.carried: tuple[int, ...] = ()
        self.carries: tuple[int, ...] = ()

    def changed(self) -> None:
        """Its spans are others than they were."""
        self.dirty = True
        self.end = max(map(_END, self.told), default=0)

    def level(self, level: int) -> list[Span]:
        """Return the spans merged at a resolution of 2 to the power of `level` (µs)."""
        found = self.levels.get(level)
        if found is None:
            finer = max((known for known in self.levels if known < level), default=None)
            source = self.laid if finer is None else self.levels[finer]
            found = self.levels[level] = merged(source, 1 << level)
        return found

    def lay(self, carried: tuple[int, ...], rows: int) -> None:
        """Give each span the first row that is free, and say which nothing else went on beside."""
        # Column by column: most spans are never shown alone. With an object for each, and another
        # for each pair merged, a session of 66,600 calls took 1.3 s to be told of; now 0.55.
        starts, keys, until, statuses, names, waits = zip(*self.told, strict=True)
        free, placed = _placed(starts, until, carried, rows)
        critical = _last_ones(starts, until)
        self.laid = list(
            zip(starts, until, placed, statuses, repeat(1), names, keys, critical, strict=False)
        )
        self.waits = [
            Wait(since, until, row, kind, estimated)
            for found, row in zip(waits, placed, strict=True)
            for since, until, kind, estimated in found
        ]
        self.levels, self.dirty, self.carried = {}, False, carried
        self.carries = tuple(end if end > starts[-1] else 0 for end in free)


class Lane:
    """Spans by start, in chunks, in so many rows at most. One thread at a time."""

    def __init__(self, rows: int, told: Iterable[Told] = ()) -> None:
        self._most = rows
        self._extent: tuple[int, int] | None = None
        ordered = sorted(told)
        self._starts = {told[1]: told[0] for told in ordered}
        chunks = range(0, len(ordered), CHUNK)
        self._chunks = [_Chunk(ordered[first : first + CHUNK]) for first in chunks]

    def __len__(self) -> int:
        return len(self._starts)

    def put(self, span: Told) -> None:
        """Add the span, or replace the one with its key."""
        start, key, *_ = span
        self.remove(key)
        self._extent = None
        self._starts[key] = start
        if not self._chunks:
            self._chunks.append(_Chunk([]))
        number = self._chunk_of(start)
        chunk = self._chunks[number]
        insort(chunk.told, span)
        if len(chunk.told) > 2 * CHUNK:
            half = _Chunk(chunk.told[CHUNK:])
            del chunk.told[CHUNK:]
            self._chunks.insert(number + 1, half)
        chunk.changed()

    def remove(self, key: str) -> None:
        """Take a span away, if it is there."""
        start = self._starts.pop(key, None)
        if start is None:
            return
        self._extent = None
        number = self._chunk_of(start)
        while number >= 0:  # spans of one start may lie on both sides of a boundary
            chunk = self._chunks[number]
            kept = [told for told in chunk.told if told[1] != key]
            if len(kept) < len(chunk.told):
                chunk.told = kept
                chunk.changed()
                if not kept:
                    del self._chunks[number]
                return
            number -= 1

    def extent(self) -> tuple[int, int] | None:
        """Return when the first span begins and the last one ends, None without any."""
        if self._extent is None and self._chunks:
            ends = max(chunk.end for chunk in self._chunks)
            self._extent = (_begins(self._chunks[0]), ends)
        return self._extent

    def rows(self) -> int:
        """Return how many rows it needs."""
        self._settle()
        return max((len(chunk.carries) for chunk in self._chunks), default=0)

    def between(self, since: int, until: int, level: int) -> tuple[list[Span], list[Wait]]:
        """Return what is to be seen from `since` to `until` at a resolution of 2**`level` (µs).

        Merged spans at the edges may hold some that lie beyond. Waits shorter than that are left
        out.
        """
        self._settle()
        spans: list[Span] = []
        waits: list[Wait] = []
        for chunk in self._chunks[: self._chunk_of(until) + 1]:
            if chunk.end >= since:
                within = _begins(chunk) >= since and chunk.told[-1][0] < until
                found = chunk.level(level)
                spans += found if within else [s for s in found if _is_in(s, since, until)]
                waits += [
                    wait
                    for wait in chunk.waits
                    if wait.since < until
                    and wait.until > since
                    and wait.until - wait.since >= 1 << level
                ]
        return merged(spans, 1 << level), waits

    def span(self, key: str) -> Span | None:
        """Return one span as it is laid out."""
        self._settle()
        start = self._starts.get(key)
        if start is None:
            return None
        for chunk in reversed(self._chunks[: self._chunk_of(start) + 1]):
            for span in chunk.laid:
                if span[_KEY] == key:
                    return Span._make(span)
        return None

    def _chunk_of(self, start: int) -> int:
        return max(0, bisect_right(self._chunks, start, key=_begins) - 1)

    def _settle(self) -> None:
        carried: tuple[int, ...] = ()
        for chunk in self._chunks:
            if chunk.dirty or chunk.carried != carried:
                chunk.lay(carried, self._most)
            carried = chunk.carries


def _begins(chunk: _Chunk) -> int:
    return chunk.told[0][0] if chunk.told else 0


def _is_in(span: Span, since: int, until: int) -> bool:
    return span.start < until and (span.end > since or span.start >= since)


def _placed(
    starts: tuple[int, ...], ends: tuple[int, ...], carried: tuple[int, ...], rows: int
) -> tuple[list[int], list[int]]:
    """Return when each row is free after all, and the row of each span: the first that is free."""
    free, placed = list(carried), []
    for start, end in zip(starts, ends, strict=True):
        row = 0
        for busy in free:
            if busy <= start:
                break
            row += 1
        if row == rows:
            row = free.index(min(free))
        elif row == len(free):
            free.append(0)
        if end > free[row]:
            free[row] = end
        placed.append(row)
    return free, placed


def _last_ones(starts: tuple[int, ...], ends: tuple[int, ...]) -> list[bool]:
    """Return of each whether the end of all depended on it: from the last end backwards, always
    the one that ended last before the one found began."""
    found, reached = [False] * len(ends), OPEN
    for number in sorted(range(len(ends)), key=ends.__getitem__, reverse=True):
        if ends[number] <= reached:
            found[number] = True
            reached = starts[number]
    return found
