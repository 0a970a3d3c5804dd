"""Exchange: puts another file in the store's place, or sets a damaged one aside, while in use.

Every connection knows which file (inode) it was opened on and asks inside each transaction
whether that is still the store; if not, it is opened anew (`Database.is_current`). So files are
exchanged by renaming them, and whatever runs notices. A note beside the file that was moved away
says why, and how far the salvage of what was in it is; it is written first, so that an exchange
cut short by a crash is completed by whoever comes next.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

#: moving: files are being renamed · waiting: to be salvaged · salvaged: derive anew · done
State = Literal["moving", "waiting", "salvaged", "done"]

NOTE_SUFFIX = ".note.json"
#: A file that is complete and shall become the store.
NEW_SUFFIX = ".new"
#: Last the database itself: while it is in place, so is its write-ahead log.
_PARTS = ("-wal", "-shm", "")


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """The note about a file that was the store, or its write-ahead log, until `at` (µs).

    `first_seq` is where the numbers of the store that followed begin. `salvaged` events were read
    out of it, `lost` numbers could not be.
    """

    name: str
    at: int
    reason: str
    replaced: bool = False
    first_seq: int = 0
    state: State = "moving"
    after: State = "waiting"
    salvaged: int = 0
    lost: int = 0

    @property
    def told(self) -> str:
        """What happened, in a sentence."""
        if self.replaced:
            return f"The event store was replaced ({self.reason}); the old one is {self.name}."
        return f"The event store was damaged ({self.reason}) and set aside as {self.name}."


class Exchange:
    """The files at one path. Any thread, any process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = path.with_name(path.name + ".lock")

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keep every other process from opening, creating or exchanging the store meanwhile."""
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def notes(self) -> list[Aside]:
        """Return the notes about what was set aside, the oldest first."""
        return sorted(
            (note for path in self._note_paths() if (note := _read(path)) is not None),
            key=lambda note: note.at,
        )

    def write(self, note: Aside) -> None:
        """Keep the note, safe from being cut off."""
        path = self._path.with_name(note.name + NOTE_SUFFIX)
        draft = path.with_suffix(f".{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(note), indent=1))
        draft.replace(path)

    def set_aside(self, note: Aside) -> Aside:
        """Move the store away, to the note's name. The caller holds `exclusively`."""
        self.write(note)
        return self._move(note)

    def set_wal_aside(self, note: Aside) -> None:
        """Move only the write-ahead log away. The caller holds `exclusively`."""
        done = msgspec.structs.replace(note, state="done")
        self._path.with_name(self._path.name + "-wal").replace(self._path.with_name(note.name))
        self._path.with_name(self._path.name + "-shm").unlink(missing_ok=True)
        self.write(done)

    def finish(self) -> None:
        """Complete what a crash cut short. The caller holds `exclusively`."""
        for note in self.notes():
            if note.state == "moving":
                self._move(note)
        self.place_new()
        # Left by an exchange that ended before anything was moved.
        self.new.unlink(missing_ok=True)

    @property
    def new(self) -> Path:
        """Where a complete file waits to become the store."""
        return self._path.with_name(self._path.name + NEW_SUFFIX)

    def place_new(self) -> None:
        """Make the file at `new`, if there is one, the store when there is none."""
        if self.new.exists() and not self._path.exists():
            self.new.replace(self._path)

    def free_name(self, what: str) -> str:
        """Return a dated name for what is to be set aside."""
        base = f"{self._path.name}.{what}-{time.strftime('%Y%m%d-%H%M%S')}"
        names, number = {note.name for note in self.notes()}, 1
        name = base
        while name in names or self._path.with_name(name).exists():
            number += 1
            name = f"{base}-{number}"
        return name

    def _move(self, note: Aside) -> Aside:
        aside = self._path.with_name(note.name)
        if not aside.exists():
            for suffix in _PARTS:
                # Whoever closes the store last takes its write-ahead log away.
                with suppress(FileNotFoundError):
                    part = self._path.with_name(self._path.name + suffix)
                    part.replace(self._path.with_name(note.name + suffix))
        moved = msgspec.structs.replace(note, state=note.after)
        self.write(moved)
        return moved

    def _note_paths(self) -> list[Path]:
        return list(self._path.parent.glob(f"{self._path.name}.*{NOTE_SUFFIX}"))


def _read(path: Path) -> Aside | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Aside)
    except (OSError, msgspec.DecodeError):
        return None
