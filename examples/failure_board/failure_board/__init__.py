"""A dashboard tab that lists failed tool calls, tool by tool."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor import WidgetSpec, hookimpl

STATIC = Path(__file__).resolve().parent / "static"


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """Tell the dashboard about the widget. Called once, when the monitor starts."""
    return [
        WidgetSpec(
            id="example.failure-board",
            title="Failures",
            module="failure-board.js",
            static_dir=STATIC,
            topics=("tool_call",),
            placement="tab",
        )
    ]
