"""A JSON file that is read as a whole and replaced as a whole."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from claude_mpm_monitor.errors import StoreError

T = TypeVar("T")


def read_json(path: Path, content: type[T]) -> T | None:
    """Return what the file says; None when there is none, or none with such a content."""
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(path.read_bytes(), type=content)
    return None


def replace_json(path: Path, value: Any) -> None:
    """Put `value` in place of what the file says. Raises StoreError when that cannot be.

    Whoever reads meanwhile, or after a crash, finds the old content or the new. Two writers must
    not come together.
    """
    new = path.with_suffix(".new")
    try:
        new.write_bytes(msgspec.json.encode(value))
        os.replace(new, path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
