"""BoardFile: the board of widgets, a JSON file beside the store."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec

from claude_mpm_monitor.model.board import Board
from claude_mpm_monitor.storage.json_file import read_json, replace_json


class BoardFile:
    """Reads and replaces the file. Any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def read(self) -> Board:
        """Return the board; an empty one of revision 0 when there is none, or none that is one."""
        return read_json(self._path, Board) or Board()

    def replace(self, board: Board) -> Board | None:
        """Store `board`, which was made of the stored one; return it with its new revision.

        None when somebody has replaced that one meanwhile. Raises StoreError when it cannot be
        written.
        """
        with self._lock:
            if self.read().revision != board.revision:
                return None
            stored = msgspec.structs.replace(board, revision=board.revision + 1)
            replace_json(self._path, stored, Board)
            return stored
