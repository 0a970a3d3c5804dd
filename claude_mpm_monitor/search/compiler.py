"""Compiler: a query's tree as SQL over the table `events` and the full-text index `search`.

What is all words goes to the index as one match, by which it yields events newest first without
looking at the others; the rest are conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from claude_mpm_monitor.search.fields import Sql, condition
from claude_mpm_monitor.search.language import All, Any, Comparison, Node, Not, Text
from claude_mpm_monitor.search.skipping import skipping
from claude_mpm_monitor.search.words import match_of

#: A function of SQL that the store registers: whether an event has the words (1) or their
#: beginning (2nd argument 1), for events that are not in the index yet.
HAS_WORDS = "has_words"


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """A query in SQL. `match` is for the index ("": any event), `where` for the events found.

    `unindexed` is the whole query for events that are not in the index. `blocks` are selections of
    blocks of the log: what fits lies in all of them. `widely` says that the match has a beginning
    of words: the index then brings together all events with such a word before it yields one.
    """

    match: str
    where: Sql
    unindexed: Sql
    blocks: tuple[Sql, ...]
    widely: bool


def compile_query(node: Node, now: datetime) -> Compiled:
    """Return the query in SQL; raises QueryError. `now` has the reader's time zone."""
    nodes = node.nodes if isinstance(node, All) else (node,)
    words = [one for one in nodes if _is_words(one)]
    positive = [one for one in words if not isinstance(one, Not)]
    # The index cannot say what has *not* a word, only which of those found have not.
    matched = words if positive else []
    rest = [one for one in nodes if one not in matched]
    return Compiled(
        match=_match(All(tuple(matched))),
        where=_all([_sql(one, now, indexed=True) for one in rest]),
        # Words last: to look at them, an event has to be unpacked.
        unindexed=_all([_sql(one, now, indexed=False) for one in sorted(nodes, key=_is_words)]),
        blocks=skipping(node, now),
        widely=any(map(_has_beginning, matched)),
    )


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


def _has_beginning(node: Node) -> bool:
    if isinstance(node, Text):
        return node.beginning
    if isinstance(node, Not):
        return _has_beginning(node.node)
    return isinstance(node, Any | All) and any(map(_has_beginning, node.nodes))


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
        return "1", []
    if indexed:
        return "events.seq IN (SELECT rowid FROM search WHERE search MATCH ?)", [match]
    arguments = "?, ?, events.kind, events.tool_name, events.summary, events.payload"
    return f"{HAS_WORDS}({arguments})", [node.words, int(node.beginning)]


def _all(parts: list[Sql]) -> Sql:
    return _join(" AND ", parts)


def _join(joined: str, parts: list[Sql]) -> Sql:
    if not parts:
        return "1", []
    text = joined.join(f"({sql})" for sql, _ in parts)
    return text, [value for _, values in parts for value in values]
