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

    Called once, when the monitor is created, on the thread that creates it. The analyzers then run
    on the consumer thread, one event at a time, in store order. Raising leaves this plugin's
    analyzers out and shows the plugin as failed at ``/api/v1/plugins``. An analyzer whose ``apply``
    raises ten times in a row is switched off until the monitor starts again; it then
    tries the last of those again and goes on.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_prices(config: Config, settings: Settings) -> Iterable[PriceBook]:  # type: ignore[empty-body]
    """Return books of prices: what models cost that the built-in table does not know, or wrongly.

    Called once, when the monitor is created, on the thread that creates it, before analyzers are.
    The user's own ``prices.toml`` wins over every book, and the book of a plugin over those of the
    plugins after it. Other prices than at the last start have all costs worked out anew. A book
    that cannot be used is left out and the plugin shown as failed.

    .. versionadded:: 1.0
    """
