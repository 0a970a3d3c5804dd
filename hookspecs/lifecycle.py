"""Hooks around the monitor's own life."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor


@hookspec
def monitor_started(monitor: Monitor) -> None:
    """The monitor listens and stores.

    Called at the end of ``Monitor.start()``, on the thread that called it. What it returns is
    ignored; raising is logged and shown as a failure of this plugin.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_stopping(monitor: Monitor) -> None:
    """The monitor is about to stop; it still stores what is emitted now.

    Called at the beginning of ``Monitor.close()``, on the thread that called it. What it returns
    is ignored; raising is logged and does not keep the monitor from stopping.

    .. versionadded:: 1.0
    """
