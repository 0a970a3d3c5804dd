"""What to read for a filter, in order: parts of the log, each as one SELECT's source and condition.

First comes what lies next to where the reading begins, since most of what people look for is common
and found there. Then only those blocks of the log are read that can hold what is looked for (see
skip_index.py), so that what is rare, or never was, is known as fast.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from claude_mpm_monitor.search.calls import AboutCalls, about_calls
from claude_mpm_monitor.search.compiler import Compiled, compile_query
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.language import All
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.search.skipping import of_sessions, of_values
from claude_mpm_monitor.storage.event_filter import IS_PROJECT, EventFilter, conditions
from claude_mpm_monitor.storage.rows import Read
from claude_mpm_monitor.storage.skip_index import BLOCK

#: Numbers of events that are looked at before the blocks are asked.
NEAR = 2_000
#: Those of them whose words are looked at one by one (60 µs each) before the index has to bring
#: together all events that have a word with some beginning: what is common is among them. Where
#: fields are asked for as well, all that are near: most of them need not be unpacked.
READ = 200
#: Beyond the last number there is.
END = 2**62


class Source(NamedTuple):
    """A part of what is looked for: tables, the condition, and the column to order by.

    `widely`: before it yields one event, the index has to bring all together that have a word with
    some beginning, which nothing interrupts.
    """

    tables: str
    where: str
    values: list[object]
    order: str
    widely: bool = False


class _Span(NamedTuple):
    """Numbers of events: above one, up to another."""

    above: int
    until: int


def sources(wanted: EventFilter, positions: tuple[int, int], read: Read) -> Iterator[Source]:
    """Yield the parts in the order wanted; raises QueryError.

    `positions` are how far the words and the values of events are indexed.
    """
    words, values = positions
    compiled = compile_query(parse(wanted.text), datetime.now().astimezone())
    where = conditions(wanted)
    if compiled.widely and wanted.newest_first:
        words = min(words, _newest(wanted, read) - (NEAR if compiled.blocks else READ))
    for span in _spans(wanted, compiled, values, read):
        above = _Span(max(span.above, words), span.until)
        below = _Span(span.above, min(span.until, words))
        parts = [(above, False), (below, True)]
        for part, indexed in parts if wanted.newest_first else reversed(parts):
            if part.above < part.until:
                yield _source(where, compiled, part, indexed)


def fitting_calls(wanted: EventFilter) -> tuple[AboutCalls, Sql]:
    """Return a query taken apart for tool calls (`documents AS call`), and the condition that some
    event of a call fits the rest of it; raises QueryError.
    """
    now = datetime.now().astimezone()
    about = about_calls(parse(wanted.text), now)
    if about.rest == All():
        return about, ("true", [])
    sql, values = conditions(wanted)
    condition, more = compile_query(about.rest, now).unindexed
    event = (
        "SELECT 1 FROM events WHERE events.tool_use_id <> '' AND events.tool_use_id = "
        "substr(call.key, length(call.session_id) + 2) "
        f"AND events.session_id = call.session_id AND {sql} AND ({condition})"
    )
    return about, (f"EXISTS ({event})", [*values, *more])


def positions(read: Read) -> tuple[int, int]:
    """Return how far the words and the values of events are indexed."""
    row = read("SELECT (SELECT seq FROM search_position), (SELECT seq FROM blocks_position)", ())[0]
    return int(row[0]), int(row[1])


def _source(where: Sql, compiled: Compiled, span: _Span, indexed: bool) -> Source:
    sql, values = where
    if indexed and compiled.match:
        condition, more = compiled.where
        return Source(
            "search CROSS JOIN events ON events.seq = search.rowid",
            f"search MATCH ? AND search.rowid > ? AND search.rowid <= ? AND {sql} "
            f"AND ({condition})",
            [compiled.match, *span, *values, *more],
            "search.rowid",
            compiled.widely,
        )
    condition, more = compiled.where if indexed else compiled.unindexed
    sql = f"events.seq > ? AND events.seq <= ? AND {sql} AND ({condition})"
    return Source("events", sql, [*span, *values, *more], "events.seq")


def _spans(wanted: EventFilter, compiled: Compiled, position: int, read: Read) -> Iterator[_Span]:
    """Yield the numbers to look at, in the order wanted, without those that cannot fit."""
    whole = _Span(wanted.after, wanted.before - 1 if wanted.before else END)
    blocks = [*compiled.blocks, *_blocks_of(wanted)]
    if not blocks:
        yield whole
        return
    if wanted.newest_first:
        edge = max(whole.above, min(_newest(wanted, read) - NEAR, position))
        yield _Span(edge, whole.until)
        found = _of_blocks(blocks, _Span(whole.above, edge), True, read)
        yield from _at_once(list(found)) if compiled.widely else found
        return
    first = read("SELECT coalesce(min(seq), 0) FROM events WHERE seq > ?", (whole.above,))
    near = min(whole.until, int(first[0][0]) + NEAR)
    yield _Span(whole.above, near)
    edge = min(whole.until, position)
    if near < edge:
        yield from _of_blocks(blocks, _Span(near, edge), False, read)
    if max(near, edge) < whole.until:
        yield _Span(max(near, edge), whole.until)


def _newest(wanted: EventFilter, read: Read) -> int:
    """Return the number of the newest event that the reading may begin with, 0 without any."""
    until = wanted.before - 1 if wanted.before else END
    return int(read("SELECT coalesce(max(seq), 0) FROM events WHERE seq <= ?", (until,))[0][0])


def _at_once(spans: list[_Span]) -> list[_Span]:
    """Return one span for all: asking the index once for each is what costs."""
    if not spans:
        return []
    return [_Span(min(span.above for span in spans), max(span.until for span in spans))]


def _of_blocks(blocks: list[Sql], within: _Span, newest_first: bool, read: Read) -> Iterator[_Span]:
    """Yield the spans of the blocks that are in every selection; neighbours are one span."""
    if within.above >= within.until:
        return
    selected = " INTERSECT ".join(f"SELECT block FROM ({sql})" for sql, _ in blocks)
    found = read(
        f"SELECT block FROM ({selected}) WHERE block >= ? AND block <= ? "
        f"ORDER BY block {'DESC' if newest_first else 'ASC'}",
        [
            *(value for _, values in blocks for value in values),
            (within.above + 1) // BLOCK,
            within.until // BLOCK,
        ],
    )
    for first, last in _runs([block for (block,) in found]):
        yield _Span(
            max(within.above, first * BLOCK - 1), min(within.until, last * BLOCK + BLOCK - 1)
        )


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
