"""Make claude_mpm_monitor/pricing/table.json anew from the installed genai-prices.

Build time only: `pip install -U genai-prices && python tools/update_prices.py`, then read the
diff and run the tests, which compare every price with that library. Whatever this script does not
understand of a newer genai-prices stops it: a price that is left out is better than a wrong one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from genai_prices import data, types

from claude_mpm_monitor.pricing.model_id import bare_name

TABLE = Path(__file__).resolve().parent.parent / "claude_mpm_monitor" / "pricing" / "table.json"
DOCS = "https://platform.claude.com/docs/en"

#: Our name and genai-prices' name of each price.
KEYS = {
    "input": "input_mtok",
    "output": "output_mtok",
    "cache_write_5m": "cache_write_mtok",
    "cache_write_1h": "cache_write_1h_mtok",
    "cache_read": "cache_read_mtok",
    "web_search": "web_searches_kcount",
}
#: What genai-prices does not have (residency), or has from its first day of looking on (batch).
MODIFIERS = {
    "us": {
        "multiplier": "1.1",
        "source": f"{DOCS}/manage-claude/data-residency: usage.inference_geo is 'us'; "
        "all token prices, no searches",
    },
    "batch": {
        "multiplier": "0.5",
        "source": f"{DOCS}/build-with-claude/batch-processing#pricing: usage.service_tier is "
        "'batch'; all token prices, no searches; not together with fast mode",
    },
}
#: Models of limited availability that genai-prices leaves out, and whose prices they share.
TWINS = {
    "claude-mythos-5": "claude-fable-5",
    "claude-mythos-5-1": "claude-fable-5-1",
}
TWIN_SOURCE = f"{DOCS}/about-claude/pricing#model-pricing (limited availability)"
#: Names that genai-prices reaches by the beginning of a name only.
MORE_NAMES = {"claude-2": ("claude-2-0", "claude-2-1")}
#: Fast mode of older models stands under OpenRouter's name for them. It has no 1-hour writes
#: there; the caching multipliers apply on top of fast mode's prices (build-with-claude/fast-mode).
OPENROUTER_FAST = {
    "claude-opus-4-6": "anthropic/claude-opus-4.6-fast",
    "claude-opus-4-7": "anthropic/claude-opus-4.7-fast",
}

_PARTIAL_YEAR = re.compile(r"-20\d\d$")
_DATED = re.compile(r"^\^([a-z0-9.-]+?)(?:\[-@\]|-)(?:\\d\{8\}|\\d\{4\}-\\d\{2\}-\\d\{2\})\$$")


def main() -> None:
    """Write the table."""
    today = datetime.now(tz=UTC).date().isoformat()
    TABLE.write_text(json.dumps(build(today), indent=1) + "\n")
    print(f"{TABLE}: {TABLE.stat().st_size} bytes, genai-prices {version('genai-prices')}")


def build(generated: str) -> dict[str, Any]:
    """Return the table as of the installed genai-prices; `generated` is an ISO date."""
    anthropic = provider("anthropic")
    rows = [model_row(model) for model in anthropic.models]
    return {
        "generated": generated,
        "source": {
            "package": "genai-prices",
            "version": version("genai-prices"),
            "provider": "anthropic",
            "licence": "MIT",
        },
        "unit": "USD per million tokens; web_search: USD per thousand searches",
        "modifiers": MODIFIERS,
        "models": rows + [twin(name, rows) for name in TWINS],
    }


def provider(name: str) -> types.Provider:
    """Return a provider of genai-prices."""
    return next(p for p in data.providers if p.id == name)


def model_row(model: types.ModelInfo) -> dict[str, Any]:
    """Return the table's row of one model."""
    found = {bare_name(name) for name in names(model.match)} | {bare_name(model.id)}
    row: dict[str, Any] = {
        "id": model.id.removesuffix("-latest"),
        "names": sorted(found | set(MORE_NAMES.get(model.id, ()))),
        "periods": periods(model.prices),
    }
    fast = fast_rates(model)
    if fast:
        row["fast"] = fast
    check_batch(model)
    return row


def names(rule: object) -> Iterator[str]:
    """Yield the names a match rule stands for, the rest of the id being a date or a revision."""
    match rule:
        case types.ClauseOr():
            for part in rule.or_:
                yield from names(part)
        case types.ClauseEquals():
            yield rule.equals
        case types.ClauseStartsWith():
            yield _PARTIAL_YEAR.sub("", rule.starts_with.rstrip("@"))
        case types.ClauseContains():
            yield rule.contains
        case types.ClauseRegex() if found := _DATED.match(rule.regex):
            yield found[1]
        case _:
            stop(f"a match rule of a new kind: {rule}")


def periods(prices: Any) -> list[dict[str, Any]]:
    """Return the periods in order, each ending where the next one starts."""
    if isinstance(prices, types.ModelPrice):
        return [{"start": None, "end": None, "tiers": tiers(prices)}]
    rows = []
    for price in prices:
        constraint = price.constraint
        if constraint is not None and not isinstance(constraint, types.StartDateConstraint):
            stop(f"a condition of a new kind: {constraint}")
        start = constraint.start_date.isoformat() if constraint else None
        rows.append({"start": start, "end": None, "tiers": tiers(price.prices)})
    for row, following in pairwise(rows):
        row["end"] = following["start"]
    starts = [row["start"] or "" for row in rows]
    if starts != sorted(starts):
        stop(f"periods out of order: {rows}")
    return rows


def tiers(price: types.ModelPrice) -> list[dict[str, Any]]:
    """Return the base rates and those above each prompt length."""
    known = {ours: getattr(price, theirs) for ours, theirs in KEYS.items()}
    unknown = {key for key, value in vars(price).items() if value is not None} - set(KEYS.values())
    if unknown:
        stop(f"prices of a new kind: {unknown}")
    edges = sorted(
        {t.start for p in known.values() if isinstance(p, types.TieredPrices) for t in p.tiers}
    )
    rows: list[dict[str, Any]] = [{"rates": rates_at(known, 0)}]
    rows += [{"above": edge, "rates": rates_at(known, edge + 1)} for edge in edges]
    return rows


def rates_at(known: dict[str, Any], prompt: int) -> dict[str, str]:
    """Return the rates of a prompt of that many tokens, as strings."""
    rates = {}
    for name, price in known.items():
        if isinstance(price, types.TieredPrices):
            above = [tier.price for tier in price.tiers if prompt > tier.start]
            price = above[-1] if above else price.base
        if price is not None:
            rates[name] = f"{price:f}"
    return rates


def fast_rates(model: types.ModelInfo) -> dict[str, str] | None:
    """Return fast mode's rates: the model's own variant, else OpenRouter's."""
    standard = tiers(latest(model.prices))[0]["rates"]
    for variant in model.price_variants or ():
        if variant.when == {"speed": "fast"}:
            return standard | tiers(variant.prices)[0]["rates"]
    if model.id not in OPENROUTER_FAST:
        return None
    listed = next(m for m in provider("openrouter").models if m.id == OPENROUTER_FAST[model.id])
    rates: dict[str, str] = standard | tiers(latest(listed.prices))[0]["rates"]
    return rates | {"cache_write_1h": f"{2 * Decimal(rates['input']):f}"}


def latest(prices: Any) -> types.ModelPrice:
    """Return the prices that hold now."""
    return prices if isinstance(prices, types.ModelPrice) else prices[-1].prices


def check_batch(model: types.ModelInfo) -> None:
    """Stop unless the batch prices are what the multiplier makes of the standard ones."""
    for variant in model.price_variants or ():
        if variant.when not in ({"speed": "fast"}, {"processing": "batch"}):
            stop(f"{model.id} has prices for a new case: {variant.when}")
        if variant.when != {"processing": "batch"}:
            continue
        half = Decimal(MODIFIERS["batch"]["multiplier"])
        for standard, batch in zip(tiers(latest(model.prices)), tiers(variant.prices), strict=True):
            for name, price in batch["rates"].items():
                if Decimal(price) != half * Decimal(standard["rates"][name]):
                    stop(f"{model.id}: the batch price of {name} is not {half} of the standard one")


def twin(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row of a model that costs what another one costs."""
    like = next(row for row in rows if row["id"] == TWINS[name])
    return {**like, "id": name, "names": [name], "source": TWIN_SOURCE}


def stop(problem: str) -> NoReturn:
    """End with a sentence."""
    raise SystemExit(f"The table is left as it was: genai-prices has {problem}")


if __name__ == "__main__":
    main()
