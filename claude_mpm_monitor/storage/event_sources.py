"""What to read for a filter, in order: parts of the log, each as one SELECT's source and condition.

Where the numbers of events lead (event_spans.py) is one thing; the other is how what fits is found
among them: by the full-text index, by the few tool calls that can be meant, or by looking.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.search.calls import about_calls
from claude_mpm_monitor.search.compiler import Compiled, all_of, compile_query
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.language import Node
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.storage.document_indexes import few
from claude_mpm_monitor.storage.event_filter import EventFilter, conditions
from claude_mpm_monitor.storage.event_spans import Span, Spans
from claude_mpm_monitor.storage.rows import Read

#: Numbers of events that are looked at before anything else is asked.
NEAR = 2_000
#: The same where nothing but words is asked for, each of which may have to be unpacked (60 µs):
#: what is common is among them, and what is not the index knows.
READ = 200
#: More events with a word than this (0.1 s) the index does not bring together at once: they are
#: looked at one by one first, for as long as the index would take (seconds for each), and most
#: pages are full by then; no longer than `MOST_SECONDS`, since the index has to have its time, too.
#: Nobody waits for figures beside a list where there are so many.
COMMON, GATHERING_SECONDS, MOST_SECONDS = 100_000, 1.5e-6, 1.0
#: What is known of an event by its tool call alone.
KNOWN_OF_CALLS = ("status", "duration_us", ("file", "path"))
_WITHIN = "events.seq > ? AND events.seq <= ?"
IS_OF_CALL = (
    "{0}.tool_use_id <> '' AND {0}.tool_use_id = substr(call.key, length(call.session_id) + 2) "
    "AND {0}.session_id = call.session_id"
)


class Source(NamedTuple):
    """A part of what is looked for: tables, the condition, and the column to order by.

    `gathers`: before it yields one event, the index has to bring many together that have some
    word, which nothing interrupts.
    """

    tables: str
    where: str
    values: list[object]
    order: str
    gathers: bool = False


def sources(
    wanted: EventFilter,
    positions: tuple[int, int],
    read: Read,
    node: Node | None = None,
    *,
    all_of_them: bool = False,
) -> Iterator[Source]:
    """Yield the parts in the order wanted; raises QueryError.

    `positions` are how far the words and the values of events are indexed; `node` is the query, if
    it is not that of the filter. With `all_of_them` no part is there to have the first ones soon.
    """
    words, values = positions
    now = datetime.now().astimezone()
    node = parse(wanted.text) if node is None else node
    compiled = compile_query(node, now)
    finding = Finding(wanted, compiled, words)
    spans = Spans(wanted, compiled.blocks, values, read)
    if not spans.narrows and compiled.gathered is None:
        yield from finding.by_index(spans.whole)
        return
    near, beyond = spans.near(READ if compiled.only_match else NEAR)
    yield from [finding.by_looking(near)] if compiled.gathered else finding.by_index(near)
    calls = _few_calls(node, now, read)
    if calls is not None:
        yield finding.by_calls(beyond, calls)
        return
    rest = list(spans.rest(beyond))
    if compiled.gathered is None or not rest:
        for span in rest:
            yield from finding.by_index(span)
        return
    gathered = 0.0 if all_of_them else spans.estimate(compiled.gathered)
    if gathered > COMMON:
        seconds = min(gathered * GATHERING_SECONDS, MOST_SECONDS)
        yield from _in_time(finding, spans, rest, seconds)
    else:
        yield from finding.by_index(spans.from_on(rest[0], rest[-1]))


def _in_time(finding: Finding, spans: Spans, rest: list[Span], seconds: float) -> Iterator[Source]:
    """Yield what is looked at for a while, and what is left then as one part for the index."""
    until = time.monotonic() + seconds
    for span in rest:
        for piece in spans.pieces(span, NEAR):
            if time.monotonic() >= until:
                yield from finding.by_index(spans.from_on(piece, rest[-1]), gathers=True)
                return
            yield finding.by_looking(piece)


def positions(read: Read) -> tuple[int, int]:
    """Return how far the words and the values of events are indexed."""
    row = read("SELECT (SELECT seq FROM search_position), (SELECT seq FROM blocks_position)", ())[0]
    return int(row[0]), int(row[1])


class Finding(NamedTuple):
    """How what fits is found in a span. `words`: how far the words of events are indexed."""

    wanted: EventFilter
    compiled: Compiled
    words: int

    def by_looking(self, span: Span) -> Source:
        """Look at each event."""
        sql, values = looking(self.wanted, self.compiled)
        return Source("events", f"{_WITHIN} AND {sql}", [*span, *values], "events.seq")

    def by_index(self, span: Span, gathers: bool = False) -> Iterator[Source]:
        """Ask the index for words, as far as it goes."""
        above = Span(max(span.above, self.words), span.until)
        below = Span(span.above, min(span.until, self.words))
        in_order = (above, below) if self.wanted.newest_first else (below, above)
        for part in in_order:
            if not part.is_empty:
                yield self._indexed(part, gathers) if part is below else self.by_looking(part)

    def by_calls(self, span: Span, rowids: list[int]) -> Source:
        """Look at the events of tool calls, given where those are among the documents."""
        found = (
            "SELECT named.seq FROM documents AS call CROSS JOIN events AS named "
            f"ON {IS_OF_CALL.format('named')} WHERE call.rowid IN (SELECT value FROM json_each(?))"
        )
        sql, values = looking(self.wanted, self.compiled)
        where = f"{_WITHIN} AND events.seq IN ({found}) AND {sql}"
        listed = msgspec.json.encode(rowids).decode()
        return Source("events", where, [*span, listed, *values], "events.seq")

    def _indexed(self, span: Span, gathers: bool) -> Source:
        columns, where = self.compiled.columns, self.compiled.where
        sql, values = all_of([columns, conditions(self.wanted), where])
        if not self.compiled.match:
            return Source("events", f"{_WITHIN} AND {sql}", [*span, *values], "events.seq", gathers)
        return Source(
            "search CROSS JOIN events ON events.seq = search.rowid",
            f"search MATCH ? AND search.rowid > ? AND search.rowid <= ? AND {sql}",
            [self.compiled.match, *span, *values],
            "search.rowid",
            gathers,
        )


def looking(wanted: EventFilter, compiled: Compiled) -> Sql:
    """Return all conditions of an event, the quick ones first."""
    return all_of([compiled.columns, conditions(wanted), compiled.unindexed])


def _few_calls(node: Node, now: datetime, read: Read) -> list[int] | None:
    """Return the rowids of the tool calls whose events can fit, None when they may be many."""
    bounds = about_calls(node, now).bounds
    if not any(bound.field in KNOWN_OF_CALLS for bound in bounds):
        return None  # an event without a call may have a tool, too
    return few([bound for bound in bounds if bound.holds_of_events], read)
