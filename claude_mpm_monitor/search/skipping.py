"""Which blocks of the log can hold what a query asks for, in SQL over the table `blocks`.

A block is left out only when nothing in it can fit. What is said of a block may be more than true,
so a query's conditions are still asked of each event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from claude_mpm_monitor.search.fields import (
    Sql,
    duration_us,
    like,
    moment_us,
    picodollars,
    tokens_in,
)
from claude_mpm_monitor.search.language import All, Any, Comparison, Node

#: What events say in a column of their own, by the field that asks for it.
COLUMNS = {
    "tool": "tool_name",
    "kind": "kind",
    "session": "session_id",
    "project": "project",
    "branch": "branch",
    "source": "source",
    "prompt": "prompt_id",
    "agent": "agent_id",
}
HOUR_US = 3_600_000_000
_WHOLE = "CAST({0} AS INTEGER)"
#: A number as it stands in the table, in SQL: how many digits it has and the first of them, so
#: that the order of such texts is that of the numbers.
MAGNITUDE = f"printf('%02d', length({_WHOLE})) || substr({_WHOLE}, 1, 1)"


def skipping(node: Node, now: datetime) -> tuple[Sql, ...]:
    """Return selections of blocks; an event that fits lies in all of them. None: in any block.

    The comparisons are known to be right: `fields.condition` has looked at them.
    """
    nodes = node.nodes if isinstance(node, All) else (node,)
    found = [_blocks(one, now) for one in nodes]
    return tuple(one for one in found if one is not None)


def of_values(field: str, values: Sequence[str]) -> Sql:
    """Return the blocks that have one of these very values."""
    marks = ", ".join("?" * len(values))
    return f"SELECT block FROM blocks WHERE field = ? AND value IN ({marks})", [field, *values]


def of_sessions(condition: Sql) -> Sql:
    """Return the blocks of the sessions that fulfil a condition (columns of `sessions`)."""
    keys = f"SELECT session FROM sessions WHERE {condition[0]}"
    return f"SELECT block FROM blocks WHERE field = 'session' AND value IN ({keys})", condition[1]


def magnitude(number: float) -> str:
    """Return a number (0 or more) as it stands in the table."""
    digits = str(int(number))
    return f"{len(digits):02}{digits[0]}"


def hour(at: int) -> str:
    """Return a time (µs since the epoch) as it stands in the table."""
    return f"{at // HOUR_US:08}"


def _blocks(node: Node, now: datetime) -> Sql | None:
    if isinstance(node, Comparison):
        make = _FIELDS.get(node.field)
        return None if make is None else make(node, now)
    if isinstance(node, Any):
        found = [_blocks(one, now) for one in node.nodes]
        known = [one for one in found if one is not None]
        return _together(" UNION ", known) if len(known) == len(found) else None
    if isinstance(node, All):
        known = [one for one in (_blocks(one, now) for one in node.nodes) if one is not None]
        return _together(" INTERSECT ", known) if known else None
    return None


def _together(how: str, parts: Sequence[Sql]) -> Sql:
    text = how.join(f"SELECT block FROM ({sql})" for sql, _ in parts)
    return text, [value for _, values in parts for value in values]


def _like(field: str, *patterns: str) -> Sql:
    fits = " OR ".join(["value LIKE ? ESCAPE '\\'"] * len(patterns))
    return f"SELECT block FROM blocks WHERE field = ? AND ({fits})", [field, *patterns]


def _named(comparison: Comparison, now: datetime) -> Sql:
    return _like(comparison.field, like(comparison.value))


def _session(comparison: Comparison, now: datetime) -> Sql:
    return _like("session", f"{like(comparison.value)}%")


def _path(comparison: Comparison, now: datetime) -> Sql:
    pattern = like(comparison.value)
    return _like(comparison.field, pattern, f"%/{pattern}")


def _model(comparison: Comparison, now: datetime) -> Sql:
    return of_sessions(("model LIKE ? ESCAPE '\\'", [f"%{like(comparison.value)}%"]))


def _error(comparison: Comparison, now: datetime) -> Sql | None:
    """Calls that did not fail have an error, too: an empty one."""
    if not like(comparison.value).strip("%"):
        return None
    return of_values("error", ["1"])


def _ordered(
    field: str, number_of: Callable[[Comparison], float]
) -> Callable[[Comparison, datetime], Sql]:
    def blocks(comparison: Comparison, now: datetime) -> Sql:
        operator = ">=" if comparison.operator in (">", ">=") else "<="
        sql = f"SELECT block FROM blocks WHERE field = ? AND value {operator} ?"
        return sql, [field, magnitude(number_of(comparison))]

    return blocks


def _after(comparison: Comparison, now: datetime) -> Sql:
    at = hour(moment_us(comparison, now))
    return "SELECT block FROM blocks WHERE field = 'hour' AND value >= ?", [at]


def _before(comparison: Comparison, now: datetime) -> Sql:
    at = hour(moment_us(comparison, now))
    return "SELECT block FROM blocks WHERE field = 'hour' AND value <= ?", [at]


_FIELDS: dict[str, Callable[[Comparison, datetime], Sql | None]] = {
    **dict.fromkeys(("tool", "kind", "branch", "source", "prompt", "agent", "status"), _named),
    "session": _session,
    "project": _path,
    "file": _path,
    "model": _model,
    "error": _error,
    "dur": _ordered("dur", duration_us),
    "cost": _ordered("cost", picodollars),
    "tokens": _ordered("tokens", tokens_in),
    "after": _after,
    "before": _before,
}
