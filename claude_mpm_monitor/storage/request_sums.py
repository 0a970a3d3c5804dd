"""RequestSums: requests to the model as SQLite adds them up, by what names a row.

A request counts for the session it belongs to, its `owner`; where a fork shares it, for the others
that have it as well, each of them a `holder`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import add
from typing import Any, NamedTuple

import msgspec

from claude_mpm_monitor.model.event import LATEST_AT
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage.event_filter import OF_PROJECT
from claude_mpm_monitor.storage.rows import Each, Read

#: Figures that are added up, in the order in which they are read; costs are in picodollars.
COUNTED = (
    *("input", "output", "cache_write_5m", "cache_write_1h", "cache_read", "web_searches"),
    *("cost_input", "cost_output", "cost_cache_write", "cost_cache_read", "cost_web_search"),
    "low_confidence",
)
#: What is read of a request; `unpriced` is the model of one that has no price.
_READ = (
    *("r.key", "r.agent_id", "r.at", "r.model", *(f"r.{name}" for name in COUNTED), "r.evidence"),
    *("r.prompt_tokens", "r.tools", "CASE WHEN r.cost_input IS NULL THEN r.model END AS unpriced"),
    "1 AS calls",
)
#: The same of requests that were added up (`request_rollups`), which have no key, agent, prompt and
#: tools any more. Days begin, by any clock in use, at a multiple of a quarter of an hour (µs).
QUARTER_US = 15 * 60 * 10**6
_READ_OF_QUARTERS = (
    *("NULL", "NULL", f"r.name * {QUARTER_US}", "r.model", *(f"r.{name}" for name in COUNTED)),
    *("r.evidence", "NULL", "NULL", "r.unpriced", "r.calls"),
)


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests: "" and None do not narrow them down; `span` is from the first µs to before
    the second. With `shared` those of all their holders, else of their owners."""

    session_id: str = ""
    project: str = ""
    span: tuple[int, int] | None = None
    shared: bool = False
    #: Only of sessions whose sums hold, or do not hold (None: of all).
    sums_hold: bool | None = None

    @property
    def is_of_quarters(self) -> bool:
        """Whether all of each quarter of an hour is chosen, or none of it."""
        return self.span is None or not any(
            edge % QUARTER_US for edge in self.span if edge < LATEST_AT
        )


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


def added_up(read: Read, names: Sequence[str], chosen: Chosen, *, kept: bool = True) -> list[Group]:
    """Return the sums by `names`: expressions in SQL over the columns of `requests` and `owner`; by
    `holder` a request counts for each of them, otherwise once. With `kept` from sums where those
    hold."""
    kept = kept and chosen.is_of_quarters and "agent_id" not in names
    return grouped(read, names, _source(chosen, each_holder="holder" in names, kept=kept))


def grouped(
    read: Read, names: Sequence[str], source: Sql, counted: Sequence[str] = COUNTED
) -> list[Group]:
    """Return the sums by `names` of a selection of `evidence`, `unpriced`, `calls` and what is
    counted."""
    selected, values = source
    groups = ", ".join((*names, "evidence", "unpriced"))
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in counted)
    rows = read(f"SELECT {groups}, sum(calls), {sums} FROM ({selected}) GROUP BY {groups}", values)
    at = len(names)
    return [Group(row[:at], row[at], row[at + 1], row[at + 2], row[at + 3 :]) for row in rows]


def in_order(each: Each, chosen: Chosen) -> Iterable[Request]:
    """Yield each request, those of one agent side by side and by time."""
    source, values = _source(chosen, each_holder=True)
    known = ("holder", "agent_id", "coalesce(prompt_tokens, 0)", "tools", "evidence", "unpriced")
    columns = ", ".join((*known, *(f"coalesce({name}, 0)" for name in COUNTED)))
    return each(f"SELECT {columns} FROM ({source}) ORDER BY holder, agent_id, at, key", values)


def _source(chosen: Chosen, *, each_holder: bool, kept: bool = False) -> Sql:
    """Return the selection of the requests with their owners, and once for each of their holders
    or once in all; with `kept` those that are added up in place of theirs."""
    if chosen.shared and not (each_holder or chosen.session_id):
        kept = False  # whether a request is there already can be told of requests only
    columns = ", ".join((*_READ, "r.session_id AS owner"))
    condition, values = condition_of("r", holding(chosen, False) if kept else chosen)
    holder = ", r.session_id AS holder" if each_holder else ""
    selected = f"SELECT {columns}{holder} FROM requests AS r WHERE {condition}"
    if chosen.shared:
        condition, more = condition_of("note", chosen)
        holder = ", note.session_id" if each_holder else ""
        selected += (
            f" {'UNION ALL' if each_holder else 'UNION'} "
            f"SELECT {columns}{holder} FROM documents AS note "
            "CROSS JOIN documents AS call ON call.topic = 'api_call' "
            "AND call.key = json_extract(note.value, '$.call') "
            "CROSS JOIN requests AS r ON r.session_id = call.session_id AND r.key = call.key "
            "AND r.session_id <> note.session_id "
            f"WHERE note.topic = '_api_call_of' AND {condition}"
        )
        values += more
    if kept:
        condition, more = condition_of("r", holding(chosen, True), at=f"r.name * {QUARTER_US}")
        columns = ", ".join((*_READ_OF_QUARTERS, "r.session_id"))
        holder = ", r.session_id" if each_holder else ""
        selected += (
            f" UNION ALL SELECT {columns}{holder} FROM request_sums AS r "
            f"WHERE r.by = 'quarter' AND {condition}"
        )
        values += more
    return selected, values


def holding(chosen: Chosen, sums_hold: bool) -> Chosen:
    """Return what is chosen, of sessions whose sums hold, or of those whose do not."""
    return msgspec.structs.replace(chosen, sums_hold=sums_hold)


def condition_of(table: str, chosen: Chosen, at: str = "r.at") -> Sql:
    """Return what narrows requests, or what is of sessions as they are, down to those chosen."""
    parts, values = ["true"], list[object]()
    if chosen.sums_hold is not None:
        test = f"changed_at IS {'' if chosen.sums_hold else 'NOT '}NULL"
        # One session is looked for there as well: SQLite would look at each of its requests.
        one = " AND session_id = ?" if chosen.session_id else ""
        found = f"SELECT session_id FROM sessions_added_up WHERE {test}{one}"
        parts.append(f"{table}.session_id IN ({found})")
    elif chosen.session_id:
        parts.append(f"{table}.session_id = ?")
    if chosen.session_id:
        values.append(chosen.session_id)
    if chosen.project:
        parts.append(f"{table}.{OF_PROJECT}")
        values.append(chosen.project)
    if chosen.span is not None:
        parts.append(f"{at} >= ? AND {at} < ?")
        values += chosen.span
    return " AND ".join(parts), values
