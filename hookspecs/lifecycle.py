"""Hooks around the monitor's own life, what is done in it now and then, and a plugin's settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.chore import Chore
    from claude_mpm_monitor.model.setting import Setting, Settings
    from claude_mpm_monitor.monitor import Monitor


@hookspec
def monitor_register_settings() -> Iterable[Setting]:  # type: ignore[empty-body]
    """Return what the user may choose, in ``plugins.toml`` under the plugin's name.

    Called once, before any other hook of the plugin, on a thread of the plugin's own. The
    values are checked and handed to every ``monitor_register_…`` hook that asks for a parameter
    ``settings``. When one cannot be used, the plugin is shown as failed, with what to mend, and
    none of its other hooks is called.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_started(monitor: Monitor) -> None:
    """The monitor listens and stores.

    Called at the end of ``Monitor.start()``, which waits for it. What it returns is
    ignored; raising is logged and shown as a failure of this plugin.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_chores(config: Config, settings: Settings) -> Iterable[Chore]:  # type: ignore[empty-body]
    """Return chores: each is done every so many seconds, 1 at least.

    Called once, when the monitor is created, on a thread of the plugin's own. They then run on one,
    too, each beside the others, in the process that owns the dashboard: ten seconds after it has
    come to, sooner if they are due, and then again so long after they have ended. A chore has 60
    seconds. Raising is logged, counted and shown with the plugin, and the chore is done again when
    it is due; after ten times in a row, or once it hangs, it is left alone.

    .. versionadded:: 1.1
    """


@hookspec
def monitor_stopping(monitor: Monitor) -> None:
    """The monitor is about to stop; it still stores what is emitted now.

    Called at the beginning of ``Monitor.close()``, which waits for it. What it returns
    is ignored; raising is logged and does not keep the monitor from stopping.

    .. versionadded:: 1.0
    """
