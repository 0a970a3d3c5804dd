"""The shipped table against genai-prices, the library it was made from."""

from __future__ import annotations

import importlib.util
import itertools
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from genai_prices import data, types

from claude_mpm_monitor.pricing.cost import Cost, cost_of
from claude_mpm_monitor.pricing.rates import Model
from claude_mpm_monitor.pricing.table import PriceTable
from claude_mpm_monitor.pricing.usage import Usage

ROOT = Path(__file__).parents[2]
TABLE = PriceTable.builtin()
ANTHROPIC = next(provider for provider in data.providers if provider.id == "anthropic")

#: Around every change of a price, and far from any.
DAYS = [
    datetime(2024, 7, 1, tzinfo=UTC),
    datetime(2026, 3, 12, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 13, tzinfo=UTC),
    datetime(2026, 4, 30, 12, tzinfo=UTC),
    datetime(2026, 10, 13, 23, tzinfo=UTC),
    datetime(2026, 10, 14, tzinfo=UTC),
    datetime(2027, 6, 1, tzinfo=UTC),
]
PROMPTS = [0, 1, 99_999, 100_000, 100_001, 200_000, 200_001, 950_000]
#: How a prompt divides into input, 5-minute writes, 1-hour writes and reads, in hundredths.
SHARES = [(100, 0, 0, 0), (1, 4, 0, 95), (2, 1, 7, 90), (0, 0, 100, 0)]


def usages(cached: bool) -> list[Usage]:
    found = []
    for prompt, share in itertools.product(PROMPTS, SHARES if cached else SHARES[:1]):
        write_5m, write_1h, read = (prompt * part // 100 for part in share[1:])
        found.append(
            Usage(
                input=prompt - write_5m - write_1h - read,
                output=prompt % 977 + 3,
                cache_write_5m=write_5m,
                cache_write_1h=write_1h,
                cache_read=read,
            )
        )
    return found


def theirs(
    model: types.ModelInfo, usage: Usage, at: datetime, context: dict[str, str] | None = None
) -> Decimal:
    counts = types.Usage(
        input_tokens=usage.prompt,
        output_tokens=usage.output,
        cache_write_tokens=usage.cache_write,
        cache_write_1h_tokens=usage.cache_write_1h,
        cache_read_tokens=usage.cache_read,
        web_searches=usage.web_searches,
    )
    return model.calc_price(
        counts, ANTHROPIC, genai_request_timestamp=at, price_context=context
    ).total_price


def ours(model_id: str, usage: Usage, at: datetime) -> Decimal:
    micros = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    found = cost_of(usage, model_id, micros, TABLE)
    assert isinstance(found, Cost), found
    return found.usd


@pytest.mark.parametrize("model", ANTHROPIC.models, ids=lambda model: model.id)
def test_every_price_equals_genai_prices(model: types.ModelInfo) -> None:
    cached = model.get_prices(DAYS[-1]).cache_read_mtok is not None

    for at, usage in itertools.product(DAYS, usages(cached)):
        assert ours(model.id, usage, at) == theirs(model, usage, at), (at, usage)


@pytest.mark.parametrize("model", ANTHROPIC.models, ids=lambda model: model.id)
def test_every_variant_equals_genai_prices(model: types.ModelInfo) -> None:
    words = {"speed": "speed", "processing": "service_tier"}

    for variant in model.price_variants or []:
        ((key, value),) = variant.when.items()
        for usage in usages(cached=True):
            said = Usage(**{**as_dict(usage), words[key]: value})
            assert ours(model.id, said, DAYS[-1]) == theirs(model, usage, DAYS[-1], {key: value}), (
                said
            )


def as_dict(usage: Usage) -> dict[str, Any]:
    return {name: getattr(usage, name) for name in usage.__struct_fields__}


def test_a_search_costs_what_genai_prices_says() -> None:
    search = Usage(web_searches=3)
    able = [m for m in ANTHROPIC.models if m.get_prices(DAYS[-1]).web_searches_kcount is not None]

    assert len(able) > 15
    for model in able:
        assert ours(model.id, search, DAYS[-1]) == theirs(model, search, DAYS[-1])


def test_batches_are_half_price_also_before_genai_prices_looked() -> None:
    """Its batch prices begin on 2026-10-14; the discount is as old as the batch API."""
    batch = Usage(input=1_000_000, service_tier="batch")

    assert ours("claude-sonnet-4-5", Usage(input=100_000, service_tier="batch"), DAYS[0]) == (
        Decimal("0.15")
    )
    assert ours("claude-opus-5", batch, DAYS[0]) == Decimal("2.5")


@pytest.mark.parametrize("suffix", ["", "-20261231", "@20261231", "-2026-12-31"])
@pytest.mark.parametrize("model", TABLE.models, ids=lambda model: model.id)
def test_what_genai_prices_finds_by_a_name_is_the_same_model(model: Model, suffix: str) -> None:
    """It may know fewer names than we do, never another model."""
    for name in model.names:
        found = ANTHROPIC.find_model(name + suffix)
        expected = {model.id, f"{model.id}-latest"}
        assert found is None or found.id in expected, (name, found)
        assert TABLE.find(name + suffix) is model


def test_a_longer_number_is_another_generation_although_genai_prices_matches_beginnings() -> None:
    """Deliberately stricter: `claude-opus-4-10` would cost what `claude-opus-4-1` does there."""
    found = ANTHROPIC.find_model("claude-opus-4-10")

    assert found is not None
    assert found.id == "claude-opus-4-1"
    assert TABLE.find("claude-opus-4-10") is None


def test_models_of_limited_availability_cost_what_their_twins_cost() -> None:
    usage = usages(cached=True)[-1]

    assert ANTHROPIC.find_model("claude-mythos-5-1") is None
    assert ours("claude-mythos-5-1", usage, DAYS[-1]) == ours("claude-fable-5-1", usage, DAYS[-1])
    assert ours("claude-mythos-5", usage, DAYS[-1]) == ours("claude-fable-5", usage, DAYS[-1])


def shipped() -> dict[str, Any]:
    path = ROOT / "claude_mpm_monitor" / "pricing" / "table.json"
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "update_prices", ROOT / "tools" / "update_prices.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_table_is_what_the_tool_makes() -> None:
    table = shipped()

    assert table["source"]["version"] == version("genai-prices"), "run tools/update_prices.py"
    assert tool().build(table["generated"]) == table


def test_the_table_says_what_it_was_made_from_and_when() -> None:
    assert re.fullmatch(r"genai-prices \d+\.\d+\.\d+ \(20\d\d-\d\d-\d\d\)", TABLE.version)


def test_the_tool_stops_at_a_rule_it_does_not_know() -> None:
    with pytest.raises(SystemExit, match="match rule of a new kind"):
        list(tool().names(types.ClauseEndsWith("claude-opus-6")))


def test_periods_leave_no_gap() -> None:
    for model in TABLE.models:
        assert model.periods[0].start is None
        assert model.periods[-1].end is None
        for earlier, later in itertools.pairwise(model.periods):
            assert earlier.end == later.start
