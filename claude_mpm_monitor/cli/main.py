"""`mpm-monitor`: the group of commands, and how any of them ends.

Exit codes: 0 done, 1 it could not be done (one sentence on stderr says why), 2 wrong usage,
3 no monitor is running where one is needed, 130 interrupted. `run` and `start` pass on the exit
code of what they ran.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from claude_mpm_monitor import __version__
from claude_mpm_monitor.cli.commands import COMMANDS, load
from claude_mpm_monitor.errors import MonitorError, PluginError

if TYPE_CHECKING:
    from claude_mpm_monitor.model.command import CommandSpec


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted.

    Plugins are loaded only for a name that is not built in, and for the list of all commands.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *(name for name in _of_plugins(ctx) if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            return load(COMMANDS[cmd_name])
        found = _of_plugins(ctx).get(cmd_name)
        return None if found is None else _loaded(*found)


def _of_plugins(ctx: click.Context) -> dict[str, tuple[str, CommandSpec]]:
    """Return the commands of all plugins, by name, each with its plugin; loads plugins once."""
    known: dict[str, tuple[str, CommandSpec]] | None = ctx.meta.get(__name__)
    if known is None:
        from claude_mpm_monitor.cli.plugins import registry

        commands = registry().shelves.commands.contributions()
        known = {one.item.name: (one.plugin, one.item) for one in commands}
        ctx.meta[__name__] = known
    return known


def _loaded(plugin: str, specification: CommandSpec) -> click.Command:
    try:
        command: object = specification.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  a plugin may raise anything
        return _unusable(plugin, specification.name, f"{type(error).__name__}: {error}")
    if not isinstance(command, click.Command):
        return _unusable(plugin, specification.name, f"{command!r} is no click.Command")
    return command


def _unusable(plugin: str, name: str, reason: str) -> click.Command:
    """Return what stands in the list for a command that cannot be loaded, and says why if run."""

    def fail(given: tuple[str, ...]) -> None:
        raise PluginError(f"the command {name} of {plugin} cannot be loaded: {reason}")

    return click.Command(
        name,
        callback=fail,
        params=[click.Argument(["given"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
        short_help=f"Cannot be loaded: a fault of the plugin {plugin}.",
    )


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="New here? `mpm-monitor start` shows you a living dashboard; `mpm-monitor doctor` says "
    "what is wrong when something is.",
)
@click.version_option(__version__, prog_name="mpm-monitor")
def group() -> None:
    """Watch Claude MPM and Claude Code sessions live: every prompt, agent, tool call and file."""


def main() -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        group.main(prog_name="mpm-monitor")
    except MonitorError as error:
        click.echo(f"mpm-monitor: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        # A folder that is a file, belongs to root, is on a full disk: said in the system's words.
        click.echo(f"mpm-monitor: {error.filename}: {error.strerror}", err=True)
        sys.exit(1)
