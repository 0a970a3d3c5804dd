"""Rates: what a model costs, by date of the request and by length of the prompt."""

from __future__ import annotations

import msgspec


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """Picodollars for one token of each sort and for one web search; None where none is known."""

    input: int | None = None
    output: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    cache_read: int | None = None
    web_search: int | None = None


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """Rates of a whole request, output included, whose prompt is longer than `above` tokens.

    A cliff, not a marginal rate: one token more and every token costs more.
    """

    above: int
    rates: Rates


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Prices of the time from `start` to before `end`, microseconds since the epoch, UTC.

    None is open. `tiers` are sorted by `above`; the first begins at -1, so it always applies.
    """

    start: int | None
    end: int | None
    tiers: tuple[Tier, ...]

    def tier(self, prompt_tokens: int) -> Tier:
        """Return the tier of a prompt of that many tokens, cache included."""
        return next(t for t in reversed(self.tiers) if prompt_tokens > t.above)


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """One priced model. `periods` are in order and leave no gap; `fast` are fast mode's rates.

    `source` names where the prices come from.
    """

    id: str
    names: tuple[str, ...]
    periods: tuple[Period, ...]
    fast: Rates | None = None
    source: str = ""

    def period(self, at: int) -> Period:
        """Return the period `at` falls in; what is older than every price gets the oldest."""
        begun = [p for p in self.periods if p.start is None or p.start <= at]
        return begun[-1] if begun else self.periods[0]
