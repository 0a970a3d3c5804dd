"""Hooks that work out what events mean, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.analyzer import Analyzer
    from claude_mpm_monitor.model.prices import PriceBook
    from claude_mpm_monitor.model.setting import Settings
    from claude_mpm_monitor.pricing.table import PriceTable


@hookspec
def monitor_register_analyzers(  # type: ignore[empty-body]
    config: Config, settings: Settings, prices: PriceTable
) -> Iterable[Analyzer]:
    """Return the analyzers this plugin adds.

    :param prices: what models cost, all books of prices in it.

    Called once, when the monitor is created, on a thread of the plugin's own. The analyzers then
    run on another of its own, one event at a time, in store order; how far they lag is shown with
    the plugin. Raising leaves this plugin's analyzers out and shows the plugin as failed at
    ``/api/v1/plugins``. An analyzer whose ``apply`` raises ten times in a row, or takes longer than
    5 seconds, is put in quarantine; enabled again, it tries the last event again and goes on.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_prices(config: Config, settings: Settings) -> Iterable[PriceBook]:  # type: ignore[empty-body]
    """Return books of prices: what models cost that the built-in table does not know, or wrongly.

    Called once, when the monitor is created, on a thread of the plugin's own, before analyzers are.
    The user's own ``prices.toml`` wins over every book, and the book of a plugin over those of the
    plugins after it. Other prices than at the last start have all costs worked out anew. A book
    that cannot be used is left out and the plugin shown as failed.

    .. versionadded:: 1.0
    """
