"""Runtime: a small file that tells other processes where the store's dashboard is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from claude_mpm_monitor import __version__
from claude_mpm_monitor.replacing import replace_file


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """The process that owns the dashboard port. `started_at` in µs since the epoch."""

    pid: int
    port: int
    ingest_port: int
    started_at: int
    version: str
    server_id: str = ""


class Runtime:
    """Reads and writes ``monitor.json``. Any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Owner | None:
        """Return the owner, None when there is none that is alive."""
        try:
            owner = msgspec.json.decode(self._path.read_bytes(), type=Owner)
        except (OSError, msgspec.DecodeError):
            return None
        return owner if _is_alive(owner.pid) else None

    def wait_for_owner(self, timeout: float) -> Owner | None:
        """Return the owner, which may be about to announce itself (seconds)."""
        until = time.monotonic() + timeout
        while (owner := self.read()) is None and time.monotonic() < until:
            time.sleep(0.01)
        return owner

    def announce(self, *, port: int, ingest_port: int, started_at: int, server_id: str) -> None:
        """Say that this process is the owner."""
        owner = Owner(
            pid=os.getpid(),
            port=port,
            ingest_port=ingest_port,
            started_at=started_at,
            version=__version__,
            server_id=server_id,
        )
        replace_file(self._path, msgspec.json.encode(owner))

    def withdraw(self) -> None:
        """Say that this process owns it no longer, unless another has said so already."""
        owner = self.read()
        if owner is not None and owner.pid == os.getpid():
            self._path.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
