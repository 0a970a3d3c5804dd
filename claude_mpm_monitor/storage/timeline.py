"""The table `timeline`: what a timeline shows of documents, kept together with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.storage import rows

#: Topics whose documents are in it.
TOPICS = frozenset({"turn", "tool_call", "api_call"})
#: How those who carry on the conversation begin, in telemetry's words for who asked: anything else
#: (a title, the summary of a compaction) has a prompt of its own.
CONVERSING = ("agent:", "repl_main_thread", "sdk")

_PUT = (
    "INSERT OR REPLACE INTO timeline (topic, session_id, key, agent_id, started_at, ended_at, "
    "status, name, waits, tokens, cost, context)"
)
_REMOVE = "DELETE FROM timeline WHERE topic = ? AND session_id = ? AND key = ?"
_PROMPT_LETTERS = 80


class _Usage(msgspec.Struct):
    input: int = 0
    output: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0


class _Cost(msgspec.Struct):
    total: int = 0


class _Told(msgspec.Struct):
    """What is read of a document of any of the topics."""

    started_at: int | None = None
    ended_at: int | None = None
    at: int | None = None
    status: str = ""
    agent_id: str = ""
    tool_name: str = ""
    prompt: str = ""
    model: str = ""
    copied: bool = False
    same_as: str = ""
    waits: list[dict[str, Any]] = []
    usage: _Usage = msgspec.field(default_factory=_Usage)
    cost: _Cost | None = None
    prompt_tokens: int | None = None
    recorded: dict[str, Any] | None = None
    telemetry: dict[str, Any] | None = None


_TOLD = msgspec.json.Decoder(_Told)


def put(connection: sqlite3.Connection, documents: Iterable[tuple[str, str, str, str]]) -> None:
    """Bring it up to date with (topic, session_id, key, JSON). The caller holds the transaction.

    Documents of other topics are passed over, and those of another shape: a plugin's may bear the
    same name.
    """
    found, gone = [], []
    for topic, session_id, key, text in documents:
        if topic not in TOPICS:
            continue
        try:
            told = _TOLD.decode(text)
        except msgspec.ValidationError:
            continue
        row = _request(told) if topic == "api_call" else _span(topic, told)
        if row is None:
            gone.append((topic, session_id, key))
        else:
            found.append((topic, session_id, key, *row))
    rows.write(connection, _PUT, found)
    connection.executemany(_REMOVE, gone)


def is_of_conversation(recorded: Json | None, telemetry: Json | None) -> bool:
    """Whether the prompt of a request to the model was the context of its agent."""
    if recorded is not None or telemetry is None:
        return True
    return str(telemetry.get("query_source", "")).startswith(CONVERSING)


def _span(topic: str, told: _Told) -> tuple[Any, ...] | None:
    began = told.ended_at if told.started_at is None else told.started_at
    if began is None or told.copied or told.same_as:
        return None
    waits = msgspec.json.encode(told.waits).decode() if told.waits else None
    name = told.prompt[:_PROMPT_LETTERS] if topic == "turn" else told.tool_name
    return told.agent_id, began, told.ended_at, told.status, name, waits, 0, 0, None


def _request(told: _Told) -> tuple[Any, ...] | None:
    if told.same_as or told.at is None:
        return None
    usage = told.usage
    tokens = usage.input + usage.output + usage.cache_read
    tokens += usage.cache_write_5m + usage.cache_write_1h
    spent = told.cost.total if told.cost else 0
    context = told.prompt_tokens if is_of_conversation(told.recorded, told.telemetry) else None
    return told.agent_id, told.at, told.at, "", told.model, None, tokens, spent, context
