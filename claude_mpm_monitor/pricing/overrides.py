"""The user's own prices: for models the table does not know, and in place of those it does.

A TOML or JSON file, USD per million tokens (`web_search`: USD per thousand searches):

    [models."claude-opus-5"]
    input = 4.25
    output = 21.25
    cache_read = 0.425

    [[models."glm-4.6"]]          # several periods, the earliest first
    input = 0.60
    output = 2.20
    cache_read = 0.11

    [[models."glm-4.6"]]
    from = 2026-09-01
    ...

A bare name stands for every snapshot and route of the model; an id with a route or a date, as
"us.anthropic.claude-opus-5-v1:0", for that id alone. Left out, cache writes are 1.25 x (5 minutes)
and 2 x (1 hour) of the input price, as Anthropic's are, and a thousand searches 10 USD. A table
`fast` holds the prices of fast mode. Long prompts cost what short ones do.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.pricing.model_id import bare_name, is_bare
from claude_mpm_monitor.pricing.money import per_search, per_token
from claude_mpm_monitor.pricing.rates import Model, Period, Rates, Tier
from claude_mpm_monitor.pricing.table import day_start

_REQUIRED = ("input", "output", "cache_read")
_DERIVED = {"cache_write_5m": Decimal("1.25"), "cache_write_1h": Decimal(2)}
_WEB_SEARCH = Decimal(10)
_PRICES = (*_REQUIRED, *_DERIVED, "web_search")


def read_overrides(path: Path) -> list[Model]:
    """Return the models of a TOML or JSON file; ConfigError says what is wrong with it."""
    return parse_overrides(_read(path), str(path))


def read_tables(path: Path) -> Mapping[str, Any]:
    """Return the tables of prices in a TOML or JSON file, checked; raises ConfigError."""
    data = _read(path)
    parse_overrides(data, str(path))
    tables: Mapping[str, Any] = data["models"]
    return tables


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            return json.loads(text, parse_float=Decimal)
        return tomllib.loads(text, parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise ConfigError(f"the prices in {path} cannot be read: {error}") from None


def parse_overrides(data: object, source: str = "your prices") -> list[Model]:
    """Return the models of `{"models": {name: prices or [prices, ...]}}`.

    `source` names the file in messages and beside the figures. Raises ConfigError.
    """
    models = data.get("models") if isinstance(data, Mapping) else None
    if not isinstance(models, Mapping):
        raise _refusal(source, "there is no table `models`")
    return [_model(name, rows, source) for name, rows in models.items()]


def _model(name: object, rows: object, source: str) -> Model:
    if not isinstance(name, str) or not name.strip():
        raise _refusal(source, f"{name!r} is not the name of a model")
    where = f'models."{name}"'
    tables = [_table(row, source, where) for row in (rows if isinstance(rows, list) else [rows])]
    if not tables:
        raise _refusal(source, f"{where} has no prices")
    fast = tables[-1].get("fast")
    return Model(
        id=name,
        names=(bare_name(name) if is_bare(name) else name,),
        periods=tuple(_periods(tables, source, where)),
        fast=None if fast is None else _fast(fast, source, f"{where}.fast"),
        source=source,
    )


def _table(row: object, source: str, where: str) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise _refusal(source, f"{where} is {row!r}, not a table of prices")
    return row


def _periods(tables: list[Mapping[str, Any]], source: str, where: str) -> list[Period]:
    starts = [_start(row, source, where) for row in tables]
    known = [-1 if start is None else start for start in starts]
    if any(later <= earlier for earlier, later in pairwise(known)):
        raise _refusal(source, f"the periods of {where} need a `from` each, the earliest first")
    return [
        Period(
            start=start,
            end=end,
            tiers=(Tier(above=-1, rates=_rates(row, source, where, ("from", "fast"))),),
        )
        for row, start, end in zip(tables, starts, [*starts[1:], None], strict=True)
    ]


def _start(row: Mapping[str, Any], source: str, where: str) -> int | None:
    day = row.get("from")
    if day is None:
        return None
    try:
        return day_start(date.fromisoformat(str(day)).isoformat())
    except ValueError:
        problem = f"{where}.from is {str(day)!r}, not a date like 2026-09-01"
        raise _refusal(source, problem) from None


def _fast(row: object, source: str, where: str) -> Rates:
    return _rates(_table(row, source, where), source, where, ())


def _rates(row: Mapping[str, Any], source: str, where: str, others: tuple[str, ...]) -> Rates:
    unknown = sorted(str(key) for key in row if key not in (*_PRICES, *others))
    if unknown:
        problem = f"{where} has {', '.join(unknown)}; known are {', '.join(_PRICES)}"
        raise _refusal(source, problem)
    missing = [name for name in _REQUIRED if name not in row]
    if missing:
        raise _refusal(source, f"{where} lacks {', '.join(missing)}")
    prices = {name: _price(row[name], source, f"{where}.{name}") for name in _PRICES if name in row}
    derived = {name: prices["input"] * ratio for name, ratio in _DERIVED.items()}
    amounts = {}
    for name, price in (prices | {"web_search": _WEB_SEARCH} | derived | prices).items():
        try:
            amounts[name] = (per_search if name == "web_search" else per_token)(price)
        except ValueError as error:
            how = "" if name in prices else f" ({_DERIVED[name]} x input)"
            raise _refusal(source, f"{where}.{name}{how}: {error}") from None
    return Rates(**amounts)


def _price(value: object, source: str, where: str) -> Decimal:
    """A float is taken as it is written: 0.1 is a tenth."""
    problem = f"{where} is {value!r}, not a price in USD"
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _refusal(source, problem)
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise _refusal(source, problem) from None


def _refusal(source: str, problem: str) -> ConfigError:
    return ConfigError(f"the prices in {source} cannot be used: {problem}")
