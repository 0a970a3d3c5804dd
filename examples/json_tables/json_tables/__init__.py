"""The results of MCP tools in the inspector: lists of JSON objects as tables."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor import WidgetSpec, hookimpl


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """Tell the dashboard about the drawing. Called once, when the monitor starts."""
    return [
        WidgetSpec(
            id="example.json-tables",
            title="JSON tables",
            module="json-tables.js",
            static_dir=Path(__file__).resolve().parent / "static",
            placement="detail",
            draws=("mcp__*",),
        )
    ]
