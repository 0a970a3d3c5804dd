"""Hooks that add to the dashboard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.setting import Settings
    from claude_mpm_monitor.model.theme import ThemeSpec
    from claude_mpm_monitor.model.widget import WidgetSpec


@hookspec
def monitor_register_widgets(config: Config, settings: Settings) -> Iterable[WidgetSpec]:  # type: ignore[empty-body]
    """Return the widgets this plugin adds to the dashboard.

    Called once, when the monitor is created, on a thread of the plugin's own. The files below each
    widget's ``static_dir`` are then served under ``/plugins/<plugin>/``. Raising leaves this
    plugin's widgets out and shows the plugin as failed at ``/api/v1/plugins``.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_register_themes(config: Config, settings: Settings) -> Iterable[ThemeSpec]:  # type: ignore[empty-body]
    """Return themes: each gives the dashboard other colours.

    Called once, when the monitor is created, on a thread of the plugin's own. The reader chooses
    among them on the page, which keeps the choice. A theme with a name that is taken, or with what
    no token can be, is refused and the plugin shown as failed.

    .. versionadded:: 1.1
    """
