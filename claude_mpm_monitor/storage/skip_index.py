"""SkipIndex: which values occur in which block of the log. It follows the log, like the words.

What an event says itself is noted when the event is taken in, and so is what is known then of its
tool call, its agent and its answer. What becomes known of them later is noted when their documents
are written (`note_documents`), in the same transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec

from claude_mpm_monitor.search.skipping import COLUMNS, HOUR_US, MAGNITUDE
from claude_mpm_monitor.storage.document_text import text_of
from claude_mpm_monitor.storage.rows import batched, marks, write

#: Numbers of events in a block. Fewer make a larger table, more make a search look at more events.
BLOCK = 250
#: Keys in one statement, and answers looked for at once.
KEYS, ANSWERS = 500, 200
#: Agents whose type is known to be noted.
KNOWN_AGENTS = 5_000

_OF_EVENTS = " UNION ALL ".join(
    [
        f"SELECT '{field}', {column}, seq / {BLOCK} FROM found WHERE {column} <> ''"
        for field, column in COLUMNS.items()
    ]
    + [f"SELECT 'agent', 'main', seq / {BLOCK} FROM found WHERE agent_id = ''"]
    + [f"SELECT 'hour', printf('%08d', at / {HOUR_US}), seq / {BLOCK} FROM found"]
)
_FOUND = (
    "WITH found AS (SELECT seq, at, session_id, kind, source, agent_id, tool_use_id, prompt_id, "
    "project, branch, tool_name FROM events WHERE seq > ? AND seq <= ?)"
)
_NOTE = " INSERT OR IGNORE INTO blocks (field, value, block) "
#: What a call's document says, told of all blocks that have an event of the call.
_OF_CALLS = " UNION ALL ".join(
    f"SELECT '{field}', {value}, seq / {BLOCK} FROM told WHERE {value} IS NOT NULL"
    for field, value in (
        ("status", "json_extract(value, '$.status')"),
        ("file", "json_extract(value, '$.file.path')"),
        ("error", "nullif(json_extract(value, '$.error') <> '', 0)"),
        ("dur", MAGNITUDE.format("json_extract(value, '$.duration_us')")),
    )
)
_CALLS_OF = (
    "told AS (SELECT found.seq, call.value FROM found CROSS JOIN documents AS call "
    "ON call.topic = 'tool_call' AND call.key = found.session_id || '/' || found.tool_use_id "
    "WHERE found.tool_use_id <> '')"
)
_EVENTS_OF_CALLS = (
    "WITH told AS (SELECT events.seq, call.value FROM documents AS call CROSS JOIN events "
    "ON events.tool_use_id = json_extract(call.value, '$.tool_use_id') "
    "AND events.tool_use_id <> '' AND events.session_id = call.session_id "
    "WHERE call.topic = 'tool_call' AND call.key IN ({}))"
)
_TYPES_OF_AGENTS = (
    _FOUND + _NOTE + "SELECT DISTINCT 'agent', json_extract(agent.value, '$.agent_type'), "
    f"found.seq / {BLOCK} FROM found CROSS JOIN documents AS agent ON agent.topic = 'agent' "
    "AND agent.key = found.session_id || '/' || found.agent_id WHERE found.agent_id <> '' "
    "AND json_extract(agent.value, '$.agent_type') <> ''"
)
_TYPE_OF_AGENT = _NOTE + "SELECT 'agent', ?, block FROM blocks WHERE field = 'agent' AND value = ?"
#: Events of a call asked for by an answer that another event of the call is known to be part of.
_COSTS_OF_EVENTS = (
    "INSERT OR REPLACE INTO event_costs (seq, cost, tokens) "
    "SELECT found.seq, known.cost, known.tokens FROM events AS found CROSS JOIN events AS other "
    "ON other.tool_use_id = found.tool_use_id AND other.tool_use_id <> '' "
    "AND other.session_id = found.session_id "
    "CROSS JOIN event_costs AS known ON known.seq = other.seq "
    "WHERE found.seq > ? AND found.seq <= ? AND found.tool_use_id <> ''"
)
_COSTS_IN_BLOCKS = (
    _NOTE + f"SELECT 'tokens', {MAGNITUDE.format('tokens')}, seq / {BLOCK} FROM event_costs "
    "WHERE seq IN ({0}) UNION ALL "
    f"SELECT 'cost', {MAGNITUDE.format('cost')}, seq / {BLOCK} FROM event_costs "
    "WHERE seq IN ({0}) AND cost IS NOT NULL"
)


class SkipIndex:
    """Writes through one connection; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def lags(self) -> bool:
        """Whether there are events, or answers from before, that are not taken in."""
        return self._answer() is not None or self._following(1) is not None

    def extend(self, count: int) -> None:
        """Take in what follows, at most so many events and answers."""
        self._extend_answers(count)
        until = self._following(count)
        if until is None:
            return
        execute = self._connection.execute
        span = (position_of(self._connection), until)
        execute(f"{_FOUND}{_NOTE}SELECT DISTINCT * FROM ({_OF_EVENTS})", span)
        execute(f"{_FOUND}, {_CALLS_OF}{_NOTE}SELECT DISTINCT * FROM ({_OF_CALLS})", span)
        execute(_TYPES_OF_AGENTS, span)
        execute(_COSTS_OF_EVENTS, span)
        between = "SELECT seq FROM event_costs WHERE seq > ? AND seq <= ?"
        execute(_COSTS_IN_BLOCKS.format(between), span * 2)
        execute("UPDATE blocks_position SET seq = ?", (until,))

    def _extend_answers(self, count: int) -> None:
        answer = self._answer()
        if answer is None:
            return
        rows = self._connection.execute(
            "SELECT topic, key, value FROM documents WHERE topic = 'api_call' AND key > ? "
            "ORDER BY key LIMIT ?",
            (answer, count),
        ).fetchall()
        Noted(self._connection).note_documents([(*row[:-1], text_of(row[-1])) for row in rows])
        last = rows[-1][1] if rows else None
        self._connection.execute("UPDATE blocks_position SET answer = ?", (last,))

    def _answer(self) -> str | None:
        row = self._connection.execute("SELECT answer FROM blocks_position").fetchone()
        return row[0]  # type: ignore[no-any-return]

    def _following(self, count: int) -> int | None:
        """Return the last of so many events that are not taken in, None when there is none."""
        sql = "SELECT max(seq) FROM (SELECT seq FROM events WHERE seq > ? ORDER BY seq LIMIT ?)"
        row = self._connection.execute(sql, (position_of(self._connection), count)).fetchone()
        return None if row[0] is None else int(row[0])


class Noted:
    """Notes what documents say as they are written. The consumer's connection and thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._types: dict[str, str] = {}

    def note_documents(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take note of changed documents, (topic, key, …, value as JSON). In the transaction."""
        calls: list[str] = []
        answers: list[_Answer] = []
        for topic, key, *_, value in rows:
            if topic == "tool_call":
                calls.append(key)
            elif topic == "agent":
                self._note_agent(key, value)
            elif topic == "api_call":
                answers.append(_answer(value))
        for keys in batched(calls, KEYS):
            told = _EVENTS_OF_CALLS.format(marks(keys))
            self._connection.execute(f"{told}{_NOTE}SELECT DISTINCT * FROM ({_OF_CALLS})", keys)
        for some in batched(answers, ANSWERS):
            self._note_answers(some)

    def _note_agent(self, key: str, text: str) -> None:
        kind = _agent(text).agent_type
        if kind and self._types.get(key) != kind:
            if len(self._types) >= KNOWN_AGENTS:
                self._types.clear()
            self._types[key] = kind
            agent_id = key.partition("/")[2]
            self._connection.execute(_TYPE_OF_AGENT, (kind, agent_id or "main"))

    def _note_answers(self, answers: Sequence[_Answer]) -> None:
        """Note what answers cost, with all the events that are part of them."""
        ids = [[bytes.fromhex(event_id) for event_id in answer.events] for answer in answers]
        calls = [[tool[0] for tool in answer.tools] for answer in answers]
        seqs_of = self._seqs("event_id", ids) | self._seqs("tool_use_id", calls)
        costs: dict[int, tuple[int | None, int]] = {}
        for answer, parts in zip(answers, map(chain, ids, calls), strict=True):
            cost = None if answer.cost is None else answer.cost.total
            for part in parts:
                costs.update(dict.fromkeys(seqs_of.get(part, ()), (cost, answer.line_total)))
        into = "INSERT OR REPLACE INTO event_costs (seq, cost, tokens)"
        write(self._connection, into, [(seq, *known) for seq, known in costs.items()])
        for seqs in batched(list(costs), KEYS):
            self._connection.execute(_COSTS_IN_BLOCKS.format(marks(seqs)), [*seqs, *seqs])

    def _seqs(self, column: str, values: Iterable[Iterable[Any]]) -> dict[Any, list[int]]:
        """Return which events have which of the values in the column."""
        found: dict[Any, list[int]] = {}
        for some in batched(list({*chain.from_iterable(values)}), KEYS):
            rows = self._connection.execute(
                f"SELECT {column}, seq FROM events WHERE {column} <> '' "
                f"AND {column} IN ({marks(some)})",
                some,
            )
            for value, seq in rows:
                found.setdefault(value, []).append(seq)
        return found


class _Agent(msgspec.Struct):
    agent_type: str = ""


class _Cost(msgspec.Struct):
    total: int = 0


class _Answer(msgspec.Struct):
    events: list[str] = []
    tools: list[tuple[str, str]] = []
    line_total: int = 0
    cost: _Cost | None = None


_agent = msgspec.json.Decoder(_Agent).decode
_answer = msgspec.json.Decoder(_Answer).decode


def forget(connection: sqlite3.Connection) -> None:
    """Have everything taken in anew. The caller holds the transaction."""
    connection.execute("DELETE FROM blocks")
    connection.execute("UPDATE blocks_position SET seq = 0")


def position_of(connection: sqlite3.Connection) -> int:
    """Return the seq up to which events of a store are taken in."""
    return int(connection.execute("SELECT seq FROM blocks_position").fetchone()[0])
