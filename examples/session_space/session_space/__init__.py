"""A tab that shows a session as a space: agents are lanes, time goes into the distance.

The theme that comes with it makes the whole dashboard as dark as that space.
"""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor import ThemeSpec, WidgetSpec, hookimpl


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


@hookimpl
def monitor_register_themes() -> list[ThemeSpec]:
    """Tell the dashboard about the theme; what it does not name is as in the dark one."""
    return [
        ThemeSpec(
            name="example.deep-space",
            title="Deep space",
            scheme="dark",
            tokens={
                "--bg": "#0b0d1a",
                "--bg-raised": "#11142a",
                "--bg-sunken": "#070912",
                "--bg-hover": "#171b36",
                "--bg-selected": "#2a2359",
                "--bg-float": "#161a33",
                "--line": "#252a4a",
                "--line-strong": "#434a78",
                "--text": "#e8e9f8",
                "--text-2": "#b7bbdb",
                "--text-3": "#9da3cc",
                "--accent": "#b5a4ff",
                "--accent-fill": "#6647d6",
                "--focus": "#b5a4ff",
                "--fill-running": "#6647d6",
            },
        )
    ]
