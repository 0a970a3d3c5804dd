"""FileImport: brings in files by the importers that plugins registered, each file once.

An importer runs under its guard, where only it can hang; what it makes of a file is committed batch
by batch. A file that was read to its end is not read again until it changes or is named. One that
was not, or of which something was rejected, is read from its start, and what is stored already is
recognised as that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.ingest.importer import (
    BATCH_BYTES,
    BATCH_LINES,
    Bookmark,
    Bookmarks,
    Progress,
    Submit,
    readable,
)
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.model.importer import Importer
from claude_mpm_monitor.plugins.shelf import Contribution

#: How long an importer may take to say whether a file is its own, and for each batch (seconds).
LOOK_SECONDS = 5.0
BATCH_SECONDS = 10.0
#: No delivery is larger (bytes).
DELIVERY_BYTES = 64 * 1024 * 1024
#: A file has so many deliveries for each of its bytes at most, and a packed or tiny one so many
#: more: an importer that never ends is no reason to fill the disk.
MOST_PER_BYTE, MOST_BESIDE = 10, 1_000

Found = Contribution[Importer]
_readings = count(1)


class Chosen(NamedTuple):
    """A file, and what is to read it."""

    path: Path
    importer: Found
    #: Whether it is wanted by its name, not found in a folder. It is read then in any case: what it
    #: brought may have been given up since, and what is there still is not stored twice.
    named: bool = False


class FileImport:
    """Reads some files. One thread at a time."""

    def __init__(self, files: Iterable[Chosen], submit: Submit, bookmarks: Bookmarks) -> None:
        self._files = list(files)
        self._submit = submit
        self._bookmarks = bookmarks

    def run(self, cancel: threading.Event | None = None) -> Iterator[Progress]:
        """Import what is new; yield the one Progress after each batch and each file.

        Setting `cancel` ends the import after the batch at hand.
        """
        todo = [(file, self._size(file)) for file in self._files]
        progress = Progress(files_total=len(todo), bytes_total=sum(size for _, size in todo))
        for file, size in todo:
            progress.path = readable(file.path)
            before = progress.bytes
            try:
                if size:
                    yield from self._import(file, progress, cancel)
            except OSError as error:
                progress.problems.append(f"{progress.path}: {error.strerror or error}")
            if cancel is not None and cancel.is_set():
                return
            progress.files += 1
            progress.bytes = before + size
            yield progress

    def _size(self, file: Chosen) -> int:
        """How much there is to read: nothing of one found that is as it was when it was read."""
        try:
            status = file.path.stat()
        except OSError:
            return 1  # reading it says why
        if file.named:
            return status.st_size
        kept = self._bookmarks.get(_key(file))
        is_known = kept is not None and Bookmark(*kept) == _bookmark(status)
        return 0 if is_known else status.st_size

    def _import(
        self, file: Chosen, progress: Progress, cancel: threading.Event | None
    ) -> Iterator[Progress]:
        status = file.path.stat()
        until, rejected = progress.bytes + status.st_size, progress.rejected
        reading = Reading(file, MOST_PER_BYTE * status.st_size + MOST_BESIDE)
        while batch := reading.next():
            receipt = self._submit(batch)
            progress.lines += len(batch)
            progress.stored += receipt.stored
            progress.duplicate += receipt.duplicate
            progress.rejected += receipt.rejected
            # How far it is in the file, nobody but the importer knows.
            size = sum(len(raw.body) for raw in batch)
            progress.bytes = min(progress.bytes + size, until)
            yield progress
            if cancel is not None and cancel.is_set():
                return
        if reading.problem:
            progress.problems.append(f"{progress.path}: {reading.problem}")
        elif progress.rejected == rejected:
            self._bookmarks.set(_key(file), _bookmark(status))


class Reading:
    """One file on its way through an importer.

    :param most: more deliveries than that are a fault of the importer's.
    """

    def __init__(self, file: Chosen, most: int) -> None:
        self._path, self._importer = file.path, file.importer
        self._origin, self._name = readable(file.path), readable(file.path.name)
        self._most = most
        self._count = 0
        # What names no fact is told apart by its content: counted anew for each reading, so that
        # a second one finds the same.
        self._channel = f"import {next(_readings)}"
        self._raws: Iterator[Any] | None = None
        #: Why it cannot be read to its end, "" as long as it can; names the plugin.
        self.problem = ""

    def next(self) -> list[Raw]:
        """Return the next deliveries; [] at the end, or where there is a problem.

        Raises OSError when the file cannot be read: no fault of the plugin's.
        """
        guard = self._importer.guard
        taken: list[Raw] | OSError | None = None
        if not guard.tripped:
            with guard.running(f"reading {self._name} by {self._importer.item.name}"):
                taken = self._importer.call(BATCH_SECONDS, self._take)
        if isinstance(taken, OSError):
            raise taken
        if taken is None:
            self.problem = f"{self._importer.plugin}: {guard.state.error or 'it is left alone'}"
            return []
        return taken

    def _take(self) -> list[Raw] | OSError:
        """Take one batch. The plugin's thread."""
        try:
            if self._raws is None:
                self._raws = iter(self._importer.item.read(self._path))
            return list(self._batch(self._raws))
        except OSError as error:
            return error

    def _batch(self, raws: Iterator[Any]) -> Iterator[Raw]:
        size = 0
        for raw in islice(raws, BATCH_LINES):
            if not isinstance(raw, Raw):
                raise PluginError(f"an importer yielded {raw!r}, a Raw was expected")
            self._count += 1
            if self._count > self._most or len(raw.body) > DELIVERY_BYTES:
                raise PluginError("an importer makes more of a file than can be in it")
            # With an origin: it is not to be kept elsewhere, since the file has it.
            origin = raw.origin or f"{self._origin}#{self._count}"
            yield msgspec.structs.replace(raw, origin=origin, channel=self._channel)
            size += len(raw.body)
            if size >= BATCH_BYTES:
                return


def is_named_for(importer: Found, path: Path) -> bool:
    """Tell whether the file's name is one that the importer may read."""
    suffixes = importer.item.suffixes
    return not suffixes or path.name.lower().endswith(suffixes)


def is_read_by(importer: Found, path: Path) -> bool:
    """Tell whether the file is of the importer's kind; False as well when the importer fails."""
    guard = importer.guard
    if not is_named_for(importer, path) or guard.tripped:
        return False
    found: list[bool] = []
    with guard.running(f"looking at {readable(path.name)} by {importer.item.name}"):
        found.append(importer.call(LOOK_SECONDS, _reads, importer.item, path))
    return any(found)


def _reads(importer: Importer, path: Path) -> bool:
    """Ask the importer. A file that cannot be opened is no fault of the plugin's."""
    try:
        return bool(importer.reads(path))
    except OSError:
        return False


def _key(file: Chosen) -> str:
    """Return under which name is kept that the file was read: another importer may read it, too."""
    return f"{readable(file.path)} by {file.importer.item.name}"


def _bookmark(status: Any) -> Bookmark:
    return Bookmark(
        inode=status.st_ino,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        offset=status.st_size,
    )
