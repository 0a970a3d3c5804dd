"""Cost: what one API call costs, exactly, and by which prices.

cost = input x i + output x o + writes_5m x w5 + writes_1h x w1 + read x r + searches x s

at the rates of the request's date and of the tier of its whole prompt
(https://platform.claude.com/docs/en/about-claude/pricing). Fast mode has rates of its own; US data
residency and batch processing multiply the token prices, not the searches.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import msgspec

from claude_mpm_monitor.pricing.money import to_usd
from claude_mpm_monitor.pricing.rates import Model, Rates
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.pricing.usage import Usage

#: What the API says when nothing special was asked for. Other words have no known price.
_USUAL_SPEEDS = ("", "standard")
_USUAL_PLACES = ("", "global", "not_available")
_USUAL_TIERS = ("", "standard")


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The prices a cost was computed with: enough to look them up and do the sum again.

    `start` is the beginning of their period (microseconds, None for the first), `above` the
    prompt length from which they apply (-1: any), `modifiers` of "fast", "us" and "batch".
    """

    model: str
    source: str
    start: int | None = None
    above: int = -1
    modifiers: tuple[str, ...] = ()


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a cost, in picodollars (10**12 to the dollar)."""

    input: int
    output: int
    cache_write: int
    cache_read: int
    web_search: int
    price: PriceRow

    @property
    def total(self) -> int:
        """The whole cost in picodollars."""
        return self.input + self.output + self.cache_write + self.cache_read + self.web_search

    @property
    def usd(self) -> Decimal:
        """The whole cost in USD, exact."""
        return to_usd(self.total)


class Unpriced(msgspec.Struct, frozen=True, kw_only=True):
    """A call whose cost is not known. `reason` is for a person. It is never to count as zero."""

    model: str
    reason: str


def cost_of(usage: Usage, model_id: str, at: int, prices: PriceTable) -> Cost | Unpriced:
    """Return the cost of a call of `model_id` made at `at` (microseconds since the epoch, UTC)."""
    model = prices.find(model_id)
    if model is None:
        return Unpriced(model=model_id, reason=f"no price is known for the model {model_id!r}")
    obstacle = _obstacle(usage, model)
    if obstacle:
        return Unpriced(model=model_id, reason=obstacle)
    rates, row = _applying(usage, model, at)
    missing = [name for name, tokens, rate in _parts(usage, rates) if tokens and rate is None]
    if missing:
        return Unpriced(model=model_id, reason=f"{model.id} has no price for: {', '.join(missing)}")
    return _multiply(usage, rates, prices.multiplier(row.modifiers), row)


def _obstacle(usage: Usage, model: Model) -> str:
    """Say why the call has no known price although the model has one, "" when it has."""
    if usage.speed == "fast" and model.fast is None:
        return f"no price is known for {model.id} in fast mode"
    if usage.speed not in (*_USUAL_SPEEDS, "fast"):
        return f"no price is known for the speed {usage.speed!r}"
    if usage.service_tier not in (*_USUAL_TIERS, "batch"):
        return f"no price is known for the service tier {usage.service_tier!r}"
    if usage.inference_geo not in (*_USUAL_PLACES, "us"):
        return f"no price is known for inference in {usage.inference_geo!r}"
    return ""


def _applying(usage: Usage, model: Model, at: int) -> tuple[Rates, PriceRow]:
    """Return the rates of the call, before multipliers, and their identity."""
    period = model.period(at)
    tier = period.tier(usage.prompt)
    modifiers = tuple(_modifiers(usage))
    fast = model.fast if "fast" in modifiers else None
    row = PriceRow(
        model=model.id,
        source=model.source,
        start=period.start,
        above=-1 if fast else tier.above,
        modifiers=modifiers,
    )
    return fast or tier.rates, row


def _modifiers(usage: Usage) -> Iterator[str]:
    if usage.service_tier == "batch":
        yield "batch"  # fast mode is not to be had in batches
    elif usage.speed == "fast":
        yield "fast"
    if usage.inference_geo == "us":
        yield "us"


def _parts(usage: Usage, rates: Rates) -> Iterator[tuple[str, int, int | None]]:
    yield "input", usage.input, rates.input
    yield "output", usage.output, rates.output
    yield "5-minute cache writes", usage.cache_write_5m, rates.cache_write_5m
    yield "1-hour cache writes", usage.cache_write_1h, rates.cache_write_1h
    yield "cache reads", usage.cache_read, rates.cache_read
    yield "web searches", usage.web_searches, rates.web_search


def _multiply(usage: Usage, rates: Rates, factor: Fraction, row: PriceRow) -> Cost:
    amounts = [count * (rate or 0) for _name, count, rate in _parts(usage, rates)]
    tokens = [amount * factor.numerator // factor.denominator for amount in amounts[:-1]]
    given, received, write_5m, write_1h, read = tokens
    return Cost(
        input=given,
        output=received,
        cache_write=write_5m + write_1h,
        cache_read=read,
        web_search=amounts[-1],
        price=row,
    )
