"""RegularBackup: a chore that copies the store every few days and keeps the newest copies."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.chore import ChoreCall
from claude_mpm_monitor.storage.backup import back_up
from claude_mpm_monitor.storage.database import Database

FOLDER = "backups"
#: How often to ask whether the newest copy is old by now (seconds): processes come and go.
EVERY_SECONDS = 600.0
DAY_SECONDS = 86_400
#: What a copy leaves free on the disk (bytes): without it, nothing new could be stored soon.
LEFT_FREE = 1_000_000_000
_NAME = "monitor-{:%Y%m%d-%H%M%S}.db"
#: Only what has such a name is deleted: others keep copies of their own there.
_COPIES = f"monitor-{'[0-9]' * 8}-{'[0-9]' * 6}.db"
_DRAFTS = f".{_COPIES}.*"


class _Stopped(Exception):
    """The monitor ends before the copy is complete."""


class RegularBackup:
    """Copies into the folder `backups` of the monitor's home. `run` on one thread at a time."""

    def __init__(self, store: Path, days: int, keep: int) -> None:
        self._store = store
        self._days = days
        self._keep = keep

    def run(self, call: ChoreCall) -> None:
        """Make a copy if it is time for one, and delete the oldest of too many.

        Raises StoreError when there is no room or the copy is not what the store was, and OSError.
        """
        folder = call.home / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        if any(age < self._days * DAY_SECONDS for age, _ in _ages(folder)):
            return
        for draft in folder.glob(_DRAFTS):
            draft.unlink(missing_ok=True)
        self._copy(folder / _NAME.format(datetime.now(UTC)), call)
        for _, copy in _ages(folder)[self._keep :]:
            copy.unlink(missing_ok=True)

    def _copy(self, target: Path, call: ChoreCall) -> None:
        database = Database(self._store)
        free, size = shutil.disk_usage(target.parent).free, database.size_bytes()
        if free < size + LEFT_FREE:
            raise StoreError(
                f"There is no backup: the store has {size // 1_000_000} MB, and only "
                f"{free // 1_000_000} MB are free on its disk."
            )

        def progress(done: int, all_: int) -> None:
            if call.stopping():
                raise _Stopped

        try:
            back_up(database, target, progress)
        except _Stopped:
            return  # the next monitor makes it


def _ages(folder: Path) -> list[tuple[float, Path]]:
    """Return how old the copies are (seconds), the newest first.

    One from the future, where the clock was wrong, is none that anybody can rely on: it goes first.
    """
    now = time.time()
    ages = [(now - copy.stat().st_mtime, copy) for copy in folder.glob(_COPIES)]
    return sorted((age if age >= 0 else float("inf"), copy) for age, copy in ages)
