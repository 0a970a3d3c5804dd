"""Prices of other makers' models, for those who run Claude Code through LiteLLM.

    cp examples/litellm_prices.py ~/.claude-mpm/monitor/plugins/

and in plugins.toml, with the table that LiteLLM's repository has in its main folder:

    [litellm_prices]
    file = "~/model_prices_and_context_window.json"

What Claude costs the monitor knows itself, at all times; the user's own prices.toml has the last
word.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from claude_mpm_monitor import PriceBook, Setting, hookimpl

MILLION = 1_000_000
#: LiteLLM's names, USD a token, and ours, USD a million tokens.
NAMES = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write_5m",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
}
REQUIRED = ("input_cost_per_token", "output_cost_per_token")


def prices_of(row: dict[str, Any]) -> dict[str, str]:
    """Return a model's prices; what goes through a cache without a price costs what input costs."""
    found = {ours: row[name] * MILLION for name, ours in NAMES.items() if row.get(name) is not None}
    cached = ("cache_read", "cache_write_5m", "cache_write_1h")
    prices = {**dict.fromkeys(cached, found["input"]), **found}
    # The monitor takes four decimals, so that every sum is exact; hardly a price has more.
    return {name: f"{round(price, 4):f}" for name, price in prices.items()}


def read(path: Path) -> dict[str, dict[str, str]]:
    """Return the prices of all models that are paid by the token."""
    table = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return {
        name: prices_of(row)
        for name, row in table.items()
        if "claude" not in name and all(row.get(price) is not None for price in REQUIRED)
    }


@hookimpl
def monitor_register_settings() -> list[Setting]:
    """Where LiteLLM's table is."""
    return [Setting(name="file", default="", help="LiteLLM's table of prices; empty: none.")]


@hookimpl
def monitor_register_prices(settings: Any) -> list[PriceBook]:
    """Hand the prices to the monitor. A file that cannot be read shows the plugin as failed."""
    if not settings.file:
        return []
    path = Path(settings.file).expanduser()
    return [PriceBook(name=f"LiteLLM ({path.name})", models=read(path))]
