"""Money as whole picodollars: 1 USD = 10**12.

A price of 1 USD per million tokens is 10**6 picodollars for one token. Published prices have at
most four decimals, which is a multiple of 100 picodollars a token, and the modifiers (x 0.5,
x 1.1) divide that evenly: every amount is a whole number, whatever is added up in whatever order.
A 64-bit integer holds nine million dollars.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

PICODOLLARS = 10**12
#: Decimals of a price in USD per million tokens beyond which amounts would not be whole any more.
PRICE_DECIMALS = 4

_MILLION = 10**6
_THOUSAND = 10**3


def per_token(usd_per_million: Decimal) -> int:
    """Return picodollars for one token, or raise ValueError with a sentence."""
    return _whole(usd_per_million, PICODOLLARS // _MILLION)


def per_search(usd_per_thousand: Decimal) -> int:
    """Return picodollars for one web search, or raise ValueError with a sentence."""
    return _whole(usd_per_thousand, PICODOLLARS // _THOUSAND)


def to_usd(picodollars: int) -> Decimal:
    """Return the exact amount in USD."""
    return Decimal(picodollars).scaleb(-12)


def from_usd(amount: object) -> int | None:
    """Return picodollars for an amount in USD as JSON has it, None for what is no amount."""
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    try:
        exact = Decimal(repr(amount)) * PICODOLLARS
        return int(exact.to_integral_value()) if exact.is_finite() and exact >= 0 else None
    except InvalidOperation:
        return None


def _whole(price: Decimal, unit: int) -> int:
    if not price.is_finite() or price < 0:
        raise ValueError(f"{price} is no price: it has to be a number, zero or more")
    if price >= _MILLION:
        raise ValueError(f"{price} is no price: a million dollars and more is taken for a mistake")
    if price != round(price, PRICE_DECIMALS):
        raise ValueError(f"{price} has more than {PRICE_DECIMALS} decimals")
    return int(price * unit)
