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
        return [*COMMANDS, *(name for name in _of_plugins() if name not in COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            return load(COMMANDS[cmd_name])
        found = _of_plugins().get(cmd_name)
        return None if found is None else _loaded(*found)


def _of_plugins() -> dict[str, tuple[str, CommandSpec]]:
    """Return the commands of all plugins, by name, each with its plugin."""
    from claude_mpm_monitor.cli.plugins import registry

    commands = registry().shelves.commands.contributions()
    return {one.item.name: (one.plugin, one.item) for one in commands}


def _loaded(plugin: str, specification: CommandSpec) -> click.Command:
    try:
        command: object = specification.load()
    except Exception as error:
        raise PluginError(f"the command {specification.name} of {plugin}: {error}") from error
    if not isinstance(command, click.Command):
        raise PluginError(
            f"the command {specification.name} of {plugin} is {command!r}, no click.Command"
        )
    return command


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
