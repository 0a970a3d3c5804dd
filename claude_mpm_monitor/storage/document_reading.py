"""Reading: which documents of a topic are wanted, gathered condition by condition, and its SQL."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from claude_mpm_monitor.search.calls import AboutCalls
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.storage.document import COLUMNS
from claude_mpm_monitor.storage.document_indexes import (
    Name,
    Narrowing,
    among,
    has_indexes,
    index_of,
    indexed,
    narrowest,
    narrowing_of,
    of_topic,
)
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.document_text import value_of
from claude_mpm_monitor.storage.event_filter import OF_PROJECT
from claude_mpm_monitor.storage.rows import Read, marks

_ANY: Sql = ("true", [])
_BY_SESSION = "documents_by_session"
#: Fields that are kept in order beside the documents: the field and the key there, and the tables.
_KEPT = {
    ("session", "last_at"): (
        "last_at",
        "session",
        "sessions CROSS JOIN documents ON topic = 'session' AND key = session",
    )
}
#: Keys of a session's documents, and of those that it shares.
_SHARED = (
    "key IN (SELECT key FROM documents WHERE topic = ? AND session_id = ? UNION "
    "SELECT json_extract(value, '$.call') FROM documents WHERE topic = ? AND session_id = ?)"
)
#: The place of a document among those that are equal.
_PLACE = "coalesce((SELECT rowid FROM documents WHERE topic = ? AND key = ?), ?)"


class Reading:
    """Documents of a topic: of one session ("": all), and of sessions of a project ("": any).

    `via` is a topic whose documents name, as `call`, further ones that the session shares.
    """

    def __init__(self, topic: str, session_id: str = "", via: str = "", project: str = "") -> None:
        self._topic, self._value = topic, value_of(topic)
        condition, values = of_topic(topic)
        self._conditions, self._values = [condition], values
        self._narrowings: list[Narrowing] = []
        #: Where to read, if not by one of the indexes; the index that has the order wanted.
        self._tables, self._index = "", ""
        self._by_change = "key"
        #: A field, the place among equals, and the direction.
        self._ordered_by: tuple[str, str, str] | None = None
        if session_id and via:
            self.keep(_SHARED, topic, session_id, via, session_id)
        elif session_id:
            self._narrow(_BY_SESSION, "session_id = ?", [session_id])
        if project:
            self._narrow(_BY_SESSION, OF_PROJECT, [project])
        self._is_of_session = bool(session_id)

    def keep(self, condition: str, *values: object) -> None:
        """Keep to those that fulfil the condition."""
        self._conditions.append(condition)
        self._values += values

    def between(self, times: tuple[int, int]) -> None:
        """Keep to those whose own time is from the first to before the second (µs)."""
        at = f"json_extract({self._value}, '$.at')"
        self.keep(f"{at} >= ?", times[0])
        self.keep(f"{at} < ?", times[1])

    def match(self, field: Name, choices: Sequence[str]) -> None:
        """Keep to those that have one of the values in a field."""
        # The index has "" for a field that is missing, which is not what "" asks for.
        if indexed(self._topic, field) is not None and choices and "" not in choices:
            self._narrowings.append(among(field, choices))
        else:
            expression = f"json_extract({self._value}, ?)"
            self.keep(f"{expression} IN ({marks(choices)})", _path(field), *choices)

    def keep_to(self, about: AboutCalls, read: Read) -> None:
        """Keep to those that are as a query wants them to be."""
        if has_indexes(self._topic):
            self._narrowings += [narrowing_of(bound, read) for bound in about.bounds]
        self.keep(about.where[0], *about.where[1])

    def contain(self, text: str) -> None:
        """Keep to those in whose JSON a text stands, as it is."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        self.keep(f"{self._value} LIKE ? ESCAPE '\\'", f"%{escaped}%")

    def since(self, after: int, before: int) -> None:
        """Keep to those that were changed last after one seq and before another (0: any)."""
        if after:
            self.keep("seq > ?", after)
        if before:
            self.keep("seq < ?", before)

    def by_change(self, after: int, before: int, beyond_key: str, newest_first: bool) -> None:
        """Have them in the order of their last changes, between these seqs.

        One event may change several: with `beyond_key` the page goes on among those of the seq at
        which the page before it ended.
        """
        edge = before if newest_first else after
        if beyond_key and edge:
            sign = "<" if newest_first else ">"
            self.keep(f"(seq {sign} ? OR (seq = ? AND key > ?))", edge, edge, beyond_key)
            after, before = (after, 0) if newest_first else (0, before)
        self.since(after, before)
        self._by_change = f"seq {'DESC' if newest_first else 'ASC'}, key"
        self._index = _BY_SESSION if self._is_of_session else "documents_by_seq"

    def by_field(self, sorting: Sorting) -> None:
        """Have them in the order of a field; their place in the table decides among equals.

        The field is one of a fixed set.
        """
        kept = _KEPT.get((self._topic, sorting.field))
        by_index = indexed(self._topic, sorting.field)
        expression = by_index or _in(self._value, sorting)
        # Where the document is gone, its equals come again rather than not at all.
        gone = 2**62 if sorting.descending and sorting.past_key else 0
        place, past = "rowid", (_PLACE, [self._topic, sorting.past_key, gone])
        if kept is not None:
            expression, place, self._tables = kept
            past = ("?", [sorting.past_key])
        self._index = index_of(sorting.field) if by_index else ""
        if sorting.least is not None:
            self.keep(f"{expression} >= ?", sorting.least)
        if sorting.past is not None:
            sign = "<" if sorting.descending else ">"
            condition = f"({expression}, {place}) {sign} (?, {past[0]})"
            self.keep(condition, sorting.past, *past[1])
        self._ordered_by = (expression, place, "DESC" if sorting.descending else "ASC")

    def sql(self, read: Read, limit: int, also: Sql = _ANY) -> Sql:
        """Return the SELECT of (key, session_id, agent_id, seq, at, value).

        `also` is one more condition, that no index answers.
        """
        return self._select(*self._source(read, limit), limit, also)

    def agents(self, read: Read) -> Sql:
        """Return the SELECT of (session_id, agent_id) of all that are wanted, each pair once."""
        condition, values = self._condition("")
        tables, _ = self._source(read, -1)
        return f"SELECT DISTINCT session_id, agent_id FROM {tables} WHERE {condition}", values

    def _source(self, read: Read, limit: int) -> tuple[str, str]:
        """Return the tables to read so many of, and the index whose order is to be kept."""
        if self._tables or not has_indexes(self._topic):
            return self._tables or "documents AS call", ""
        narrowed = narrowest(self._narrowings, limit, in_order=bool(self._index), read=read)
        tables = "documents AS call"
        if index := narrowed.by if narrowed else self._index:
            tables += f" INDEXED BY {index}"
        # SQLite is to pass over other values of the field that gives the order, instead of
        # gathering those wanted and putting them in order.
        return tables, self._index if narrowed is None else ""

    def sql_of(self, keys: Sequence[str], limit: int) -> Sql:
        """Return the same of those that have one of the keys, few enough to look at each."""
        is_of_topic, more = of_topic(self._topic)
        # In this order: SQLite would rather go by the order of the list, through all documents.
        tables = (
            "(SELECT named.rowid AS rowid, named.* FROM json_each(?) AS wanted "
            f"CROSS JOIN documents AS named ON named.{is_of_topic} AND named.key = wanted.value) "
            "AS call"
        )
        select, rest = self._select(tables, "", limit)
        return select, [msgspec.json.encode(keys).decode(), *more, *rest]

    def _select(self, tables: str, passing: str, limit: int, also: Sql = _ANY) -> Sql:
        condition, values = self._condition(passing)
        return (
            f"SELECT {COLUMNS} FROM {tables} WHERE {condition} AND {also[0]} "
            f"ORDER BY {self._order()} LIMIT ?",
            [*values, *also[1], limit],
        )

    def _condition(self, passing: str) -> Sql:
        conditions, values = [*self._conditions], [*self._values]
        for one in self._narrowings:
            plus = "+" if one.by == passing and one.is_list else ""
            conditions.append(plus + one.condition)
            values += one.values
        return " AND ".join(conditions), values

    def _order(self) -> str:
        if self._ordered_by is None:
            return self._by_change
        expression, place, direction = self._ordered_by
        if any(one.condition == f"{expression} = ?" for one in self._narrowings):
            # All are equal, which SQLite does not see; it would put them in order.
            return f"{place} {direction}"
        return f"{expression} {direction}, {place} {direction}"

    def _narrow(self, index: str, condition: str, values: Sequence[object]) -> None:
        self._narrowings.append(Narrowing(index, condition, values))


def _in(value: str, sorting: Sorting) -> str:
    assert sorting.field.isidentifier(), sorting.field
    missing = "''" if isinstance(sorting.missing, str) else str(sorting.missing)
    return f"coalesce(json_extract({value}, '$.{sorting.field}'), {missing})"


def _path(field: Name) -> str:
    names = (field,) if isinstance(field, str) else field
    # Nothing escapes a quotation mark in a path; no field has one.
    return "$" + "".join(f'."{name.replace(chr(34), "")}"' for name in names)
