"""`mpm-monitor export`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from claude_mpm_monitor.cli.output import home_option, say
from claude_mpm_monitor.cli.plugins import registry
from claude_mpm_monitor.cli.reading import find_session, open_query
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

if TYPE_CHECKING:
    from claude_mpm_monitor.model.exporter import Exporter
    from claude_mpm_monitor.plugins.registry import Registry


@click.command(short_help="Write a session in a format that other programs read.")
@click.argument("session")
@click.option("--format", "wanted", metavar="NAME", default="jsonl", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="The file to write, - for standard output.  [default: SESSION and the format's suffix]",
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@home_option
def command(session: str, wanted: str, output: Path | None, force: bool, home: Path | None) -> None:
    """Write a session to a file. Needs no running monitor.

    Formats are jsonl (events), csv (tool calls), markdown (to read), trace (for ui.perfetto.dev),
    and those that plugins add. The beginning of the session's id will do.
    """
    from claude_mpm_monitor.reporting.recording import StoredRecording

    config = Config.from_environment(home=home)
    plugins = registry(config)
    exporter = _exporter(plugins, wanted)
    query = open_query(config)
    recording = StoredRecording(query, find_session(query, session), plugins.redact)
    if str(output) == "-":
        exporter.export(recording, sys.stdout.buffer)
        return
    path = output or Path(f"{recording.session_id}{exporter.suffix}")
    with _new_file(path, force) as out:
        exporter.export(recording, out)
    say(f"{path}: {path.stat().st_size:,} bytes")


def _exporter(plugins: Registry, wanted: str) -> Exporter:
    exporters = plugins.shelves.exporters
    found = exporters.find(wanted)
    if found is None:
        names = ", ".join(exporter.name for exporter in exporters)
        raise MonitorError(f"There is no format {wanted!r}; there are {names}.")
    return found.item


def _new_file(path: Path, force: bool) -> BinaryIO:
    """Open the file for its owner alone: a session is nobody else's business."""
    flags = os.O_CREAT | os.O_WRONLY | (os.O_TRUNC if force else os.O_EXCL)
    try:
        return os.fdopen(os.open(path, flags, 0o600), "wb")
    except FileExistsError:
        raise MonitorError(f"{path} exists; --force writes over it.") from None
