"""Importer: brings the transcripts on disk into the store, each line once.

It keeps a bookmark for each file and reads on from there. A line is the same event however often
it is read, so a file that was replaced, or a bookmark that was lost, costs time and nothing else.
"""

from __future__ import annotations

import codecs
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import msgspec

from claude_mpm_monitor.ingest import host_records
from claude_mpm_monitor.ingest.transcript import META_SUFFIX, line_time
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.model.jsontext import loads

#: A batch is committed in one transaction and is what a cancelled import has to repeat at most.
#: It fits into what is kept of new events (pipeline/recent.py): nobody has to read it back.
BATCH_LINES = 500
BATCH_BYTES = 700_000
READ_BYTES = 1_000_000
#: Nothing writes longer lines; of one that is, the beginning is kept as what it is: unreadable.
LINE_BYTES = 32 * 1024 * 1024
KEPT_BYTES = 4_000
#: A meta file that is not whole may still be written this long after its last change.
WRITING_NS = 2_000_000_000
_STAMP = b'"timestamp":"'


class Bookmark(NamedTuple):
    """How far a file was read: `offset` bytes, when it had this inode, size and age."""

    inode: int
    size: int
    mtime_ns: int
    offset: int


class Bookmarks(Protocol):
    """Where bookmarks are kept, by absolute path, as (inode, size, mtime_ns, offset)."""

    def get(self, path: str) -> tuple[int, int, int, int] | None:
        """Return the bookmark of a file, None when it was never read."""

    def set(self, path: str, bookmark: tuple[int, int, int, int]) -> None:
        """Keep the bookmark, for good when this returns."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one batch."""

    stored: int = 0
    duplicate: int = 0
    rejected: int = 0


#: Takes a batch and returns after its commit. Raising leaves the bookmark where it is.
Submit = Callable[[list[Raw]], Receipt]


class Progress(msgspec.Struct, kw_only=True):
    """How far an import is. `problems` are sentences about files that could not be read."""

    files: int = 0
    files_total: int = 0
    bytes: int = 0
    bytes_total: int = 0
    lines: int = 0
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    path: str = ""
    problems: list[str] = []

    def plus(self, later: Progress) -> Progress:
        """Return what both came to, one after the other."""
        names = (name for name in self.__struct_fields__ if name != "path")
        sums = {name: getattr(self, name) + getattr(later, name) for name in names}
        return Progress(path=later.path or self.path, **sums)


class _Batch(msgspec.Struct):
    raws: list[Raw]
    offset: int


class Importer:
    """Reads transcripts of all sessions below some ``projects`` folders. One thread at a time."""

    def __init__(
        self,
        projects: Iterable[Path],
        submit: Submit,
        bookmarks: Bookmarks,
        *,
        batch_lines: int | None = None,
    ) -> None:
        self._projects = list(projects)
        self._submit = submit
        self._bookmarks = bookmarks
        self._batch_lines = batch_lines or BATCH_LINES

    def run(self, cancel: threading.Event | None = None) -> Iterator[Progress]:
        """Import what is new; yield the one Progress after each batch and each file.

        Setting `cancel` ends the import after the batch at hand; the next one goes on from there.
        """
        todo = [(path, *self._span(path)) for path in find_transcripts(self._projects)]
        progress = Progress(
            files_total=len(todo), bytes_total=sum(size - start for _, start, size in todo)
        )
        for path, start, size in todo:
            progress.path = readable(path)
            before = progress.bytes
            try:
                yield from self._import_file(path, start, progress, cancel)
            except OSError as error:
                progress.problems.append(f"{readable(path)}: {error.strerror or error}")
            if cancel is not None and cancel.is_set():
                return
            progress.files += 1
            progress.bytes = before + size - start
            yield progress

    def read_on(self, path: Path, cancel: threading.Event | None = None) -> Progress:
        """Import what is new in one file, whole lines only; an OSError is for the caller."""
        progress = Progress(path=readable(path))
        for _ in self._import_file(path, self._span(path)[0], progress, cancel):
            pass
        return progress

    def start_over(self, path: Path) -> None:
        """Have the file read from its start the next time: it is not what it was."""
        self._bookmarks.set(readable(path), Bookmark(inode=0, size=0, mtime_ns=0, offset=0))

    def _span(self, path: Path) -> tuple[int, int]:
        """Where to begin in the file, and where it ends now."""
        try:
            status = path.stat()
        except OSError:
            return 0, 0
        kept = self._bookmarks.get(readable(path))
        if kept is None:
            return 0, status.st_size
        known = Bookmark(*kept)
        if known.inode != status.st_ino or max(known.offset, known.size) > status.st_size:
            return 0, status.st_size
        if _is_whole(path) and (known.size, known.mtime_ns) != (status.st_size, status.st_mtime_ns):
            return 0, status.st_size
        return known.offset, status.st_size

    def _import_file(
        self, path: Path, start: int, progress: Progress, cancel: threading.Event | None
    ) -> Iterator[Progress]:
        status = path.stat()
        if start == status.st_size:
            return
        changed_at = status.st_mtime_ns // 1000
        if _is_whole(path):
            batches = _whole(path, start, changed_at)
        else:
            batches = _batches(path, start, changed_at, self._batch_lines)
        for batch in batches:
            if batch.raws:
                receipt = self._submit(batch.raws)
                progress.lines += len(batch.raws)
                progress.stored += receipt.stored
                progress.duplicate += receipt.duplicate
                progress.rejected += receipt.rejected
            progress.bytes += batch.offset - start
            start = batch.offset
            self._bookmarks.set(
                readable(path),
                Bookmark(
                    inode=status.st_ino,
                    size=status.st_size,
                    mtime_ns=status.st_mtime_ns,
                    offset=batch.offset,
                ),
            )
            yield progress
            if cancel is not None and cancel.is_set():
                return


def readable(path: str | Path) -> str:
    """Return the path as a text that can be kept and shown: a file's name may be any bytes."""
    return os.fsencode(path).decode(errors="backslashreplace")


def find_transcripts(roots: Iterable[Path]) -> list[Path]:
    """Return all transcripts below the folders (or the files named themselves), oldest first."""
    found: dict[Path, float] = {}
    for root in roots:
        for path in _below(root):
            try:
                found[path.absolute()] = path.stat().st_mtime
            except OSError:
                continue  # deleted between the listing and now
    return sorted(found, key=lambda path: (found[path], str(path)))


def _below(root: Path) -> Iterator[Path]:
    if root.is_file():
        yield root
        return
    yield from root.glob("*/*.jsonl")
    yield from root.glob("*/*/subagents/**/agent-*.jsonl")
    yield from root.glob(f"*/*/subagents/**/agent-*{META_SUFFIX}")


def _is_whole(path: Path) -> bool:
    """Tell a file that is one object from one that has an object in each line."""
    return path.suffix == ".json"


def _whole(path: Path, start: int, changed_at: int) -> Iterator[_Batch]:
    body = path.read_bytes()
    if _is_complete(body) or time.time_ns() - changed_at * 1000 > WRITING_NS:
        text = body.removeprefix(codecs.BOM_UTF8)
        yield _Batch([_origin_of(path).raw(text, start, changed_at)], len(body))


def _batches(path: Path, start: int, changed_at: int, most: int) -> Iterator[_Batch]:
    """Yield the file's lines from `start` on; leave a last line that is still being written."""
    origin = _origin_of(path)
    batch, size, at = _Batch([], start), 0, 0
    for offset, line, end in _lines(path, start):
        at = _time_in(line) or at or changed_at
        if line.strip():
            batch.raws.append(origin.raw(line, offset, at))
            size += len(line)
        batch.offset = end
        if len(batch.raws) >= most or size >= BATCH_BYTES:
            yield batch
            batch, size = _Batch([], batch.offset), 0
    yield batch


def _lines(path: Path, start: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield (offset, line without its end, offset of the next line) of every complete line.

    A byte order mark before a line is left out; where it was makes no difference to what is said.
    """
    with path.open("rb", buffering=READ_BYTES) as file:
        file.seek(start)
        offset = start
        while line := file.readline(LINE_BYTES):
            end = offset + len(line)
            if len(line) == LINE_BYTES and not line.endswith(b"\n"):
                line, end = line[:KEPT_BYTES], _end_of_line(file)
            elif line.endswith(b"\n"):
                line = line[:-1]
            elif not _is_complete(line):
                return
            if end:
                text = line.removeprefix(codecs.BOM_UTF8)
                yield offset + len(line) - len(text), text, end
            offset = end


def _end_of_line(file: BinaryIO) -> int:
    """Skip the rest of a line and return where the next one begins, 0 when it has no end yet."""
    while rest := file.readline(LINE_BYTES):
        if rest.endswith(b"\n"):
            return file.tell()
    return 0


def _is_complete(line: bytes) -> bool:
    """Tell a last line that merely lacks its end from one that is still being written."""
    try:
        return isinstance(loads(line.removeprefix(codecs.BOM_UTF8)), dict)
    except ValueError:
        return False


def _time_in(line: bytes) -> int | None:
    """Find the first timestamp in the line, without parsing it."""
    start = line.find(_STAMP)
    if start < 0:
        return None
    start += len(_STAMP)
    return line_time(line[start : start + 32].split(b'"', 1)[0].decode(errors="replace"))


class _Origin(NamedTuple):
    """What all deliveries from one file have in common."""

    dialect: str
    source: str
    name: str

    def raw(self, body: bytes, offset: int, at: int) -> Raw:
        """Return what begins at this offset of the file."""
        origin = f"{self.name}#{offset}"
        return Raw(dialect=self.dialect, body=body, at=at, source=self.source, origin=origin)


def _origin_of(path: Path) -> _Origin:
    if host_records.is_record(path):
        return _Origin(host_records.DIALECT, host_records.SOURCE, readable(path))
    return _Origin("transcript", "transcript", readable(path))
