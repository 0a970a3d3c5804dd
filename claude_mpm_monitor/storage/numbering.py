"""Numbering: where the numbers of a store begin that takes the place of a damaged one."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

#: The newest numbers may be among what cannot be read.
GAP = 1_000_000
#: A number above this is damage itself.
ABSURD = 2**50
#: No event takes less room than this.
SMALLEST_EVENT_BYTES = 64
#: Each of these is on other pages of the file than the rest.
_ASKED = (
    "SELECT max(seq) FROM events",
    "SELECT max(seq) FROM analyzers",
    "SELECT max(seq) FROM documents",
)


def first_free_seq(path: Path) -> int:
    """Return a number above all that the events in the damaged store at `path` can have.

    Events that are salvaged keep their numbers, and come before those that are stored meanwhile.
    """
    known = [0]
    with contextlib.suppress(OSError):
        known.append(path.stat().st_size // SMALLEST_EVENT_BYTES)
    if path.is_file():
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            for question in _ASKED:
                with contextlib.suppress(sqlite3.Error):
                    known.append(int(connection.execute(question).fetchone()[0] or 0))
    return max(number for number in known if number < ABSURD) + GAP
