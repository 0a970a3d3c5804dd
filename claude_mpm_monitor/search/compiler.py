"""Compiler: a query's tree as SQL over the table `events` and the full-text index `search`.

What is all words goes to the index as one match, by which it yields events newest first without
looking at the others; the rest are conditions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from claude_mpm_monitor.search.fields import Sql, condition
from claude_mpm_monitor.search.language import All, Any, Comparison, Node, Not, Text
from claude_mpm_monitor.search.noise import NO_NOISE_KIND, TOLD_ONCE
from claude_mpm_monitor.search.skipping import skipping
from claude_mpm_monitor.search.words import match_of

#: A function of SQL that the store registers: whether an event has the words (1) or their
#: beginning (2nd argument 1), for events that the index is not asked for.
HAS_WORDS = "has_words"
_TRUE: Sql = ("1", [])


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A query in SQL: all that has to hold of an event.

    `columns` is what an event's own columns answer, to be asked first. The rest of it is, for
    events in the index, `match` ("": any event) for the index and `where` for what that finds; for
    others it is `unindexed`. `blocks` are selections of blocks of the log: what fits lies in all
    of them.
    """

    match: str
    columns: Sql
    where: Sql
    unindexed: Sql
    blocks: tuple[Sql, ...]
    #: Whether an event has one of the words of which the index has to bring together all events
    #: before it yields one; None: there is no such word.
    gathered: Sql | None
    #: Nothing is asked but what the index matches.
    only_match: bool


def compile_query(node: Node, now: datetime) -> Compiled:
    """Return the query in SQL; raises QueryError. `now` has the reader's time zone."""
    nodes = node.nodes if isinstance(node, All) else (node,)
    words = [one for one in nodes if _is_words(one)]
    positive = [one for one in words if not isinstance(one, Not)]
    # The index cannot say what has *not* a word, only which of those found have not.
    matched = words if positive else []
    rest = [one for one in nodes if one not in matched]
    columns = [one for one in rest if not _has_words(one) and _is_of_columns(one, now)]
    others = [one for one in rest if one not in columns]
    return Compiled(
        match=_match(All(tuple(matched))),
        columns=all_of([_sql(one, now, indexed=False) for one in columns]),
        where=all_of([_sql(one, now, indexed=True) for one in others]),
        unindexed=_words_last([*others, *matched], now),
        blocks=skipping(node, now),
        gathered=_any_of([*filter(_is_beginning, _texts(matched)), *_texts(others)]),
        only_match=not rest,
    )


def _words_last(nodes: list[Node], now: datetime) -> Sql:
    """Return all of it; words are looked for where the rest holds, since that unpacks an event.

    SQLite would ask other tables last.
    """
    with_words = all_of([_sql(one, now, indexed=False) for one in nodes if _has_words(one)])
    without = all_of([_sql(one, now, indexed=False) for one in nodes if not _has_words(one)])
    if _TRUE in (with_words, without):
        return with_words if without == _TRUE else without
    return (
        f"CASE WHEN {without[0]} THEN {with_words[0]} ELSE 0 END",
        [*without[1], *with_words[1]],
    )


def _is_of_columns(node: Node, now: datetime) -> bool:
    return "SELECT" not in _sql(node, now, indexed=False)[0]


def _has_words(node: Node) -> bool:
    return any(True for _ in _texts([node]))


def _is_words(node: Node) -> bool:
    if isinstance(node, Text):
        return bool(match_of(node))
    if isinstance(node, Not):
        return isinstance(node.node, Text | Any | All) and _is_positive(node.node)
    return isinstance(node, Any | All) and _is_positive(node)


def _is_positive(node: Node) -> bool:
    """Tell whether the tree is words alone, none of them negated."""
    if isinstance(node, Text):
        return bool(match_of(node))
    return isinstance(node, Any | All) and all(map(_is_positive, node.nodes)) and node != All()


def _texts(nodes: Iterable[Node]) -> Iterator[Text]:
    """Yield the words that a tree asks for, wherever they stand."""
    for node in nodes:
        if isinstance(node, Text):
            if match_of(node):
                yield node
        elif isinstance(node, Not):
            yield from _texts([node.node])
        elif isinstance(node, All | Any):
            yield from _texts(node.nodes)


def _is_beginning(text: Text) -> bool:
    return text.beginning


def _any_of(texts: list[Text]) -> Sql | None:
    if not texts:
        return None
    return _join(" OR ", [_text(one, indexed=False) for one in texts])


def _match(node: Node) -> str:
    if isinstance(node, Text):
        return match_of(node)
    if isinstance(node, Any):
        return f"({' OR '.join(map(_match, node.nodes))})"
    if not isinstance(node, All):
        return ""
    found = " AND ".join(_match(one) for one in node.nodes if not isinstance(one, Not))
    unwanted = [_match(one.node) for one in node.nodes if isinstance(one, Not)]
    text = " NOT ".join([f"({found})", *unwanted]) if unwanted else found
    return f"({text})" if text else ""


def combined(node: Node, leaf: Callable[[Text | Comparison], Sql]) -> Sql:
    """Return a tree in SQL, given what its leaves are in it."""
    if isinstance(node, Text | Comparison):
        return leaf(node)
    if isinstance(node, Not):
        inner, values = combined(node.node, leaf)
        return f"NOT coalesce({inner}, 0)", values
    joined = " AND " if isinstance(node, All) else " OR "
    return _join(joined, [combined(one, leaf) for one in node.nodes])


def _sql(node: Node, now: datetime, *, indexed: bool) -> Sql:
    def leaf(one: Text | Comparison) -> Sql:
        return _text(one, indexed) if isinstance(one, Text) else condition(one, now)

    return combined(node, leaf)


def _text(node: Text, indexed: bool) -> Sql:
    match = match_of(node)
    if not match:
        return _TRUE
    if indexed:
        return "events.seq IN (SELECT rowid FROM search WHERE search MATCH ?)", [match]
    # Noise is in no index either.
    arguments = "?, ?, events.kind, events.tool_name, events.summary, events.payload"
    return f"{NO_NOISE_KIND} AND {TOLD_ONCE} AND {HAS_WORDS}({arguments})", [
        node.words,
        int(node.beginning),
    ]


def all_of(parts: list[Sql]) -> Sql:
    """Return the condition that all of these hold."""
    return _join(" AND ", parts)


def _join(joined: str, parts: list[Sql]) -> Sql:
    if not parts:
        return _TRUE
    text = joined.join(f"({sql})" for sql, _ in parts)
    return text, [value for _, values in parts for value in values]
