"""The commands that are built in: a name, and where it is found when it is wanted."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

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


def load(module: str) -> click.Command:
    """Return the command in a module below this package."""
    command: click.Command = import_module(f"claude_mpm_monitor.cli.{module}").command
    return command
