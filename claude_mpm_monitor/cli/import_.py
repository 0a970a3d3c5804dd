"""`mpm-monitor import`."""

from __future__ import annotations

import gc
import re
import time
from datetime import datetime
from pathlib import Path

import click

from claude_mpm_monitor.cli import foreground
from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say, warn
from claude_mpm_monitor.cli.sources import claude_config_dir
from claude_mpm_monitor.config import Config

EXIT_INTERRUPTED = 130
UNITS = {"h": 3_600, "d": 86_400, "w": 604_800}


def moment(context: click.Context, option: click.Parameter, value: str | None) -> float:
    """Return epoch seconds for a time back from now (``12h``, ``30d``, ``2w``) or a date."""
    if value is None:
        return 0.0
    if match := re.fullmatch(r"(\d+)([hdw])", value):
        return time.time() - int(match[1]) * UNITS[match[2]]
    try:
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is neither like 12h, 30d, 2w nor a date like 2026-03-01."
        ) from None


@click.command(short_help="Bring in the sessions that Claude Code has kept.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--since",
    callback=moment,
    metavar="WHEN",
    help="Only files changed since then: 12h, 30d or 2w ago, or a date.",
)
@home_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    since: float,
    home: Path | None,
    as_json: bool,
) -> None:
    """Bring in the sessions that Claude Code has kept on this machine.

    PATHS are transcripts, folders of projects, or Claude's own folder; by default
    $CLAUDE_CONFIG_DIR or ~/.claude. Only what is new since the last time is read. Ctrl-C keeps
    what was brought in; the next import goes on from there. What claude-mpm has written down
    itself (responses, costs of commits) is read as well.
    """
    from claude_mpm_monitor.cli.importing import (
        host_records,
        import_files,
        transcripts,
        wait_for_documents,
    )
    from claude_mpm_monitor.monitor import Monitor

    # Lines are parsed by the thousand and nothing of them is kept: looking for cycles among them
    # that often costs a tenth of the time.
    gc.set_threshold(20_000, 50, 50)
    files = transcripts(paths or (claude_config_dir(),), since)
    # Any port: this process is here to read files, the dashboard belongs to whoever serves it.
    config = Config.from_environment(home=home, port=0)
    with foreground.interruptible() as stop, Monitor(config) as monitor:
        done = import_files(monitor, files, stop, quiet=as_json)
        wait_for_documents(monitor, stop)
        records = host_records(monitor, Path.home())
        done = done.plus(import_files(monitor, records, stop, quiet=as_json))
    if as_json:
        print_json({name: getattr(done, name) for name in done.__struct_fields__})
    else:
        say(f"{done.files} of {done.files_total} files read: {told(done.stored, done.duplicate)}")
    for problem in done.problems:
        warn(problem)
    context.exit(EXIT_INTERRUPTED if stop.is_set() else 0)


def told(stored: int, duplicate: int) -> str:
    """Say what an import brought."""
    new = f"{stored:,} new events" if stored else "nothing new"
    return f"{new}, {duplicate:,} known already" if duplicate else new
