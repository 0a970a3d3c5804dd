"""Writing many rows with few statements.

Each statement gives the interpreter away once (`executemany`: once for each row), and under load it
takes up to a switch interval (5 ms) to get it back, while whoever wants to write waits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

#: Rows of one statement: few sizes, so that SQLite finds each statement prepared.
SIZES = (50, 10, 3, 1)

#: Reads rows: a statement and its values.
Read = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
#: The same, row by row.
Each = Callable[[str, Sequence[object]], Iterable[tuple[Any, ...]]]
T = TypeVar("T")


def write(
    connection: sqlite3.Connection, before: str, rows: Sequence[Sequence[object]], after: str = ""
) -> None:
    """Execute `before VALUES (…), (…) after` until all rows are written.

    All rows have as many values. The caller holds the transaction.
    """
    start = 0
    for size in SIZES:
        while len(rows) - start >= size:
            part = rows[start : start + size]
            sql = f"{before} VALUES {_places(size, len(part[0]))} {after}"
            connection.execute(sql, list(chain.from_iterable(part)))
            start += size


def marks(values: Collection[object]) -> str:
    """Return a placeholder for each value, as IN and VALUES want them."""
    return ", ".join("?" * len(values))


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the values in order, so many at once."""
    return (values[start : start + size] for start in range(0, len(values), size))


@lru_cache(64)
def _places(rows: int, values: int) -> str:
    return ", ".join([f"({marks(range(values))})"] * rows)
