"""The table `timeline`: what a timeline shows of documents, kept together with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import msgspec

from claude_mpm_monitor.storage import derived, rows

#: Topics whose documents are in it.
TOPICS = frozenset({"turn", "tool_call"})
_PUT = (
    "INSERT OR REPLACE INTO timeline (topic, session_id, key, agent_id, started_at, ended_at, "
    "status, name, waits)"
)
_REMOVE = "DELETE FROM timeline WHERE topic = ? AND session_id = ? AND key = ?"
_PROMPT_LETTERS = 80


class _Told(msgspec.Struct):
    """What is read of a document of any of the topics."""

    started_at: int | None = None
    ended_at: int | None = None
    status: str = ""
    agent_id: str = ""
    tool_name: str = ""
    prompt: str = ""
    copied: bool = False
    same_as: str = ""
    waits: list[dict[str, Any]] = []


_TOLD = msgspec.json.Decoder(_Told)


def put(connection: sqlite3.Connection, documents: Iterable[tuple[str, str, str, str]]) -> None:
    """Bring it up to date with (topic, session_id, key, JSON). The caller holds the transaction."""
    found, gone = [], []
    for topic, session_id, key, told in derived.told(documents, TOPICS, _TOLD):
        row = _span(topic, told)
        if row is None:
            gone.append((topic, session_id, key))
        else:
            found.append((topic, session_id, key, *row))
    rows.write(connection, _PUT, found)
    connection.executemany(_REMOVE, gone)


def _span(topic: str, told: _Told) -> tuple[Any, ...] | None:
    began = told.ended_at if told.started_at is None else told.started_at
    if began is None or told.copied or told.same_as:
        return None
    waits = msgspec.json.encode(told.waits).decode() if told.waits else None
    name = told.prompt[:_PROMPT_LETTERS] if topic == "turn" else told.tool_name
    return told.agent_id, began, told.ended_at, told.status, name, waits
