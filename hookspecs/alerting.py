"""Hooks that notice what somebody should know, and tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.alert import Rule, Sink
    from claude_mpm_monitor.model.setting import Settings


@hookspec
def monitor_register_rules(config: Config, settings: Settings) -> Iterable[Rule]:  # type: ignore[empty-body]
    """Return rules: each says for a document whether something holds that calls for attention.

    Called once, when the monitor is created, on a thread of the plugin's own. The rules
    then run on the consumer thread of the process that owns the dashboard, for every change of a
    document of their topics. One that raises ten times in a row is left alone.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_sinks(config: Config, settings: Settings) -> Iterable[Sink]:  # type: ignore[empty-body]
    """Return sinks: each delivers alerts to somebody.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on
    a thread of their own, one alert at a time, after it was stored; waiting there holds up other
    sinks and nothing else. Raising is logged and counted; the alert is not delivered again.

    .. versionadded:: 1.0
    """
