"""`mpm-monitor`: the group of commands, and how any of them ends.

Exit codes: 0 done, 1 it could not be done (one sentence on stderr says why), 2 wrong usage,
3 no monitor is running where one is needed, 130 interrupted. `run` and `start` pass on the exit
code of what they ran.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from claude_mpm_monitor import __version__
from claude_mpm_monitor.errors import MonitorError

#: Command name -> module below this package; each holds a click command called `command`.
COMMANDS = {
    "start": "start",
    "run": "run",
    "serve": "serve",
    "open": "open_",
    "status": "status",
    "sessions": "sessions",
    "show": "show",
    "cost": "cost",
    "search": "search",
    "tail": "tail",
    "import": "import_",
    "export": "export",
    "bookmark": "bookmark",
    "prune": "prune",
    "backup": "backup",
    "restore": "restore",
    "hooks": "hooks",
    "plugins": "plugins",
    "doctor": "doctor.command",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"claude_mpm_monitor.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
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
