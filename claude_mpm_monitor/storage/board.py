"""BoardFile: the board of widgets, a JSON file beside the store."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

import msgspec

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.board import Board


class BoardFile:
    """Reads and replaces the file. Any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self) -> Board:
        """Return the board; an empty one of revision 0 when there is none, or none that is one."""
        with contextlib.suppress(FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(self._path.read_bytes(), type=Board)
        return Board()

    def replace(self, board: Board) -> Board | None:
        """Store `board`, which was made of the stored one; return it with its new revision.

        None when somebody has replaced that one meanwhile. Raises StoreError when it cannot be
        written.
        """
        with self._lock:
            if self.read().revision != board.revision:
                return None
            stored = msgspec.structs.replace(board, revision=board.revision + 1)
            new = self._path.with_suffix(".new")
            try:
                new.write_bytes(msgspec.json.encode(stored))
                os.replace(new, self._path)
            except OSError as error:
                raise StoreError(f"{self._path} cannot be written: {error.strerror}") from error
            return stored
