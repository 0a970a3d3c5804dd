"""TimelineRows: what a timeline shows, read at once and then what changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from claude_mpm_monitor.storage.query import Query

_COLUMNS = "t.key, t.session_id, t.agent_id, t.started_at, t.ended_at, t.status, t.name, t.waits"

#: The prompt of a request that was the main agent's context.
_IS_CONTEXT = "agent_id = '' AND conversing AND prompt_tokens IS NOT NULL"
_REQUEST_COLUMNS = (
    f"t.at, t.tokens, t.cost, CASE WHEN t.{_IS_CONTEXT} THEN prompt_tokens ELSE -1 END, "
    "t.session_id, t.key"
)
#: The context of a step's last request that has one: SQLite takes columns that are not aggregated
#: from the row that has the maximum.
_LAST_CONTEXT = (
    f"CASE WHEN max(CASE WHEN {_IS_CONTEXT} THEN at END) IS NULL THEN -1 ELSE prompt_tokens END"
)


#: A turn or a tool call: key, session_id, agent_id, started_at, ended_at (µs, None while it runs),
#: status, name, and waits as JSON or None. A plain tuple, for there may be tens of thousands: the
#: garbage collector looks at each named one again and again.
TimelineRow = tuple[str, str, str, int, int | None, str, str, str | None]


class RequestRow(NamedTuple):
    """What the counters need of a request to the model.

    `cost` in picodollars; `context` is -1 but for those of the main agent's conversation.
    """

    started_at: int
    tokens: int
    cost: int
    context: int
    session_id: str
    key: str


class RequestStep(NamedTuple):
    """Requests to the model in a step of time; what they have in common with RequestRow."""

    at: int
    tokens: int
    cost: int
    context: int
    session_id: str
    requests: int


class TimelineRows:
    """Reads rows of one session, or of all ("")."""

    def __init__(self, query: Query) -> None:
        self._query = query

    def last_seq(self, topic: str, session_id: str) -> int:
        """Return the last event that changed a document of the topic, 0 when there is none."""
        condition, values = _of(topic, session_id, "documents")
        sql = f"SELECT coalesce(max(seq), 0) FROM documents WHERE {condition}"
        return int(self._query.read(sql, values)[0][0])

    def count(self, topic: str) -> int:
        """Return how many documents of the topic there are."""
        sql = "SELECT count(*) FROM documents WHERE topic = ?"
        return int(self._query.read(sql, (topic,))[0][0])

    def all(self, topic: str, session_id: str) -> list[TimelineRow]:
        """Return every row."""
        condition, values = _of(topic, session_id, "t")
        return self._query.read(f"SELECT {_COLUMNS} FROM timeline AS t WHERE {condition}", values)

    def request_steps(
        self, session_id: str, step: int, since: int, until: int, *, whose: bool = False
    ) -> list[RequestStep]:
        """Return the steps (µs) from `since` on and before `until` (µs) in which there were
        requests to the model, in order; with `whose` one for each session in it.

        All that a session had before is one more step: its context still holds.

        SQLite adds up, for there may be hundreds of thousands: reading each of 330,400 requests and
        adding up here took 0.7 s, steps of 18 minutes take 0.25.
        """
        condition, values = _of_session(session_id)
        first = since // step * step
        if session_id:
            at, context = f"max(at, {first - step}) / {step} * {step}", _LAST_CONTEXT
        else:
            at, context = f"at / {step} * {step}", "-1"
            condition += f" AND at >= {first}"
        session, groups = ("session_id", "begun, session_id") if whose else ("''", "begun")
        rows = self._query.read(
            f"SELECT {at} AS begun, sum(tokens), sum(cost), {context}, {session}, count(*) "
            f"FROM requests WHERE {condition} AND at < ? GROUP BY {groups} ORDER BY begun",
            (*values, until),
        )
        return list(map(RequestStep._make, rows))

    def requests_from(
        self, session_id: str, at: int, belongs: Callable[[str], bool] | None
    ) -> list[RequestRow]:
        """Return the requests to the model from that time on (µs) whose sessions belong."""
        condition, values = _of_session(session_id)
        rows = self._query.read(
            f"SELECT {_REQUEST_COLUMNS} FROM requests AS t WHERE {condition} AND at >= ?",
            (*values, at),
        )
        return [RequestRow(*row) for row in rows if belongs is None or belongs(row[4])]

    def requests_since(
        self, session_id: str, seq: int
    ) -> tuple[list[RequestRow], list[tuple[str, str]]]:
        """Return those of documents changed after `seq`; and the session and key of those that
        have none (any more)."""
        requests = "requests AS t ON t.session_id = d.session_id AND t.key = d.key"
        rows, gone = self._since("api_call", session_id, seq, _REQUEST_COLUMNS, requests)
        return list(map(RequestRow._make, rows)), gone

    def since(
        self, topic: str, session_id: str, seq: int
    ) -> tuple[list[TimelineRow], list[tuple[str, str]]]:
        """Return the rows of documents changed after `seq`; and the session and key of those that
        have none (any more)."""
        spans = (
            "timeline AS t ON t.topic = d.topic AND t.session_id = d.session_id AND t.key = d.key"
        )
        return self._since(topic, session_id, seq, _COLUMNS, spans)

    def _since(
        self, topic: str, session_id: str, seq: int, columns: str, tables: str
    ) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
        condition, values = _of(topic, session_id, "d")
        rows = self._query.read(
            f"SELECT d.session_id, d.key, {columns} FROM documents AS d LEFT JOIN {tables} "
            f"WHERE {condition} AND d.seq > ?",
            (*values, seq),
        )
        there = [row[2:] for row in rows if row[2] is not None]
        return there, [(row[0], row[1]) for row in rows if row[2] is None]


def _of(topic: str, session_id: str, table: str) -> tuple[str, tuple[str, ...]]:
    if not session_id:
        return f"{table}.topic = ?", (topic,)
    return f"{table}.topic = ? AND {table}.session_id = ?", (topic, session_id)


def _of_session(session_id: str) -> tuple[str, tuple[str, ...]]:
    return ("session_id = ?", (session_id,)) if session_id else ("true", ())
