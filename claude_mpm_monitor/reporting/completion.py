"""Completion: fields, and values that the newest events have, for the word being typed."""

from __future__ import annotations

import re
from typing import Any

from claude_mpm_monitor.search.fields import FIELDS, Field
from claude_mpm_monitor.storage.query import Query

ITEMS = 12
_BARE = re.compile(r"[\w./@+-]+")


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
        known = [
            (value, f"{count:,} of the newest events")
            for value, count in query.frequent(field.column)
        ]
    return [
        {"text": _quoted(value), "label": value, "detail": detail}
        for value, detail in known
        if beginning in value.lower()
    ]


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else f'"{value}"'
