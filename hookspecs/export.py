"""Hooks that write sessions in other formats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.exporter import Exporter
    from claude_mpm_monitor.model.setting import Settings


@hookspec
def monitor_register_exporters(config: Config, settings: Settings) -> Iterable[Exporter]:  # type: ignore[empty-body]
    """Return exporters, one for each format this plugin can write.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run in
    ``mpm-monitor export`` and, for ``GET /api/v1/sessions/<id>/export``, on a reader thread.
    Raising ends that export with a sentence.

    .. versionadded:: 1.0
    """
