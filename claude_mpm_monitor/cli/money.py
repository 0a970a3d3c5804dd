"""Costs and tokens as a person reads them. What is not exact says so."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: What the marks beside amounts mean.
AT_LEAST = "≥: at least; that release of Claude Code recorded too little output."
UNPRICED = "unpriced: calls of a model without a known price, not included in the amount."


def cost(sums: dict[str, Any] | None) -> str:
    """Return what some calls cost: "$1.23", "≥ $1.23", "$1.23 + unpriced", "unpriced" or "-"."""
    if not sums or not sums["calls"]:
        return "-"
    if sums["unpriced"] == sums["calls"]:
        return "unpriced"
    amount = dollars(Decimal(sums["usd"]["total"]))
    mark = "≥ " if sums["low_confidence"] else ""
    return f"{mark}{amount}{' + unpriced' if sums['unpriced'] else ''}"


def dollars(amount: Decimal) -> str:
    """Return an amount in cents, a small one in hundredths of a cent."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    step = Decimal("0.01") if size >= 1 or not size else Decimal("0.0001")
    return f"{sign}${size.quantize(step, ROUND_HALF_UP):,}"


def tokens(count: int) -> str:
    """Return a number of tokens in a readable unit: 812, 41.3k, 3.7M."""
    if count < 1_000:
        return str(count)
    for unit, size in (("k", 10**3), ("M", 10**6)):
        if count < 999.95 * size:
            return f"{count / size:.1f}{unit}"
    return f"{count / 10**9:,.1f}G"


def notes(*rows: dict[str, Any]) -> list[str]:
    """Return what the marks in some rows mean, one sentence each."""
    marks = ((AT_LEAST, "low_confidence"), (UNPRICED, "unpriced"))
    return [sentence for sentence, field in marks if any(row[field] for row in rows)]


def unpriced_models(sums: dict[str, Any]) -> str:
    """Name the models without a price and how many calls they had."""
    counts = sums["unpriced_models"].items()
    return ", ".join(f"{model or 'no model'} ({count})" for model, count in sorted(counts))
