"""Replacing a small file as a whole."""

from __future__ import annotations

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place of the file, readable by its owner alone. Raises OSError.

    Whoever reads meanwhile, or after a crash, finds the old content or the new. Processes may do
    so at once, threads of one process must not.
    """
    draft = path.with_suffix(f".{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
