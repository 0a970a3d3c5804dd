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
from claude_mpm_monitor.errors import MonitorError

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


@click.command(short_help="Bring in the sessions that Claude Code has kept, and other files.")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--since",
    callback=moment,
    metavar="WHEN",
    help="Only files changed since then: 12h, 30d or 2w ago, or a date.",
)
@click.option(
    "--from",
    "wanted",
    metavar="NAME",
    default="",
    help="Read PATHS as this: transcript, jsonl (what `export` wrote), or what a plugin adds.",
)
@home_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    since: float,
    wanted: str,
    home: Path | None,
    as_json: bool,
) -> None:
    """Bring in the sessions that Claude Code has kept on this machine.

    PATHS are transcripts, folders of projects, Claude's own folder or one that has several such;
    by default $CLAUDE_CONFIG_DIR or ~/.claude. Only what is new since the last time is read. Ctrl-C
    keeps what was brought in; the next import goes on from there. What claude-mpm has written down
    itself (responses, costs of commits) is read as well. Ends with 1 when a file could not be read.

    A file may also be what `mpm-monitor export` has written as jsonl, or of a kind that a plugin
    reads: the file shows what it is, or --from says so; it is read anew each time it is named. Of a
    folder, --from reads the files of that kind.
    """
    from claude_mpm_monitor.cli.import_plan import plan
    from claude_mpm_monitor.cli.importing import (
        host_records,
        import_by_plugins,
        import_files,
        wait_for_documents,
    )
    from claude_mpm_monitor.monitor import Monitor

    # Lines are parsed by the thousand and nothing of them is kept: looking for cycles among them
    # that often costs a tenth of the time.
    gc.set_threshold(20_000, 50, 50)
    # Any port: this process is here to read files, the dashboard belongs to whoever serves it.
    config = Config.from_environment(home=home, port=0)
    with foreground.interruptible() as stop, Monitor(config) as monitor:
        importers = monitor.plugins.shelves.importers
        todo = plan(paths or (_kept_by_claude(),), since, wanted, importers)
        done = import_by_plugins(monitor, todo.others, stop, quiet=as_json)
        done = done.plus(import_files(monitor, todo.transcripts, stop, quiet=as_json))
        wait_for_documents(monitor, stop)
        # What the host wrote belongs to Claude's own sessions, not to a file from elsewhere.
        if todo.transcripts or not todo.others:
            records = host_records(monitor, Path.home())
            done = done.plus(import_files(monitor, records, stop, quiet=as_json))
    done.problems[:0] = todo.problems
    if as_json:
        print_json({name: getattr(done, name) for name in done.__struct_fields__})
    else:
        became = told(done.stored, done.duplicate, done.rejected)
        say(f"{done.files} of {done.files_total} files read: {became}")
    for problem in done.problems:
        warn(problem)
    context.exit(EXIT_INTERRUPTED if stop.is_set() else int(bool(done.problems)))


def _kept_by_claude() -> Path:
    folder = claude_config_dir()
    if not folder.is_dir():
        raise MonitorError(
            f"Claude Code has kept nothing here: there is no {folder}. "
            "Name a folder or files, or say where it is in CLAUDE_CONFIG_DIR."
        )
    return folder


def told(stored: int, duplicate: int, rejected: int = 0) -> str:
    """Say what an import brought."""
    told = [f"{stored:,} new events" if stored else "nothing new"]
    if duplicate:
        told.append(f"{duplicate:,} known already")
    if rejected:
        told.append(f"{rejected:,} not understood and kept aside")
    return ", ".join(told)
