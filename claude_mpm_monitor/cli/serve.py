"""`mpm-monitor serve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from claude_mpm_monitor.cli import foreground
from claude_mpm_monitor.cli.output import home_option, say, warn
from claude_mpm_monitor.cli.plugin_files import PluginFiles
from claude_mpm_monitor.config import Config

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor


@click.command(short_help="Keep a monitor running, without claude-mpm.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help="The dashboard's port, 0 for any.  [default: $CLAUDE_MPM_MONITOR_PORT or 8765]",
)
@click.option(
    "--bind",
    metavar="ADDRESS",
    help="Listen on this IPv4 address, for other machines too; they need the token.  "
    "[default: $CLAUDE_MPM_MONITOR_BIND or 127.0.0.1]",
)
@home_option
@click.option(
    "--plugin",
    "plugin_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="Load this plugin of a single file, too; may be repeated.",
)
@click.option(
    "--reload-plugins",
    is_flag=True,
    help="For authors: start anew when a plugin of a single file changes.",
)
@click.option("--browser/--no-browser", default=True, show_default=True, help="Open the page.")
def command(
    port: int | None,
    bind: str | None,
    home: Path | None,
    browser: bool,
    plugin_files: tuple[Path, ...],
    reload_plugins: bool,
) -> None:
    """Keep a monitor running until Ctrl-C, independent of any claude-mpm.

    It takes in what `mpm-monitor hooks install` makes plain Claude Code report, and keeps the
    dashboard open between runs of claude-mpm. It listens on this machine only, unless --bind says
    otherwise; safer from another one is `ssh -L 8765:localhost:8765`.
    """
    from claude_mpm_monitor.monitor import Monitor

    config = Config.from_environment(home=home, port=port, bind=bind)
    config = msgspec.structs.replace(config, plugin_files=config.plugin_files + plugin_files)
    if foreground.already_running(config, browser=browser):
        return
    foreground.require_port(config)
    watched = PluginFiles(config) if reload_plugins else None
    with foreground.interruptible() as stop:
        with Monitor(config) as monitor:
            say(f"The monitor is running; it stores in {config.home}. The dashboard:")
            foreground.show(monitor.url, config, monitor.status(), browser=browser)
            # The next one takes the same port: pages connect again and go on where they were.
            same = msgspec.structs.replace(config, port=monitor.port)
            stopped = foreground.keep(monitor, stop, watched)
        while not stopped:
            say("A plugin has changed: the monitor starts anew.")
            with Monitor(same) as monitor:
                say_failures(monitor)
                stopped = foreground.keep(monitor, stop, watched)


def say_failures(monitor: Monitor) -> None:
    """Say of each plugin that cannot be used why."""
    for state in monitor.plugins.states():
        if state["error"]:
            warn(f"{state['name']}: {state['error']}")
