"""Spans: which numbers of events to look at for a filter, in the order wanted.

First comes what lies next to where the reading begins, since most of what people look for is common
and found there. Then only those blocks of the log are read that can hold what is looked for (see
skip_index.py), so that what is rare, or never was, is known as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.skipping import of_sessions, of_values
from claude_mpm_monitor.storage.event_filter import IS_PROJECT, EventFilter
from claude_mpm_monitor.storage.rows import Read
from claude_mpm_monitor.storage.skip_index import BLOCK

#: Of how many events it is told how common something is.
SAMPLE = 200
#: Beyond the last number there is.
END = 2**62


class Span(NamedTuple):
    """Numbers of events: above one, up to another."""

    above: int
    until: int

    @property
    def is_empty(self) -> bool:
        """Whether there is no number in it."""
        return self.above >= self.until


class Spans:
    """The numbers to look at for a filter.

    `blocks` are selections of blocks, which what fits lies in; all there are up to `position`.
    """

    def __init__(
        self, wanted: EventFilter, blocks: Iterable[Sql], position: int, read: Read
    ) -> None:
        self._wanted = wanted
        self._blocks = [*blocks, *_blocks_of(wanted)]
        if self._blocks and wanted.session_id:
            self._blocks.append(of_values("session", [wanted.session_id]))
        self._position = position
        self._read = read
        self.whole = Span(wanted.after, wanted.before - 1 if wanted.before else END)

    @property
    def narrows(self) -> bool:
        """Whether there are blocks that need not be read."""
        return bool(self._blocks)

    def estimate(self, condition: Sql) -> float:
        """Return about how many events of the log fulfil a condition: so many as of a sample."""
        first, last = self._edge("min(seq)", "seq > ?", 0), self._edge("max(seq)", "seq <= ?", END)
        step = max(1, (last - first) // SAMPLE)
        numbers = ", ".join(map(str, range(last, first - 1, -step)))
        sql, values = condition
        found = self._read(
            f"SELECT count(*), total({sql}) FROM events WHERE seq IN ({numbers})", values
        )
        count, fitting = found[0]
        return float((last - first) * fitting / max(1, count))

    def near(self, count: int) -> tuple[Span, Span]:
        """Return the numbers to begin with, so many that may be taken, and the rest."""
        above, until = self.whole
        if self._wanted.newest_first:
            edge = self._edge("max(seq)", "seq <= ?", until) - count
            edge = max(above, min(edge, until))
            return Span(edge, until), Span(above, edge)
        edge = self._edge("min(seq)", "seq > ?", above) + count
        edge = min(until, max(edge, above))
        return Span(above, edge), Span(edge, until)

    def rest(self, within: Span) -> Iterator[Span]:
        """Yield the numbers to look at among those; neighbouring blocks are one span."""
        if not self._blocks:
            yield within
            return
        known = Span(within.above, min(within.until, self._position))
        later = Span(max(within.above, self._position), within.until)
        if self._wanted.newest_first:
            yield later
        yield from self._of_blocks(known)
        if not self._wanted.newest_first:
            yield later

    def from_on(self, piece: Span, last: Span) -> Span:
        """Return the numbers from the beginning of a piece to the end of the last span."""
        if self._wanted.newest_first:
            return Span(last.above, piece.until)
        return Span(piece.above, last.until)

    def pieces(self, span: Span, count: int) -> Iterator[Span]:
        """Cut a span into parts of so many events, those of the session if one is asked for."""
        above, until = span
        while above < until:
            edge = self._cut(Span(above, until), count)
            if self._wanted.newest_first:
                yield Span(edge, until)
                until = edge
            else:
                yield Span(above, edge)
                above = edge

    def _cut(self, span: Span, count: int) -> int:
        """Return where the part of a span ends that has so many events."""
        newest_first = self._wanted.newest_first
        if not self._wanted.session_id:
            if newest_first:
                return max(span.above, self._edge("max(seq)", "seq <= ?", span.until) - count)
            first = self._edge("min(seq)", "seq > ?", span.above)
            return min(span.until, first + count) if first else span.until
        found = self._read(
            "SELECT seq FROM events WHERE session_id = ? AND seq > ? AND seq <= ? "
            f"ORDER BY seq {'DESC' if newest_first else 'ASC'} LIMIT 1 OFFSET ?",
            (self._wanted.session_id, *span, count),
        )
        if not found:
            return span.above if newest_first else span.until
        return int(found[0][0])

    def _edge(self, what: str, condition: str, number: int) -> int:
        found = self._read(f"SELECT coalesce({what}, 0) FROM events WHERE {condition}", (number,))
        return int(found[0][0])

    def _of_blocks(self, within: Span) -> Iterator[Span]:
        """Yield the spans of the blocks that are in every selection."""
        if within.is_empty:
            return
        selected = " INTERSECT ".join(f"SELECT block FROM ({sql})" for sql, _ in self._blocks)
        found = self._read(
            f"SELECT block FROM ({selected}) WHERE block >= ? AND block <= ? "
            f"ORDER BY block {'DESC' if self._wanted.newest_first else 'ASC'}",
            [
                *(value for _, values in self._blocks for value in values),
                (within.above + 1) // BLOCK,
                within.until // BLOCK,
            ],
        )
        for first, last in _runs([block for (block,) in found]):
            above, until = first * BLOCK - 1, last * BLOCK + BLOCK - 1
            yield Span(max(within.above, above), min(within.until, until))


def _runs(blocks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of blocks that lie side by side, in order."""
    start = 0
    for index in range(1, len(blocks) + 1):
        if index == len(blocks) or abs(blocks[index] - blocks[index - 1]) > 1:
            ends = (blocks[start], blocks[index - 1])
            yield min(ends), max(ends)
            start = index


def _blocks_of(wanted: EventFilter) -> list[Sql]:
    """Return selections of blocks for what a filter asks beside its text.

    Not for a session alone: an index leads to its events.
    """
    found: list[Sql] = []
    if wanted.kinds:
        found.append(of_values("kind", wanted.kinds))
    if wanted.agent_id:
        found.append(of_values("agent", [wanted.agent_id]))
    if wanted.project and not wanted.session_id:
        found.append(of_sessions((IS_PROJECT, [wanted.project])))
    return found
