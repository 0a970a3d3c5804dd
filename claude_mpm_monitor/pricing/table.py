"""The price table: finds what a model costs.

`table.json` is made by `tools/update_prices.py` from the genai-prices data; it says which version
and when. Prices in it are strings, USD per million tokens (web searches: per thousand), so that no
float ever stands between the published price and the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any

import msgspec

from claude_mpm_monitor.pricing.model_id import bare_name
from claude_mpm_monitor.pricing.money import per_search, per_token
from claude_mpm_monitor.pricing.rates import Model, Period, Rates, Tier

_TABLE = "table.json"


class PriceTable:
    """Immutable; any thread. `version` is shown beside every figure that rests on it."""

    def __init__(
        self, models: Iterable[Model], modifiers: Mapping[str, Fraction], version: str
    ) -> None:
        self.models = tuple(models)
        self.version = version
        self._modifiers = dict(modifiers)
        self._by_name = {name: model for model in self.models for name in model.names}

    @staticmethod
    def builtin() -> PriceTable:
        """Return the table that ships with the package, read once."""
        return _builtin()

    @classmethod
    def from_json(cls, text: bytes | str) -> PriceTable:
        """Build a table out of the text of a `table.json`."""
        data = msgspec.json.decode(text)
        version = f"{data['source']['package']} {data['source']['version']} ({data['generated']})"
        modifiers = {name: Fraction(m["multiplier"]) for name, m in data["modifiers"].items()}
        return cls((_model(row, version) for row in data["models"]), modifiers, version)

    @property
    def fingerprint(self) -> str:
        """A digest of all prices: another one means that costs have to be worked out again."""
        modifiers = sorted((name, str(factor)) for name, factor in self._modifiers.items())
        content = msgspec.json.encode((self.models, modifiers))
        return blake2b(content, digest_size=16).hexdigest()

    def find(self, model_id: str) -> Model | None:
        """Return the model that `model_id` names, None when its price is not known."""
        return self._by_name.get(model_id) or self._by_name.get(bare_name(model_id))

    def multiplier(self, modifiers: Iterable[str]) -> Fraction:
        """Return what "batch" and "us" make of token prices; "fast" has prices of its own."""
        factor = Fraction(1)
        for modifier in modifiers:
            factor *= self._modifiers.get(modifier, 1)
        return factor

    def with_models(self, models: Iterable[Model]) -> PriceTable:
        """Return a table in which `models` win over those here that have one of their names.

        A model that is known here by several names is replaced under all of them.
        """
        widened = [msgspec.structs.replace(model, names=self._all_names(model)) for model in models]
        return PriceTable((*self.models, *widened), self._modifiers, self.version)

    def _all_names(self, model: Model) -> tuple[str, ...]:
        known = [self._by_name[name].names for name in model.names if name in self._by_name]
        return tuple(dict.fromkeys((*model.names, *(name for names in known for name in names))))


@cache
def _builtin() -> PriceTable:
    return PriceTable.from_json(resources.files(__package__).joinpath(_TABLE).read_bytes())


def day_start(day: str) -> int:
    """Return the first microsecond of an ISO date, UTC."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 10**6


def _model(row: dict[str, Any], version: str) -> Model:
    return Model(
        id=row["id"],
        names=tuple(row["names"]),
        periods=tuple(_period(period) for period in row["periods"]),
        fast=_rates(row["fast"]) if "fast" in row else None,
        source=row.get("source", version),
    )


def _period(row: dict[str, Any]) -> Period:
    return Period(
        start=day_start(row["start"]) if row["start"] else None,
        end=day_start(row["end"]) if row["end"] else None,
        tiers=tuple(
            Tier(above=tier.get("above", -1), rates=_rates(tier["rates"])) for tier in row["tiers"]
        ),
    )


def _rates(row: dict[str, str]) -> Rates:
    amounts = {
        name: (per_search if name == "web_search" else per_token)(Decimal(price))
        for name, price in row.items()
    }
    return Rates(**amounts)
