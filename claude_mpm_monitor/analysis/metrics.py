"""Metrics: what Claude Code's own meters say of a session, for comparison with our figures.

Meters report the change since the last report (delta) or the sum since they started (cumulative).
Changes are added up: the log has each report once. Of sums, the largest of each start counts, so
the order in which they come does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.money import from_usd

TOPIC = "metrics"
#: The sums of a cumulative meter, start → sum; not shown.
SERIES = "_metric_series"
KIND = "otel.metric."
COST = f"{KIND}cost.usage"
_CUMULATIVE = 2


class _Meter(NamedTuple):
    """Where a metric is filed: under `field`, by the value of an attribute, in whole units."""

    field: str
    attribute: str
    amount: Callable[[object], int | None]


def _microseconds(seconds: object) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return round(seconds * 1e6) if 0 <= seconds < 1e9 else None


def _whole(count: object) -> int | None:
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 <= count < 2**53:
        return None
    return round(count)


_METERS = {
    COST: _Meter("cost", "model", from_usd),
    f"{KIND}token.usage": _Meter("tokens", "type", _whole),
    f"{KIND}active_time.total": _Meter("active_us", "type", _microseconds),
    f"{KIND}lines_of_code.count": _Meter("lines", "type", _whole),
    f"{KIND}code_edit_tool.decision": _Meter("edit_decisions", "decision", _whole),
    f"{KIND}commit.count": _Meter("commits", "", _whole),
    f"{KIND}pull_request.count": _Meter("pull_requests", "", _whole),
}


KINDS = tuple(_METERS)


def note(event: Event, documents: Documents) -> Json | None:
    """Add a report to its session's document and return that; None when there is nothing to add."""
    meter, data = _METERS.get(event.kind), event.data()
    amount = None if meter is None else meter.amount(data.get("value"))
    if meter is None or amount is None or not event.session_id:
        return None
    if data.get("temporality") == _CUMULATIVE:
        amount = _growth(event, amount, documents)
    value = documents.get(TOPIC, event.session_id) or _nothing(event.session_id)
    sums = value[meter.field]
    label = data["attributes"].get(meter.attribute, "") if meter.attribute else "count"
    sums[str(label)] = sums.get(str(label), 0) + amount
    value["last_at"] = max(value["last_at"], event.at)
    documents.put(TOPIC, event.session_id, value)
    return value


def _growth(event: Event, amount: int, documents: Documents) -> int:
    """Return by how much a sum exceeds the largest known that began at the same time."""
    data = event.data()
    series = msgspec.json.encode([data["attributes"], data.get("resource")], order="sorted")
    digest = blake2b(series, digest_size=16).hexdigest()
    key = f"{event.session_id}/{event.kind}/{digest}"
    starts: dict[str, int] = documents.get(SERIES, key) or {}
    start = str(data.get("started_at"))
    known = starts.get(start, 0)
    if amount > known:
        documents.put(SERIES, key, {**starts, start: amount})
    return max(0, amount - known)


def _nothing(session_id: str) -> Json:
    fields: Json = {meter.field: {} for meter in _METERS.values()}
    return {"session_id": session_id, **fields, "last_at": 0}
