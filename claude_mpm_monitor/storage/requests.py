"""The table `requests`: what costs are added up from, kept together with the documents of calls."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.pricing.usage import Usage
from claude_mpm_monitor.storage import derived, request_rollups, rows

TOPIC = "api_call"
#: How those who carry on the conversation begin, in telemetry's words for who asked: anything else
#: (a title, the summary of a compaction) has a prompt of its own.
CONVERSING = ("agent:", "repl_main_thread", "sdk")

_PUT = (
    "INSERT OR REPLACE INTO requests (session_id, key, agent_id, at, model, input, output, "
    "cache_write_5m, cache_write_1h, cache_read, web_searches, cost_input, cost_output, "
    "cost_cache_write, cost_cache_read, cost_web_search, low_confidence, evidence, prompt_tokens, "
    "conversing, tools)"
)
_REMOVE = "DELETE FROM requests WHERE session_id = ? AND key = ?"
_UNPRICED = (None,) * 5


class _Cost(msgspec.Struct):
    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0
    web_search: int = 0


class _Told(msgspec.Struct):
    """What is read of a call's document."""

    same_as: str = ""
    at: int = 0
    agent_id: str = ""
    model: str = ""
    usage: Usage = Usage()
    cost: _Cost | None = None
    confidence: str = ""
    evidence: list[str] = []
    prompt_tokens: int | None = None
    tools: list[tuple[str, str]] = []
    recorded: dict[str, Any] | None = None
    telemetry: dict[str, Any] | None = None


_TOLD = msgspec.json.Decoder(_Told)


def put(connection: sqlite3.Connection, documents: Sequence[tuple[str, str, str, str]]) -> None:
    """Bring it up to date with (topic, session_id, key, JSON). The caller holds the transaction."""
    # What an agent is called is in its document, what requests cost by that in theirs.
    renamed = {session_id for topic, session_id, *_ in documents if topic == "agent"}
    request_rollups.changed(connection, renamed)
    found, gone = [], []
    for _, session_id, key, told in derived.told(documents, (TOPIC,), _TOLD):
        if told.same_as:
            gone.append((session_id, key))
        else:
            found.append((session_id, key, *_row(told)))
    rows.write(connection, _PUT, found)
    connection.executemany(_REMOVE, gone)


def is_of_conversation(recorded: Json | None, telemetry: Json | None) -> bool:
    """Whether the prompt of a request to the model was the context of its agent."""
    if recorded is not None or telemetry is None:
        return True
    return str(telemetry.get("query_source", "")).startswith(CONVERSING)


def _row(told: _Told) -> tuple[Any, ...]:
    usage, names = told.usage, [name for _, name in told.tools]
    return (
        told.agent_id,
        told.at,
        told.model,
        *(usage.input, usage.output, usage.cache_write_5m, usage.cache_write_1h),
        *(usage.cache_read, usage.web_searches),
        *(_UNPRICED if told.cost is None else msgspec.structs.astuple(told.cost)),
        told.confidence == "low",
        " ".join(told.evidence),
        told.prompt_tokens,
        is_of_conversation(told.recorded, told.telemetry),
        msgspec.json.encode(names).decode() if names else None,
    )
