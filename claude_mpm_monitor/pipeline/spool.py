"""Spool: files that hold what could not be delivered or committed, until it can.

One file a delivery: a first line ``<delivery id> <at µs> <bytes> [<dialect> <source>]`` and then
exactly that many bytes. The command hook writes such files when no monitor answers.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

from claude_mpm_monitor.model.event import Raw

SUFFIX = ".ev"
#: A shorter file may still be written by its hook; after this long it never will be.
WRITING_SECONDS = 5.0


class Spooled(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the spool. `problem` is "" or says why the file cannot be read as a delivery."""

    path: Path
    raw: Raw
    problem: str = ""


class Spool:
    """The spool's folder. `save` from any thread; `waiting` by the one thread that drains it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, raw: Raw) -> None:
        """Keep a delivery that could not be committed. Raises OSError when that fails, too."""
        delivery_id = raw.delivery_id or uuid.uuid4().hex
        head = f"{delivery_id} {raw.at} {len(raw.body)} {raw.dialect} {raw.source}\n"
        path = self.folder / f"{delivery_id}{SUFFIX}"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(head.encode() + raw.body)

    def waiting(self) -> Iterator[Spooled]:
        """Yield what is complete, oldest first; leave alone what is still being written."""
        for path in sorted(self.folder.glob(f"*{SUFFIX}"), key=_age_key):
            try:
                content = path.read_bytes()
                age = time.time() - path.stat().st_mtime
            except OSError:
                continue  # drained by another process between the listing and now
            spooled = _read(path, content)
            if not spooled.problem or age > WRITING_SECONDS:
                yield spooled

    def backlog(self) -> int:
        """How many deliveries wait."""
        return sum(1 for _ in self.folder.glob(f"*{SUFFIX}"))


def _age_key(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read(path: Path, content: bytes) -> Spooled:
    line, _, body = content.partition(b"\n")
    fields = line.decode(errors="replace").split(" ")
    try:
        delivery_id, at, length = fields[0], int(fields[1]), int(fields[2])
    except (IndexError, ValueError):
        return _damaged(path, content, "a spool file without a proper first line")
    if len(body) < length:
        return _damaged(path, content, f"a spool file cut off at {len(body)} of {length} bytes")
    dialect, source = fields[3:5] if len(fields) >= 5 else ("claude_hook", "command_hook")
    raw = Raw(dialect=dialect, body=body[:length], at=at, source=source, delivery_id=delivery_id)
    return Spooled(path=path, raw=raw)


def _damaged(path: Path, content: bytes, problem: str) -> Spooled:
    raw = Raw(
        dialect="spool",
        body=content,
        at=time.time_ns() // 1_000,
        source="spool",
        delivery_id=path.stem,
    )
    return Spooled(path=path, raw=raw, problem=problem)
