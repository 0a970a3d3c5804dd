"""RequestSums: requests to the model as SQLite adds them up, by what names a row.

A request counts for the session it belongs to, its `owner`; where a fork shares it, for the others
that have it as well, each of them a `holder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from typing import Any, NamedTuple

import msgspec

from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage.event_filter import OF_PROJECT
from claude_mpm_monitor.storage.rows import Each, Read

#: Figures that are added up, in the order in which they are read; costs are in picodollars.
COUNTED = (
    *("input", "output", "cache_write_5m", "cache_write_1h", "cache_read", "web_searches"),
    *("cost_input", "cost_output", "cost_cache_write", "cost_cache_read", "cost_web_search"),
    "low_confidence",
)
_READ = ("key", "agent_id", "at", "model", *COUNTED, "evidence", "prompt_tokens", "tools")
#: The model of a request that has no price.
_UNPRICED = "CASE WHEN cost_input IS NULL THEN model END"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests: "" and None do not narrow them down; `span` is from the first µs to before
    the second. With `shared` those of all their holders, else of their owners."""

    session_id: str = ""
    project: str = ""
    span: tuple[int, int] | None = None
    shared: bool = False


class Group(NamedTuple):
    """Requests with the same names: what they are known by, the model that has no price (None:
    they have), how many they are, and the sums of `COUNTED`."""

    names: tuple[Any, ...]
    evidence: str
    unpriced: str | None
    calls: int
    sums: tuple[int, ...]

    def plus(self, other: Group | None) -> Group:
        """Return both together, under the names of this one."""
        if other is None:
            return self
        sums = tuple(map(add, self.sums, other.sums))
        return self._replace(calls=self.calls + other.calls, sums=sums)


#: One request, of the session it counts for: holder, agent_id, prompt_tokens, the names of tools
#: that the answer asked for (a JSON array, None without any), evidence, the model that has no
#: price (None: it has), and from `FIGURES_AT` on the figures of `COUNTED`. A plain tuple, for there
#: may be hundreds of thousands.
Request = tuple[Any, ...]
FIGURES_AT = 6


def added_up(read: Read, names: Sequence[str], chosen: Chosen) -> list[Group]:
    """Return the sums by `names`: expressions in SQL over the columns of `requests` and `owner`; by
    `holder` a request counts for each of them, otherwise once."""
    source, values = _source(chosen, each_holder="holder" in names)
    groups = ", ".join((*names, "evidence", _UNPRICED))
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in COUNTED)
    rows = read(f"SELECT {groups}, count(*), {sums} FROM ({source}) GROUP BY {groups}", values)
    at = len(names)
    return [Group(row[:at], row[at], row[at + 1], row[at + 2], row[at + 3 :]) for row in rows]


def in_order(each: Each, chosen: Chosen) -> Iterable[Request]:
    """Yield each request, those of one agent side by side and by time."""
    source, values = _source(chosen, each_holder=True)
    known = ("holder", "agent_id", "coalesce(prompt_tokens, 0)", "tools", "evidence", _UNPRICED)
    columns = ", ".join((*known, *(f"coalesce({name}, 0)" for name in COUNTED)))
    return each(f"SELECT {columns} FROM ({source}) ORDER BY holder, agent_id, at, key", values)


def _source(chosen: Chosen, *, each_holder: bool) -> Sql:
    """Return the selection of the requests with their owners, and once for each of their holders
    or once in all."""
    columns = ", ".join((*(f"r.{name}" for name in _READ), "r.session_id AS owner"))
    condition, values = _condition("r", chosen)
    holder = ", r.session_id AS holder" if each_holder else ""
    owned = f"SELECT {columns}{holder} FROM requests AS r WHERE {condition}"
    if not chosen.shared:
        return owned, values
    condition, more = _condition("note", chosen)
    holder = ", note.session_id" if each_holder else ""
    shared = (
        f"SELECT {columns}{holder} FROM documents AS note "
        "CROSS JOIN documents AS call ON call.topic = 'api_call' "
        "AND call.key = json_extract(note.value, '$.call') "
        "CROSS JOIN requests AS r ON r.session_id = call.session_id AND r.key = call.key "
        "AND r.session_id <> note.session_id "
        f"WHERE note.topic = '_api_call_of' AND {condition}"
    )
    return f"{owned} {'UNION ALL' if each_holder else 'UNION'} {shared}", [*values, *more]


def _condition(table: str, chosen: Chosen) -> Sql:
    parts, values = ["true"], list[object]()
    if chosen.session_id:
        parts.append(f"{table}.session_id = ?")
        values.append(chosen.session_id)
    if chosen.project:
        parts.append(f"{table}.{OF_PROJECT}")
        values.append(chosen.project)
    if chosen.span is not None:
        parts.append("r.at >= ? AND r.at < ?")
        values += chosen.span
    return " AND ".join(parts), values
