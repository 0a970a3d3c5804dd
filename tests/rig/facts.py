"""What a store says of sessions, as far as both hooks and transcripts can know it."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query

#: Of each topic, the fields that come out alike by whatever way the facts came.
FIELDS = {
    "session": ("session_id", "project", "model", "tool_calls", "errors", "denied", "agents"),
    "turn": ("prompt", "status", "answer"),
    "agent": ("agent_type", "description", "tool_use_id", "tool_calls", "errors"),
    "tool_call": ("tool_name", "agent_id", "status", "detail", "prompt_id", "is_mcp"),
    "file": ("reads", "writes", "edits", "added", "removed", "agents"),
}

Facts = dict[str, dict[str, dict[str, Any]]]


def facts_in(config: Config) -> Facts:
    """Read them out of a store's documents."""
    query = Query(Database(config.database))
    try:
        return {
            topic: {
                document.key: {field: document.value[field] for field in fields}
                for document in query.documents(topic, limit=1_000)
            }
            for topic, fields in FIELDS.items()
        }
    finally:
        query.close()
