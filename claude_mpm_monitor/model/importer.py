"""What an importer is: it reads files that other programs, or we ourselves, have written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from claude_mpm_monitor.model.event import Raw


@runtime_checkable
class Importer(Protocol):
    """Reads files of one kind for ``mpm-monitor import``; `name` is what ``--from`` chooses it by.

    `suffixes` are the ends of names it is asked about (``(".csv",)``), all files where it is empty.
    Both methods are called on a thread of the plugin's own, for one file after another.
    """

    name: str
    suffixes: tuple[str, ...]

    def reads(self, path: Path) -> bool:
        """Tell, by a quick look at the file, whether it is of this kind."""

    def read(self, path: Path) -> Iterator[Raw]:
        """Yield what is in the file as deliveries of a dialect that a decoder knows, oldest first.

        The same file gives the same deliveries. What names each of its facts (`event_id`) is stored
        once, however often it is read; so is what has the same content at the same time. Raising
        ends the file: what was yielded before is stored, and the file is read again the next time.
        """
