"""When a span began, for putting spans in order: some are told of by their end alone."""

from __future__ import annotations

from typing import Any


def began(span: dict[str, Any]) -> int:
    """Return when a turn, agent or call began, else when it ended (µs), 0 if nobody said."""
    return int(span["started_at"] or span["ended_at"] or 0)
