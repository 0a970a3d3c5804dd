"""A tile for the board: how many tokens are used a minute, and what they cost."""

from __future__ import annotations

from pathlib import Path

from claude_mpm_monitor import Setting, WidgetSpec, hookimpl


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """Tell the dashboard about the widget. Called once, when the monitor starts."""
    return [
        WidgetSpec(
            id="example.token-burn",
            title="Token burn",
            module="token-burn.js",
            static_dir=Path(__file__).resolve().parent / "static",
            topics=("api_call",),
            placement="board",
            columns=4,
            rows=6,
            settings=(
                Setting(
                    name="minutes",
                    default=30,
                    minimum=5,
                    maximum=240,
                    help="How far back it goes, from the last call.",
                ),
            ),
        )
    ]
