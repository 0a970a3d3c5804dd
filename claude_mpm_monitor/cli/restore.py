"""`mpm-monitor restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

if TYPE_CHECKING:
    from claude_mpm_monitor.storage.database import Database


@click.command(short_help="Bring a backup back.")
@home_option
@json_option
@click.option(
    "--replace", is_flag=True, help="Do so although there are events; they are kept beside it."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(home: Path | None, as_json: bool, replace: bool, file: Path) -> None:
    """Make FILE, a backup, the store.

    FILE is checked first. The store there is now is not deleted: it is kept under another name in
    the same folder. Monitors that are running go on with the restored store at once.
    """
    from claude_mpm_monitor.storage.backup import checked, restore
    from claude_mpm_monitor.storage.database import Database

    config = Config.from_environment(home=home)
    config.create_folders()
    events, sessions, _ = checked(file)
    database = Database(config.database)
    there = _events(database)
    if there and not replace:
        raise MonitorError(
            f"The store in {config.home} has {there:,} events. With --replace it is set aside "
            "(not deleted), and the backup takes its place."
        )
    name = restore(database, file)
    running = find(config) is not None
    if as_json:
        print_json({"events": events, "sessions": sessions, "kept_as": name, "running": running})
        return
    say(f"Restored {events:,} events of {sessions:,} sessions from {file}.")
    say(f"What was there before is kept as {config.database.with_name(name)}.")
    if running:
        say("The running monitor goes on with what was restored.")


def _events(database: Database) -> int:
    from claude_mpm_monitor.storage.query import Query

    query = Query(database)
    try:
        return query.totals()["events"]
    finally:
        query.close()
