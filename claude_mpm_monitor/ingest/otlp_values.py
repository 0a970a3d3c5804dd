"""Values as OTLP writes them in JSON, turned into plain ones."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.event import LATEST_AT

Json = dict[str, Any]
#: Values inside one another deeper than this are left out.
DEEPEST = 20


def attributes_of(holder: Json) -> Json:
    """Return the attributes of a record or resource as a plain object."""
    return _pairs(holder.get("attributes"), DEEPEST)


def moment(record: Json, field: str) -> int:
    """Return a time of the record in µs, 0 when it has none (or none there can be)."""
    told = record.get(field)
    if isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < 25:
        told = int(told)
    if not isinstance(told, int) or isinstance(told, bool):
        return 0
    at = told // 1_000
    return at if 0 < at <= LATEST_AT else 0


def _pairs(pairs: object, depth: int) -> Json:
    found: Json = {}
    for pair in pairs if isinstance(pairs, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("key"), str):
            found[pair["key"]] = _plain(pair.get("value"), depth - 1)
    return found


def _plain(value: object, depth: int) -> Any:
    """Return what an AnyValue stands for. 64-bit numbers may come as texts."""
    if not isinstance(value, dict) or depth < 0:
        return None
    for name, inner in value.items():
        match name:
            case "intValue" if isinstance(inner, str):
                return int(inner) if inner.removeprefix("-").isdigit() else inner
            case "stringValue" | "intValue" | "doubleValue" | "boolValue" | "bytesValue":
                return inner
            case "arrayValue" if isinstance(inner, dict):
                values = inner.get("values")
                held = values if isinstance(values, list) else []
                return [_plain(item, depth - 1) for item in held]
            case "kvlistValue" if isinstance(inner, dict):
                return _pairs(inner.get("values"), depth - 1)
    return None
