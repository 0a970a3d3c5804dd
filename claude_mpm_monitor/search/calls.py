"""What of a query a tool call answers by itself, in SQL over `documents AS call`.

What is asked of events only (words, kinds, costs …) is left for the call's events.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from claude_mpm_monitor.search.fields import Sql, duration_us, field_of
from claude_mpm_monitor.search.language import All, Any, Comparison, Node, Not

#: A field of a call, an operator of SQL, and what the field is compared with.
Bound = tuple[str, str, object]


class AboutCalls(msgspec.Struct, frozen=True, kw_only=True):
    """A query about tool calls: `where` is about the call, `rest` about its events.

    `bounds` hold of all calls that fit: comparisons of single fields.
    """

    where: Sql
    rest: Node
    bounds: tuple[Bound, ...]


def about_calls(node: Node, now: datetime) -> AboutCalls:
    """Take a query apart; raises QueryError. `now` has the reader's time zone."""
    nodes = node.nodes if isinstance(node, All) else (node,)
    own = [one for one in nodes if _is_own(one)]
    return AboutCalls(
        where=_condition(All(tuple(own)), now),
        rest=All(tuple(one for one in nodes if one not in own)),
        bounds=tuple(_bound(one) for one in own if isinstance(one, Comparison) and _bounds(one)),
    )


def _bounds(comparison: Comparison) -> bool:
    return comparison.field in ("status", "dur")


def _bound(comparison: Comparison) -> Bound:
    if comparison.field == "status":
        return "status", "=", comparison.value.lower()
    return "duration_us", comparison.operator, duration_us(comparison)


def _is_own(node: Node) -> bool:
    if isinstance(node, Comparison):
        return field_of(node).of_call is not None
    if isinstance(node, Not):
        return _is_own(node.node)
    return isinstance(node, All | Any) and all(map(_is_own, node.nodes))


def _condition(node: Node, now: datetime) -> Sql:
    if isinstance(node, Comparison):
        of_call = field_of(node).of_call
        assert of_call is not None, "_is_own has seen to that"
        return of_call(node, now)
    if isinstance(node, Not):
        inner, values = _condition(node.node, now)
        return f"NOT coalesce({inner}, 0)", values
    assert isinstance(node, All | Any), "_is_own has seen to that"
    parts = [_condition(one, now) for one in node.nodes]
    joined = (" AND " if isinstance(node, All) else " OR ").join(f"({sql})" for sql, _ in parts)
    return f"({joined or 'true'})", [value for _, values in parts for value in values]
