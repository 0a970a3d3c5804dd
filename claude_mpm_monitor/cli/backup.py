"""`mpm-monitor backup`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import click

from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say, size
from claude_mpm_monitor.cli.reading import open_database
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError


@dataclass(frozen=True)
class Done:
    """What a backup came to, as `--json` prints it."""

    file: str
    events: int
    sessions: int
    bytes: int


@click.command(short_help="Copy the store into one file, while it is in use.")
@home_option
@json_option
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(home: Path | None, as_json: bool, force: bool, file: Path) -> None:
    """Copy everything that is stored into FILE, and check the copy.

    A monitor may be running: the copy shows one moment, and nothing waits for it. It can be read by
    its owner only. `mpm-monitor restore FILE` brings it back.
    """
    from claude_mpm_monitor.storage.backup import back_up

    if file.exists() and not force:
        raise MonitorError(f"{file} is there already. Choose another name, or use --force.")
    database = open_database(Config.from_environment(home=home))
    copied = back_up(database, file.absolute())
    done = Done(str(file), copied.events, copied.sessions, copied.bytes)
    if as_json:
        print_json(asdict(done))
        return
    say(f"{file}: {done.events:,} events of {done.sessions:,} sessions, {size(done.bytes)}; ")
    say("checked, and complete as of now.")
