"""`mpm-monitor plugins`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.cli.commands import load
from claude_mpm_monitor.cli.output import (
    ago,
    home_option,
    json_option,
    print_json,
    print_table,
    say,
    size,
)
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

if TYPE_CHECKING:
    from claude_mpm_monitor.plugins.registry import Registry

#: How long what plugins keep is counted where no monitor runs (seconds).
COUNTING_SECONDS = 1.0
#: Subcommands in modules of their own, below this package; each holds a command called `command`.
MODULES = {"new": "new_plugin", "trace": "plugin_trace"}


def registry(config: Config | None = None) -> Registry:
    """Return the plugins that a monitor started here would load."""
    import structlog

    from claude_mpm_monitor.plugins.registry import Registry

    quiet = structlog.wrap_logger(structlog.ReturnLogger(), processors=[])
    return Registry(config or Config.from_environment(), (), quiet)


def loaded(config: Config) -> list[dict[str, Any]]:
    """Load the plugins here and return how they are doing; what they have stored is not read."""
    import msgspec

    plugins = registry(config)
    kept = plugins.footprints(COUNTING_SECONDS)
    return [
        {**state, "memory": msgspec.to_builtins(kept[state["name"]]), "stored": None}
        for state in plugins.states()
    ]


class PluginsGroup(click.Group):
    """A group that imports the module of a subcommand only when that is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *MODULES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        return load(MODULES[cmd_name])


@click.group(
    cls=PluginsGroup,
    invoke_without_command=True,
    short_help="List the plugins and how they are doing; switch them on and off.",
)
@home_option
@json_option
@click.pass_context
def command(context: click.Context, home: Path | None, as_json: bool) -> None:
    """List the plugins of the running monitor, or those a monitor started here would load."""
    if context.invoked_subcommand is None:
        context.invoke(list_, home=home, as_json=as_json)


@command.command("list", short_help="List them (as without a subcommand).")
@home_option
@json_option
def list_(home: Path | None, as_json: bool) -> None:
    """List the plugins of the running monitor, or those a monitor started here would load."""
    config = Config.from_environment(home=home)
    running = find(config)
    plugins = running.get("/api/v1/plugins")["plugins"] if running else loaded(config)
    if as_json:
        print_json(plugins)
        return
    print_table(
        (
            *("plugin", "version", "state", "~adds", ">load ms", ">calls", ">ms"),
            *(">memory", ">stored", ">failures"),
        ),
        [
            (
                plugin["name"],
                plugin["version"] or "-",
                plugin["state"],
                added(plugin),
                f"{plugin['load_seconds'] * 1_000:.0f}",
                f"{plugin['calls']:,}",
                f"{plugin['seconds'] * 1_000:,.0f}",
                taken(plugin["memory"]),
                taken(plugin["stored"]),
                str(plugin["failures"]),
            )
            for plugin in plugins
        ],
    )
    for plugin in plugins:
        if plugin["error"]:
            say(f"{plugin['name']}: {plugin['error']}")
        for notice in plugin["notices"]:
            say(f"{plugin['name']}: {notice}")
        for name, last in plugin["chores"].items():
            say(f"{plugin['name']}: {name} {done(last)}")
        for name, lag in plugin["lag"].items():
            if lag:
                say(f"{plugin['name']}: {name} is {lag:,} events behind")


def taken(told: dict[str, Any] | None) -> str:
    """Say how many bytes were counted, and whether there are more."""
    if told is None:
        return "-"
    return size(told["bytes"]) if told["complete"] else f"≥ {size(told['bytes'])}"


def added(plugin: dict[str, Any]) -> str:
    """Say what a plugin adds: the names of a few things, the number of many."""
    kinds = [
        ", ".join(names) if len(names) <= MANY else f"{len(names)} {kind}"
        for kind, names in plugin["adds"].items()
    ]
    return ", ".join(kinds) or "-"


def done(last: dict[str, Any]) -> str:
    """Say how a chore went the last time."""
    if not last["at"]:
        return "has not been done yet"
    told = f"was done {ago(last['at'])}, in {last['seconds']:.1f} s"
    return f"{told}: {last['error']}" if last["error"] else told


#: More things of one kind than this are counted, not named.
MANY = 5


@command.command("enable", short_help="Load a plugin again, or give one another chance.")
@click.argument("name")
@home_option
def enable(name: str, home: Path | None) -> None:
    """Undo `disable`, and take a plugin that failed too often out of quarantine."""
    _switch(Config.from_environment(home=home), name, on=True)


@command.command("disable", short_help="Leave a plugin out.")
@click.argument("name")
@home_option
def disable(name: str, home: Path | None) -> None:
    """Leave a plugin out, in the running monitor and from the next start on."""
    _switch(Config.from_environment(home=home), name, on=False)


def _switch(config: Config, name: str, *, on: bool) -> None:
    from claude_mpm_monitor.plugins.choice import Choice
    from claude_mpm_monitor.plugins.loader import BUILTIN

    running = find(config)
    known = running.get("/api/v1/plugins")["plugins"] if running else registry(config).states()
    names = [plugin["name"] for plugin in known]
    choice = Choice(config.disabled_file)
    if name not in {*names, *choice.disabled()}:
        raise MonitorError(f"There is no plugin {name!r}; there are {', '.join(names)}.")
    if name == BUILTIN[0]:
        raise MonitorError("What is built in cannot be switched off.")
    config.create_folders()
    (choice.enable if on else choice.disable)(name)
    verb = "enabled" if on else "disabled"
    if running is None:
        say(f"{name} is {verb} from the next start on.")
        return
    status, answer = running.post(f"/api/v1/plugins/{name}/{'enable' if on else 'disable'}")
    if status == 200:
        say(f"{name} is {verb}.")
    else:
        say(f"{name} is {verb} from the next start on: {answer.get('detail', '')}")
