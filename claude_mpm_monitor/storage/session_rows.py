"""The table `sessions`: what is asked of all of them at once, kept together with documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from claude_mpm_monitor.storage import derived, rows

TOPIC = "session"
#: What can be counted of sessions.
COUNTED = ("events", "tool_calls", "errors", "agents", "files", "turns")


class _Told(msgspec.Struct):
    """What is read of a session's document."""

    project: str = ""
    model: str = ""
    last_at: int = 0
    events: int = 0
    tool_calls: int = 0
    errors: int = 0
    agents: int = 0
    files: int = 0
    turns: int = 0


_TOLD = msgspec.json.Decoder(_Told)
_PUT = f"INSERT OR REPLACE INTO sessions (session, {', '.join(_Told.__struct_fields__)})"


def put(connection: sqlite3.Connection, documents: Iterable[tuple[str, str, str, str]]) -> None:
    """Bring it up to date with (topic, session_id, key, JSON). The caller holds the transaction."""
    found = [
        (key, *msgspec.structs.astuple(told))
        for _, _, key, told in derived.told(documents, (TOPIC,), _TOLD)
    ]
    rows.write(connection, _PUT, found)
