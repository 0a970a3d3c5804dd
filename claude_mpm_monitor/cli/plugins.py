"""`mpm-monitor plugins`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.cli.output import home_option, json_option, print_json, print_table, say
from claude_mpm_monitor.config import Config

if TYPE_CHECKING:
    from claude_mpm_monitor.plugins.registry import Registry


def loaded(config: Config) -> Registry:
    """Return the plugins that a monitor started here would load."""
    import structlog

    from claude_mpm_monitor.plugins.registry import Registry

    quiet = structlog.wrap_logger(structlog.ReturnLogger(), processors=[])
    return Registry(config, (), quiet)


@click.command(short_help="List the plugins and how they are doing.")
@home_option
@json_option
def command(home: Path | None, as_json: bool) -> None:
    """List the plugins of the running monitor, or those a monitor started here would load."""
    config = Config.from_environment(home=home)
    running = find(config)
    if running is not None:
        plugins = running.get("/api/v1/plugins")["plugins"]
    else:
        plugins = loaded(config).states()
    if as_json:
        print_json(plugins)
        return
    print_table(
        ("plugin", "version", "state", "~adds", ">failures"),
        [
            (
                plugin["name"],
                plugin["version"] or "-",
                plugin["state"],
                ", ".join(name for names in plugin["adds"].values() for name in names) or "-",
                str(plugin["failures"]),
            )
            for plugin in plugins
        ],
    )
    for plugin in plugins:
        if plugin["error"]:
            say(f"{plugin['name']}: {plugin['error']}")
