"""Ownership: of all processes that share a store, one derives documents from the log."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Ownership:
    """An advisory lock on a file, let go by the system when its process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Try to become the owner, without waiting; True when this object holds the lock."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Let another process become the owner."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
