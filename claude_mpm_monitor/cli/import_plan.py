"""What `mpm-monitor import` is to read, and by which importer."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from claude_mpm_monitor.cli.importing import transcripts
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.ingest.host_records import is_record
from claude_mpm_monitor.ingest.importer import readable
from claude_mpm_monitor.ingest.transcript import META_SUFFIX
from claude_mpm_monitor.model.importer import Importer
from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.pipeline.file_import import (
    Chosen,
    Found,
    is_named_for,
    is_read_by,
)
from claude_mpm_monitor.plugins.shelf import Shelf
from claude_mpm_monitor.plugins.shelves import TRANSCRIPTS

#: A transcript says within so many lines that it is one, even where some are damaged.
LINES_LOOKED_AT = 20
LINE_BYTES = 1024 * 1024


class Plan(NamedTuple):
    """The files to read: what Claude Code and the host wrote, and what importers read."""

    transcripts: list[Path]
    others: list[Chosen]
    #: Sentences about files that an importer could not look at.
    problems: list[str]


def plan(paths: Iterable[Path], since: float, wanted: str, importers: Shelf[Importer]) -> Plan:
    """Return what is to be read of `paths`, of what changed at `since` (epoch seconds) or later.

    `wanted` names an importer, or TRANSCRIPTS; "" leaves it to each file. Raises MonitorError for
    a name nobody has, and for a file that nobody reads.
    """
    chosen = _by_name(wanted, importers) if wanted not in ("", TRANSCRIPTS) else None
    own: list[Path] = []
    others: list[Chosen] = []
    problems: list[str] = []
    for path in paths:
        if chosen is not None:
            named = not path.is_dir()
            files = _files(path, chosen, problems)
            others += [Chosen(file.absolute(), chosen, named=named) for file in files]
        elif wanted or path.is_dir():
            own.append(path)
        elif (found := _reader_of(path, importers)) is not None:
            others.append(Chosen(path.absolute(), found, named=True))
        else:
            own.append(path)
    others = [file for file in others if file.path.stat().st_mtime >= since]
    return Plan(transcripts(own, since) if own else [], others, problems)


def _by_name(wanted: str, importers: Shelf[Importer]) -> Found:
    found = importers.find(wanted)
    if found is None:
        raise MonitorError(f"Nothing is read from {wanted!r}; there are {_names(importers)}.")
    return found


def _files(path: Path, importer: Found, problems: list[str]) -> Iterator[Path]:
    """Yield the file, or the importer's files below the folder."""
    if not path.is_dir():
        yield path
        return
    named = [file for file in sorted(path.rglob("*")) if is_named_for(importer, file)]
    files = [file for file in named if file.is_file()]
    for number, file in enumerate(files):
        # A file that nobody could look at may be one of those that are wanted.
        if importer.guard.tripped:
            problems.append(
                f"{readable(path)}: {len(files) - number} of {len(files)} files were not looked "
                f"at, since {importer.plugin} is left alone."
            )
            return
        failures: list[str] = []
        if _looked_at(importer, file, failures):
            yield file
        problems += [f"{readable(file)}: {failure}" for failure in failures]


def _looked_at(importer: Found, path: Path, failures: list[str]) -> bool:
    """Tell whether the importer reads the file; where it could not tell, say why."""
    state = importer.guard.state
    failed = state.failures
    is_read = is_read_by(importer, path)
    if state.failures > failed:
        failures.append(f"{importer.plugin} could not look at it: {state.error}.")
    return is_read


def _reader_of(path: Path, importers: Shelf[Importer]) -> Found | None:
    """Return what reads the file, None for a transcript."""
    failures: list[str] = []
    for found in importers.contributions():
        if _looked_at(found, path, failures):
            return found
    if _is_transcript(path):
        return None
    raise MonitorError(
        f"{readable(path)} is nothing that can be imported: there are {_names(importers)}. "
        f"{' '.join(['--from NAME has it read as one of them.', *failures])}"
    )


def _is_transcript(path: Path) -> bool:
    if path.name.endswith(META_SUFFIX) or is_record(path):
        return True
    if path.suffix != ".jsonl":
        return False
    try:
        with path.open("rb") as file:
            lines = list(islice(iter(lambda: file.readline(LINE_BYTES), b""), LINES_LOOKED_AT))
    except OSError:
        return True  # reading it says why
    return not lines or any(map(_is_line, lines))


def _is_line(line: bytes) -> bool:
    try:
        value = loads(line.removeprefix(codecs.BOM_UTF8))
    except ValueError:
        # One too long to be read whole begins like this.
        return len(line) == LINE_BYTES and b'"type":' in line
    return isinstance(value, dict) and isinstance(value.get("type"), str)


def _names(importers: Shelf[Importer]) -> str:
    return ", ".join([TRANSCRIPTS, *(importer.name for importer in importers)])
