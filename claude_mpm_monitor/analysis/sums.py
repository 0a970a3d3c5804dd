"""Sums: the figures of a usage document, kept by exact whole-number differences.

What a call adds to a document can be taken away again to the last picodollar, so a document is
the same whatever the order in which the lines of its calls came, and however often.
"""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.analysis.api_calls import CallRecord
from claude_mpm_monitor.pricing.cost import Cost, Unpriced

Json = dict[str, Any]

TOKENS = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
COST_PARTS = ("input", "output", "cache_write", "cache_read", "web_search", "total")
_COUNTS = ("calls", *TOKENS, "web_searches", "unpriced", "low_confidence")


Named = tuple[tuple[str, int], ...]


class Amounts(msgspec.Struct, frozen=True):
    """What one call adds: `counts` of `_COUNTS` and `cost` (picodollars) of `COST_PARTS`, no zeros.

    Worked out once, added to every sum the call belongs to.
    """

    counts: Named
    cost: Named
    model: str
    evidence: tuple[str, ...]
    unpriced: bool

    @classmethod
    def of(cls, call: CallRecord, cost: Cost | Unpriced) -> Amounts:
        """Return what a call adds to every document it belongs to."""
        usage = call.usage
        unpriced = isinstance(cost, Unpriced)
        tokens = (
            usage.input,
            usage.output,
            usage.cache_write_5m,
            usage.cache_write_1h,
            usage.cache_read,
        )
        low = call.confidence == "low"
        return cls(
            counts=_named(_COUNTS, (1, *tokens, usage.web_searches, int(unpriced), int(low))),
            cost=_named(COST_PARTS, _parts(cost)),
            model=call.model,
            evidence=call.evidence,
            unpriced=unpriced,
        )


def empty() -> Json:
    """Return the figures of no call."""
    return {
        **dict.fromkeys(_COUNTS, 0),
        "cost": dict.fromkeys(COST_PARTS, 0),
        "unpriced_models": {},
        "sources": {},
    }


def add(sums: Json, amounts: Amounts, sign: int) -> None:
    """Add a call to the figures (`sign` 1), or take it away again (-1)."""
    for name, count in amounts.counts:
        sums[name] += sign * count
    cost = sums["cost"]
    for name, part in amounts.cost:
        cost[name] += sign * part
    if amounts.unpriced:
        _count(sums["unpriced_models"], amounts.model, sign)
    for source in amounts.evidence:
        _count(sums["sources"], source, sign)


def add_model(models: Json, amounts: Amounts, sign: int) -> None:
    """Keep the figures of each model apart; a model without calls is none."""
    sums = models.setdefault(amounts.model, empty())
    add(sums, amounts, sign)
    if not sums["calls"]:
        del models[amounts.model]


def merge(sums: Json, other: Json) -> None:
    """Add the figures of one document to those of another."""
    for name in _COUNTS:
        sums[name] += other[name]
    for name in COST_PARTS:
        sums["cost"][name] += other["cost"][name]
    for name in ("unpriced_models", "sources"):
        for key, count in other[name].items():
            _count(sums[name], key, count)


def of_call(value: Json) -> Json:
    """Return the figures of one call, out of its document."""
    sums, usage = empty(), value["usage"]
    unpriced = value["cost"] is None
    sums["calls"] = 1
    for name in (*TOKENS, "web_searches"):
        sums[name] = usage[name]
    sums["low_confidence"] = int(value["confidence"] == "low")
    sums["unpriced"] = int(unpriced)
    if unpriced:
        sums["unpriced_models"] = {value["model"]: 1}
    else:
        sums["cost"] = {name: value["cost"][name] for name in COST_PARTS}
    sums["sources"] = dict.fromkeys(value["evidence"], 1)
    return sums


def cache_hit_ratio(sums: Json) -> float | None:
    """Return the share of all prompt tokens that was read from the cache; None without any."""
    prompt = sum(sums[name] for name in TOKENS if name != "output")
    return sums["cache_read"] / prompt if prompt else None


def _named(names: tuple[str, ...], values: tuple[int, ...]) -> Named:
    return tuple((name, value) for name, value in zip(names, values, strict=True) if value)


def _parts(cost: Cost | Unpriced) -> tuple[int, ...]:
    if isinstance(cost, Unpriced):
        return (0,) * len(COST_PARTS)
    parts = (cost.input, cost.output, cost.cache_write, cost.cache_read, cost.web_search)
    return (*parts, sum(parts))


def _count(counts: dict[str, int], key: str, number: int) -> None:
    counts[key] = counts.get(key, 0) + number
    if not counts[key]:
        del counts[key]
