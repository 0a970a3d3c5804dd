"""Document: what an analyzer has worked out, as it is stored."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.storage.document_text import text_of

#: What is read of a document.
COLUMNS = "key, session_id, agent_id, seq, at, value"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One stored document: `seq` is the last event that changed it, `at` that event's time."""

    key: str
    session_id: str
    agent_id: str
    seq: int
    at: int
    value: dict[str, Any]


def document_from_row(row: tuple[Any, ...]) -> Document:
    """Build a Document from its `COLUMNS`."""
    key, session_id, agent_id, seq, at, value = row
    return Document(
        key=key,
        session_id=session_id,
        agent_id=agent_id,
        seq=seq,
        at=at,
        value=msgspec.json.decode(text_of(value)),
    )
