"""A JSON file that is read as a whole and replaced as a whole."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TypeVar

import msgspec

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.replacing import replace_file

T = TypeVar("T")


def read_json(path: Path, content: type[T]) -> T | None:
    """Return what the file says; None when there is none, or none with such a content."""
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=content)
    return None


def replace_json(path: Path, value: T, content: type[T]) -> None:
    """Put `value` in place of what the file says. Raises StoreError when that cannot be.

    What is no such content is kept beside it with `.kept` at its end: it may have been edited by
    hand, or be a later version's. See `replace_file`.
    """
    try:
        if path.exists() and read_json(path, content) is None:
            path.replace(path.with_name(f"{path.name}.{time.time_ns()}.kept"))
        replace_file(path, msgspec.json.encode(value))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
