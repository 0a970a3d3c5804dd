"""What of a query a tool call answers by itself, in SQL over `documents AS call`.

What is asked of events only (words, kinds, costs …) is left for the call's events.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.model.tools import RENAMED_TOOLS
from claude_mpm_monitor.search.compiler import combined
from claude_mpm_monitor.search.fields import Sql, duration_us, field_of, like
from claude_mpm_monitor.search.language import All, Any, Comparison, Node, Not, Text


class Bound(NamedTuple):
    """What a query says of one field of a call: a condition in SQL with {} for the field.

    `by_pattern`: each value has to be looked at; `holds_of_events`: a call's events say the same.
    """

    field: str | tuple[str, ...]
    condition: str
    values: list[object]
    by_pattern: bool
    holds_of_events: bool = True


class AboutCalls(msgspec.Struct, frozen=True, kw_only=True):
    """A query about tool calls: `where` is about the call, `rest` about its events.

    `bounds` hold of all calls that fit.
    """

    where: Sql
    rest: Node
    bounds: tuple[Bound, ...]


#: What an agent answers by itself, as its calls do.
OF_AGENTS = frozenset({"agent", "session", "model"})


def about_calls(node: Node, now: datetime, fields: Container[str] | None = None) -> AboutCalls:
    """Take a query apart; raises QueryError. `now` has the reader's time zone.

    Only `fields` are asked of the call, if they are given.
    """
    nodes = node.nodes if isinstance(node, All) else (node,)
    own = [one for one in nodes if _is_own(one, fields)]

    def leaf(one: Text | Comparison) -> Sql:
        assert isinstance(one, Comparison), "_is_own has seen to that"
        of_call = field_of(one).of_call
        assert of_call is not None, "and to that"
        return of_call(one, now)

    sql, values = combined(All(tuple(own)), leaf)
    return AboutCalls(
        where=(f"({sql})", values),
        rest=All(tuple(one for one in nodes if one not in own)),
        bounds=tuple(bound for bound in map(_bound, own) if bound is not None),
    )


def is_known_of_calls(node: Node) -> bool:
    """Tell whether calls know all that is asked: what their agents are is not, nor which of its
    names an event has for a renamed tool."""
    if isinstance(node, Comparison):
        of_calls = field_of(node).of_call is not None and node.field not in OF_AGENTS
        return of_calls and not (node.field == "tool" and _may_be_renamed(node))
    if isinstance(node, Not):
        return is_known_of_calls(node.node)
    return isinstance(node, All | Any) and all(map(is_known_of_calls, node.nodes))


def _may_be_renamed(comparison: Comparison) -> bool:
    pattern = ".*".join(map(re.escape, comparison.value.split("*")))
    return any(re.fullmatch(pattern, name, re.IGNORECASE) for name in RENAMED_TOOLS)


def _bound(node: Node) -> Bound | None:
    if not isinstance(node, Comparison):
        return None
    pattern = like(node.value)
    if node.field == "status":
        return Bound("status", "{} = ?", [node.value.lower()], by_pattern=False)
    if node.field == "dur":
        limit: list[object] = [duration_us(node)]
        return Bound("duration_us", f"{{}} {node.operator} ?", limit, by_pattern=False)
    if node.field == "tool":
        condition, alike = "{} LIKE ? ESCAPE '\\'", not _may_be_renamed(node)
        return Bound("tool_name", condition, [pattern], by_pattern=True, holds_of_events=alike)
    if node.field == "file":
        either = "({0} LIKE ? ESCAPE '\\' OR {0} LIKE ? ESCAPE '\\')"
        return Bound(("file", "path"), either, [pattern, f"%/{pattern}"], by_pattern=True)
    return None


def _is_own(node: Node, fields: Container[str] | None) -> bool:
    if isinstance(node, Comparison):
        return field_of(node).of_call is not None and (fields is None or node.field in fields)
    if isinstance(node, Not):
        return _is_own(node.node, fields)
    return isinstance(node, All | Any) and all(_is_own(one, fields) for one in node.nodes)
