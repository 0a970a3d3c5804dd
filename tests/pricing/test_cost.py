"""Costs: golden vectors, modifiers, and what is not priced."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claude_mpm_monitor.pricing.cost import Cost, Unpriced, cost_of
from claude_mpm_monitor.pricing.table import PriceTable, day_start
from claude_mpm_monitor.pricing.usage import Usage

TABLE = PriceTable.builtin()


def cost(usage: Usage, model: str, day: str = "2026-11-01") -> Cost:
    found = cost_of(usage, model, day_start(day), TABLE)
    assert isinstance(found, Cost), found
    return found


def reason(usage: Usage, model: str) -> str:
    found = cost_of(usage, model, day_start("2026-11-01"), TABLE)
    assert isinstance(found, Unpriced), found
    return found.reason


def usage(numbers: str, **words: str) -> Usage:
    """Make a Usage of "input/output/5-minute writes/1-hour writes/reads"."""
    given, received, write_5m, write_1h, read = map(int, numbers.split("/"))
    return Usage(
        input=given,
        output=received,
        cache_write_5m=write_5m,
        cache_write_1h=write_1h,
        cache_read=read,
        **words,
    )


#: Computed with genai-prices 0.2.3, provider anthropic, independently of this package.
GOLDEN = [
    ("claude-opus-4-6", "1000/2000/4000/0/145000", "2026-02-20", "", "0.152500"),
    ("claude-opus-4-6", "1000/2000/4000/0/245000", "2026-02-20", "", "0.380000"),
    ("claude-opus-4-6", "1000/2000/4000/0/245000", "2026-11-01", "", "0.202500"),
    ("claude-sonnet-4-5", "1000/2000/4000/0/245000", "2026-01-20", "", "0.228000"),
    ("claude-opus-5-5", "10/800/0/20000/300000", "2026-11-01", "", "0.236040"),
    ("claude-opus-5-5", "10/800/0/20000/500000", "2026-11-01", "", "0.276040"),
    ("claude-opus-5-5", "10/800/0/20000/300000", "2026-11-01", "fast", "0.472080"),
    ("claude-sonnet-5-5", "10/800/20000/0/300000", "2026-11-01", "", "0.088020"),
    ("claude-fable-5-2", "10/800/20000/0/300000", "2026-11-01", "", "0.292080"),
    ("claude-haiku-5-5", "1000/500/8000/0/90000", "2026-11-01", "", "0.002250"),
    ("claude-haiku-5-5", "1000/500/8000/0/92000", "2026-11-01", "", "0.011350"),
]


@pytest.mark.parametrize(("model", "numbers", "day", "speed", "dollars"), GOLDEN)
def test_golden_vectors_are_met_exactly(
    model: str, numbers: str, day: str, speed: str, dollars: str
) -> None:
    assert cost(usage(numbers, speed=speed), model, day).usd == Decimal(dollars)


def test_a_prompt_of_exactly_the_limit_is_still_short() -> None:
    at_limit = cost(Usage(input=1, cache_read=99_999), "claude-haiku-5-5")
    above = cost(Usage(input=1, cache_read=100_000), "claude-haiku-5-5")

    assert (at_limit.price.above, above.price.above) == (-1, 100_000)
    assert at_limit.input * 5 == above.input


def test_a_price_changes_at_midnight_utc() -> None:
    first_day = day_start("2026-03-13")
    long = Usage(input=300_000)

    before = cost_of(long, "claude-opus-4-6", first_day - 1, TABLE)
    after = cost_of(long, "claude-opus-4-6", first_day, TABLE)

    assert isinstance(before, Cost)
    assert isinstance(after, Cost)
    assert (before.usd, after.usd) == (Decimal(3), Decimal("1.5"))


def test_a_cost_has_its_parts_and_the_prices_it_rests_on() -> None:
    found = cost(
        Usage(input=1, output=2, cache_write_5m=3, cache_write_1h=4, cache_read=5, web_searches=6),
        "claude-sonnet-4-6",
    )

    assert (found.input, found.output) == (3_000_000, 30_000_000)
    assert found.cache_write == 3 * 3_750_000 + 4 * 6_000_000
    assert found.cache_read == 5 * 300_000
    assert found.web_search == 6 * 10**10
    assert found.total == 60_069_750_000
    assert found.price.model == "claude-sonnet-4-6"
    assert found.price.source == TABLE.version
    assert found.price.start == day_start("2026-03-13")


@pytest.mark.parametrize(
    ("words", "factor"),
    [
        ({"inference_geo": "us"}, "1.1"),
        ({"inference_geo": "global"}, "1"),
        ({"inference_geo": "not_available"}, "1"),
        ({"service_tier": "batch"}, "0.5"),
        ({"service_tier": "standard"}, "1"),
        ({"speed": "standard"}, "1"),
        ({"speed": "fast"}, "2"),
        ({"speed": "fast", "inference_geo": "us"}, "2.2"),
        ({"service_tier": "batch", "inference_geo": "us"}, "0.55"),
    ],
)
def test_modifiers_multiply_all_token_prices_and_no_searches(
    words: dict[str, str], factor: str
) -> None:
    tokens = "7/11/13/17/19"

    plain = cost(usage(tokens), "claude-opus-5")
    modified = cost(usage(tokens, **words), "claude-opus-5")
    search = cost(Usage(web_searches=1, **words), "claude-opus-5")

    assert modified.usd == plain.usd * Decimal(factor)
    assert search.usd == Decimal("0.01")


def test_fast_mode_of_opus_4_6_is_six_times_the_price_and_flat() -> None:
    fast = cost(Usage(input=1_000_000, output=1_000_000, speed="fast"), "claude-opus-4-6")

    assert fast.usd == Decimal(30 + 150)
    assert fast.price.modifiers == ("fast",)


@pytest.mark.parametrize("model", ["claude-opus-9", "glm-4.6", "<synthetic>", "", "opus"])
def test_a_model_without_a_price_is_unpriced_and_never_free(model: str) -> None:
    assert "no price is known for the model" in reason(Usage(input=1), model)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"speed": "fast"}, "claude-sonnet-4-5 in fast mode"),
        ({"speed": "ludicrous"}, "'ludicrous'"),
        ({"service_tier": "priority"}, "'priority'"),
        ({"inference_geo": "mars"}, "'mars'"),
    ],
)
def test_a_way_of_running_without_a_known_price_is_unpriced(
    words: dict[str, str], said: str
) -> None:
    assert said in reason(Usage(input=1, **words), "claude-sonnet-4-5")


def test_a_sort_of_token_without_a_price_is_unpriced() -> None:
    assert reason(Usage(input=1, cache_read=1), "claude-2") == (
        "claude-2 has no price for: cache reads"
    )
    assert cost(Usage(input=1), "claude-2").usd == Decimal("0.000008")
