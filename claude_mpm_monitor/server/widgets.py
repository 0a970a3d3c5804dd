"""Where the page finds a widget's module."""

from __future__ import annotations

from claude_mpm_monitor.model.widget import WidgetSpec
from claude_mpm_monitor.static import STATIC_ROOT


def widget_module(plugin: str, widget: WidgetSpec) -> str:
    """Return the URL path of the widget's module."""
    if widget.static_dir == STATIC_ROOT:
        return f"/static/{widget.module}"
    return f"{widget_base(plugin, widget)}{widget.module}"


def widget_base(plugin: str, widget: WidgetSpec) -> str:
    """Return the URL path under which the files beside the widget's module are served."""
    return f"/plugins/{plugin}/{widget.id}/"
