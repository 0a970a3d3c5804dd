"""`mpm-monitor serve`."""

from __future__ import annotations

from pathlib import Path

import click

from claude_mpm_monitor.cli import foreground
from claude_mpm_monitor.cli.output import home_option, say
from claude_mpm_monitor.config import Config


@click.command(short_help="Keep a monitor running, without claude-mpm.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="The dashboard's port, 0 for any.  [default: $CLAUDE_MPM_MONITOR_PORT or 8765]",
)
@home_option
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page.")
def command(port: int | None, home: Path | None, browser: bool) -> None:
    """Keep a monitor running until Ctrl-C, independent of any claude-mpm.

    It takes in what `mpm-monitor hooks install` makes plain Claude Code report, and keeps the
    dashboard open between runs of claude-mpm. It listens on this machine only; from another one,
    use `ssh -L 8765:localhost:8765`.
    """
    from claude_mpm_monitor.monitor import Monitor

    config = Config.from_environment(home=home, port=port)
    if foreground.already_running(config, browser=browser):
        return
    foreground.require_port(config)
    with foreground.interruptible() as stop, Monitor(config) as monitor:
        say(f"The monitor is running; it stores in {config.home}. The dashboard:")
        foreground.show(monitor.url, browser=browser)
        foreground.keep(monitor, stop)
