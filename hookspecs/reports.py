"""Hooks that analyse on demand and tell figures of a plugin's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.metric import Metric
    from claude_mpm_monitor.model.report import Report
    from claude_mpm_monitor.model.setting import Settings


@hookspec
def monitor_register_reports(config: Config, settings: Settings) -> Iterable[Report]:  # type: ignore[empty-body]
    """Return reports: each answers a question about sessions with tables, series and findings.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on one,
    too, when somebody asks at ``/api/v1/analysis/<name>`` or on the page, and may take 30 seconds.
    Raising, or returning what is no section, ends that report with a sentence.

    .. versionadded:: 1.1
    """


@hookspec
def monitor_register_metrics(config: Config, settings: Settings) -> Iterable[Metric]:  # type: ignore[empty-body]
    """Return metrics: figures that are told at ``/metrics``.

    Called once, when the monitor is created, on a thread of the plugin's own. They are then read
    on one, too, whenever somebody collects them, and have a second. One that raises is left out;
    after ten times in a row it is left alone.

    .. versionadded:: 1.1
    """
