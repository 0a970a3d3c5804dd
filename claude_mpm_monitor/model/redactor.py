"""What a redactor is: it hides what nobody should read, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class Redactor(Protocol):
    """Hides secrets in the text of a delivery. Called on the writer thread, so it must be quick."""

    name: str

    def redact(self, text: bytes) -> tuple[bytes, Mapping[str, int]]:
        """Return the text without secrets, and how many of which kind were hidden.

        Where the text is JSON the result must be, too. The same text must always come out the
        same, and a second time must change nothing: what a delivery is told apart by depends on it.
        """
