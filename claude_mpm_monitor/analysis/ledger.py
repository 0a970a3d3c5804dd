"""Ledger: every API call once, and what they come to.

Calls are known by `message.id`, over all files and sessions. Feeding a file again, in any order,
or together with its fork changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from claude_mpm_monitor.analysis.api_calls import CallRecord, identities_of, merge
from claude_mpm_monitor.pricing.cost import Cost, cost_of
from claude_mpm_monitor.pricing.money import to_usd
from claude_mpm_monitor.pricing.table import PriceTable


class Totals(msgspec.Struct, kw_only=True):
    """Sums over calls: tokens, searches, and picodollars (10**12 to the dollar) in `cost`.

    `unpriced` counts the calls that `cost` does not include, by reason; `low_confidence` those
    whose output Claude Code is known to have recorded too low.
    """

    calls: int = 0
    input: int = 0
    output: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    web_searches: int = 0
    cost: int = 0
    unpriced: dict[str, int] = {}
    low_confidence: int = 0

    def add(self, call: CallRecord, prices: PriceTable) -> None:
        """Count one call, priced by its own date."""
        usage = call.usage
        self.calls += 1
        self.input += usage.input
        self.output += usage.output
        self.cache_write_5m += usage.cache_write_5m
        self.cache_write_1h += usage.cache_write_1h
        self.cache_read += usage.cache_read
        self.web_searches += usage.web_searches
        self.low_confidence += call.confidence == "low"
        cost = cost_of(usage, call.model, call.at, prices)
        if isinstance(cost, Cost):
            self.cost += cost.total
        else:
            self.unpriced[cost.reason] = self.unpriced.get(cost.reason, 0) + 1

    @property
    def usd(self) -> Decimal:
        """The exact cost in USD of the calls that have a price."""
        return to_usd(self.cost)

    @property
    def cache_write(self) -> int:
        """Tokens written to the cache, for five minutes and for an hour together."""
        return self.cache_write_5m + self.cache_write_1h

    @property
    def cache_hit_ratio(self) -> float | None:
        """The share of all prompt tokens that was read from the cache; None without any."""
        prompt = self.input + self.cache_write + self.cache_read
        return self.cache_read / prompt if prompt else None


class Ledger:
    """Calls by message id. Not thread-safe: for its owner's thread."""

    def __init__(self, calls: Iterable[CallRecord] = ()) -> None:
        self._calls: dict[str, CallRecord] = {}
        #: The call each identity stands for, and the identities of each call.
        self._owner: dict[str, str] = {}
        self._identities: dict[str, set[str]] = {}
        for call in calls:
            self.add(call)

    def add(self, call: CallRecord) -> CallRecord | None:
        """Take in what one more line says; return the merged record when it says anything new."""
        identities = set(identities_of(call))
        known = sorted({self._owner[name] for name in identities if name in self._owner})
        key = known[0] if known else call.message_id
        before = self._calls.get(key)
        merged = call
        for other in known:
            merged = merge(self._calls.pop(other), merged)
            identities |= self._identities.pop(other)
        self._calls[key] = merged
        self._identities[key] = identities
        self._owner.update(dict.fromkeys(identities, key))
        return None if len(known) == 1 and merged == before else merged

    def __iter__(self) -> Iterator[CallRecord]:
        return iter(self._calls.values())

    def __len__(self) -> int:
        return len(self._calls)

    def of_session(self, session_id: str) -> Iterator[CallRecord]:
        """Yield the calls the session's files hold, those it shares with a fork included.

        Sums over several sessions have to go by `session_id` instead, or shared calls count twice.
        """
        return (call for call in self if session_id in call.seen_in)


def total(calls: Iterable[CallRecord], prices: PriceTable) -> Totals:
    """Return the sums over `calls`."""
    sums = Totals()
    for call in calls:
        sums.add(call, prices)
    return sums
