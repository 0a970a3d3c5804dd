"""A tab that shows a session as a space: agents are lanes, time goes into the distance."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor import WidgetSpec, hookimpl


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """Tell the dashboard about the widget. Called once, when the monitor starts."""
    return [
        WidgetSpec(
            id="example.session-space",
            title="Space",
            module="session-space.js",
            static_dir=Path(__file__).resolve().parent / "static",
            topics=("tool_call", "state"),
            placement="tab",
            wide=True,
        )
    ]
