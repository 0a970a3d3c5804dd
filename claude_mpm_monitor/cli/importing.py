"""Bringing the sessions on disk into the store, with a progress bar."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from claude_mpm_monitor.ingest.host_records import COMMIT_COSTS, HOST_FOLDER, record_files
from claude_mpm_monitor.ingest.importer import (
    Bookmarks,
    Importer,
    Progress,
    Receipt,
    Submit,
    find_transcripts,
)
from claude_mpm_monitor.ingest.transcript import META_SUFFIX
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.delivering import receipt
from claude_mpm_monitor.pipeline.file_import import Chosen, FileImport
from claude_mpm_monitor.storage.bookmarks import ImportBookmarks
from claude_mpm_monitor.storage.database import Database

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from claude_mpm_monitor.monitor import Monitor

POLL_SECONDS = 0.05


def transcripts(paths: Iterable[Path], since: float = 0.0) -> list[Path]:
    """Return the transcripts that `paths` mean, changed at `since` (epoch seconds) or later.

    A path may be a transcript, one project's folder, Claude's ``projects`` folder, the folder that
    contains it, or one of several such (copies from other machines).
    """
    roots: list[Path] = []
    for path in paths:
        if (path / "projects").is_dir():
            roots.append(path / "projects")
        elif path.is_dir() and any(path.glob("*.jsonl")):
            roots += [*path.rglob("*.jsonl"), *path.rglob(f"*{META_SUFFIX}")]
        else:
            roots += [path, *path.glob("*/projects"), *path.glob("*/.claude/projects")]
    return [path for path in find_transcripts(roots) if path.stat().st_mtime >= since]


def host_records(monitor: Monitor, home: Path) -> list[Path]:
    """Return claude-mpm's own records: those of the projects in the store, and of the user.

    :param home: the user's home, where the host keeps what is of no project.
    """
    sessions = monitor.query.every_document("session")
    projects = {document.value["project"] for document in sessions}
    known = [Path(project) for project in sorted(projects) if project]
    costs = home / HOST_FOLDER / COMMIT_COSTS
    return [*record_files(known), *([costs] if costs.is_file() else [])]


def import_files(
    monitor: Monitor, files: list[Path], cancel: threading.Event, *, quiet: bool = False
) -> Progress:
    """Import transcripts through `monitor`; return how far it came. `cancel` ends it early."""
    return _followed(monitor, partial(Importer, files), cancel, quiet=quiet)


def import_by_plugins(
    monitor: Monitor, files: list[Chosen], cancel: threading.Event, *, quiet: bool = False
) -> Progress:
    """Import what importers of plugins read; otherwise the same."""
    return _followed(monitor, partial(FileImport, files), cancel, quiet=quiet)


def _followed(
    monitor: Monitor,
    importing: Callable[[Submit, Bookmarks], Importer | FileImport],
    cancel: threading.Event,
    *,
    quiet: bool,
) -> Progress:
    def submit(raws: list[Raw]) -> Receipt:
        return receipt(monitor.ingest_many(raws))

    done = Progress()
    with closing(ImportBookmarks(Database(monitor.config.database))) as rows, _bar(quiet) as bar:
        task = bar.add_task("", total=None)
        for done in importing(submit, rows).run(cancel):
            name = Path(done.path).parent.name
            bar.update(task, completed=done.bytes, total=done.bytes_total, description=name)
    return done


def wait_for_documents(monitor: Monitor, cancel: threading.Event) -> None:
    """Wait until sessions, agents and tool calls have been worked out from what is stored.

    Not where another process does that: it goes on when this one has ended.
    """
    while monitor.status()["owner"] and not cancel.is_set():
        if monitor.status()["consumer"]["seq"] >= monitor.query.last_seq():
            return
        time.sleep(POLL_SECONDS)


def _bar(quiet: bool) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description:.40}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet,
    )
