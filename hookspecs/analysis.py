"""Hooks that add analyzers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.analyzer import Analyzer


@hookspec
def monitor_register_analyzers(config: Config) -> Iterable[Analyzer]:  # type: ignore[empty-body]
    """Return the analyzers this plugin adds.

    Called once, when the monitor is created, on the thread that creates it. The analyzers then run
    on the consumer thread, one event at a time, in store order. Raising leaves this plugin's
    analyzers out and shows the plugin as failed at ``/api/v1/plugins``. An analyzer whose
    ``apply`` raises ten times in a row is switched off until the monitor starts again; it then
    tries the last of those again and goes on.

    .. versionadded:: 1.0
    """
