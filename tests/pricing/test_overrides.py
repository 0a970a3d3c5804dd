"""The user's own prices: what they replace, and what is said about mistakes."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.pricing.cost import Cost, cost_of
from claude_mpm_monitor.pricing.overrides import parse_overrides, read_overrides
from claude_mpm_monitor.pricing.table import PriceTable, day_start
from claude_mpm_monitor.pricing.usage import Usage

BUILTIN = PriceTable.builtin()
PLAIN = {"input": "1", "output": "5", "cache_read": "0.1"}
MILLION = Usage(input=1_000_000)


def cost(
    models: dict[str, Any], model_id: str, usage: Usage = MILLION, day: str = "2026-11-01"
) -> Cost:
    prices = BUILTIN.with_models(parse_overrides({"models": models}))
    found = cost_of(usage, model_id, day_start(day), prices)
    assert isinstance(found, Cost), found
    return found


def complaint(models: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_overrides({"models": models}, "prices.toml")
    return str(caught.value)


def test_a_model_the_table_does_not_know_gets_a_price() -> None:
    found = cost({"glm-4.6": PLAIN}, "z-ai/glm-4.6")

    assert found.usd == 1
    assert found.price.source == "your prices"


@pytest.mark.parametrize("model_id", ["claude-opus-4-20250514", "claude-4-opus", "claude-opus-4-0"])
def test_a_bare_name_replaces_the_model_under_all_its_names(model_id: str) -> None:
    assert cost({"claude-opus-4": PLAIN}, model_id).usd == 1


def test_an_id_with_a_route_replaces_that_id_alone() -> None:
    regional = "us.anthropic.claude-opus-5-v1:0"
    models = {regional: PLAIN | {"input": "5.5"}}

    assert cost(models, regional).usd == Decimal("5.5")
    assert cost(models, "claude-opus-5").usd == 5


def test_cache_writes_follow_the_input_price_unless_given() -> None:
    writes = Usage(cache_write_5m=1_000_000, cache_write_1h=1_000_000)

    assert cost({"x": PLAIN}, "x", writes).usd == Decimal("3.25")
    assert cost({"x": PLAIN | {"cache_write_1h": 7}}, "x", writes).usd == Decimal("8.25")


def test_a_search_costs_a_cent_unless_given() -> None:
    assert cost({"x": PLAIN}, "x", Usage(web_searches=1)).usd == Decimal("0.01")
    assert cost({"x": PLAIN | {"web_search": 4}}, "x", Usage(web_searches=1)).usd == (
        Decimal("0.004")
    )


def test_periods_hold_from_their_day_on() -> None:
    rows = [PLAIN, PLAIN | {"from": "2026-09-01", "input": 2}]

    assert cost({"x": rows}, "x", day="2026-08-31").usd == 1
    assert cost({"x": rows}, "x", day="2026-09-01").usd == 2


def test_fast_mode_has_prices_of_its_own() -> None:
    models = {"x": PLAIN | {"fast": {"input": 3, "output": 4, "cache_read": 0}}}

    assert cost(models, "x", Usage(input=1_000_000, speed="fast")).usd == 3


def test_a_float_counts_as_it_is_written() -> None:
    assert cost({"x": PLAIN | {"input": 0.1}}, "x").usd == Decimal("0.1")


def test_toml_and_json_files_are_read_without_floats(tmp_path: Path) -> None:
    toml = tmp_path / "prices.toml"
    toml.write_text(
        '[[models."glm-4.6"]]\ninput = 0.6\noutput = 2.2\ncache_read = 0.11\n'
        '[[models."glm-4.6"]]\nfrom = 2026-09-01\ninput = 0.7\noutput = 2\ncache_read = 0.1\n'
    )
    json = tmp_path / "prices.json"
    json.write_text('{"models": {"x": {"input": 0.6, "output": 1, "cache_read": 0}}}')

    (glm,) = read_overrides(toml)
    (other,) = read_overrides(json)

    assert [p.tiers[0].rates.input for p in glm.periods] == [600_000, 700_000]
    assert other.periods[0].tiers[0].rates.input == 600_000
    assert glm.source == str(toml)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "prices.toml"
    broken.write_text("models = [")

    with pytest.raises(ConfigError, match=r"prices\.toml cannot be read"):
        read_overrides(broken)
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read"):
        read_overrides(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (None, "there is no table `models`"),
        ({"": PLAIN}, "'' is not the name of a model"),
        ({"x": 3}, 'models."x" is 3, not a table of prices'),
        ({"x": []}, 'models."x" has no prices'),
        ({"x": {"input": 1}}, 'models."x" lacks output, cache_read'),
        ({"x": PLAIN | {"inptu": 1}}, 'models."x" has inptu; known are input, output'),
        ({"x": PLAIN | {"input": "cheap"}}, "models.\"x\".input is 'cheap', not a price in USD"),
        ({"x": PLAIN | {"input": True}}, "is True, not a price"),
        ({"x": PLAIN | {"input": -1}}, "-1 is no price"),
        ({"x": PLAIN | {"input": "NaN"}}, "NaN is no price"),
        ({"x": PLAIN | {"input": "2e7"}}, "taken for a mistake"),
        ({"x": PLAIN | {"output": "0.00001"}}, "0.00001 has more than 4 decimals"),
        ({"x": PLAIN | {"input": "0.0375"}}, "cache_write_5m (1.25 x input): 0.046875"),
        ({"x": PLAIN | {"from": "soon"}}, "models.\"x\".from is 'soon', not a date"),
        ({"x": [PLAIN, PLAIN]}, "need a `from` each, the earliest first"),
        ({"x": PLAIN | {"fast": 2}}, 'models."x".fast is 2, not a table'),
    ],
)
def test_a_mistake_is_named_with_its_place_and_value(models: Any, said: str) -> None:
    message = complaint(models)

    assert message.startswith("the prices in prices.toml cannot be used: ")
    assert said in message


def test_the_example_of_the_documentation_is_valid() -> None:
    document = (Path(__file__).parents[2] / "docs" / "cost.md").read_text()
    example = document.split("```toml\n")[1].split("```")[0]

    models = parse_overrides(tomllib.loads(example, parse_float=Decimal))

    assert [model.id for model in models] == [
        "claude-opus-5",
        "glm-4.6",
        "us.anthropic.claude-opus-5-v1:0",
    ]
