"""Completion: fields, and values that the newest events have, for the word being typed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claude_mpm_monitor.search.fields import FIELDS, Field
from claude_mpm_monitor.search.toggling import quoted
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

ITEMS = 12
#: The newest events, among which values are looked for, and how long at most (seconds).
SAMPLED, SECONDS = 20_000, 0.1


def complete(query: Query, text: str, cursor: int) -> dict[str, Any]:
    """Return `from` and `to`, the letters to replace, and `items`: `text`, `label`, `detail`."""
    cursor = min(cursor, len(text))
    start = cursor
    while start > 0 and not text[start - 1].isspace() and text[start - 1] not in "(":
        start -= 1
    word = text[start:cursor]
    start += len(word) - len(word.lstrip("-"))
    name, colon, value = word.lstrip("-").partition(":")
    if colon and name.lower() in FIELDS:
        items = _values(query, FIELDS[name.lower()], value.strip('"').lower())
        start += len(name) + 1
    else:
        items = _fields(name.lower())
    return {"from": start, "to": cursor, "items": items[:ITEMS]}


def _fields(beginning: str) -> list[dict[str, str]]:
    return [
        {"text": f"{field.name}:", "label": field.name, "detail": field.help}
        for field in FIELDS.values()
        if field.name.startswith(beginning)
    ]


def _values(query: Query, field: Field, beginning: str) -> list[dict[str, str]]:
    known = [(choice, "") for choice in field.choices]
    if not known and field.column:
        every = EventFilter(noise=True)
        rows, _ = query.newest(every, (field.column,), limit=SAMPLED, seconds=SECONDS)
        counts = Counter(value for (value,) in rows if value)
        known = [
            (value, f"{count:,} of the newest events") for value, count in counts.most_common()
        ]
    return [
        {"text": quoted(value), "label": value, "detail": detail}
        for value, detail in known
        if beginning in value.lower()
    ]
