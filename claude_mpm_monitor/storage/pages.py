"""Pages: reads the rows of a table out of an SQLite file's pages, without its header or its tree.

For what SQLite itself cannot find any more: when the first page is gone, or one further up in the
tree of a table. Format: https://www.sqlite.org/fileformat2.html. Pages that the write-ahead log has
newer versions of are taken from there. Rows that were deleted may come up, too: the caller knows
which it has already, and which numbers are missing.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from claude_mpm_monitor.storage.damage import WAL_HEADER_BYTES, WAL_MAGICS, wal_of

Value: TypeAlias = "int | float | str | bytes | None"

#: What the store is created with, on every system.
PAGE_BYTES = 4096
_LEAF = 0x0D
_FIRST_PAGE_HEADER = 100
_WIDTHS = (0, 1, 2, 3, 4, 6, 8)
_FRAME_HEADER_BYTES = 24
#: A larger value than this is damage itself.
_ABSURD_BYTES = 256 * 1024 * 1024


def rows_in_pages(path: Path, columns: int) -> Iterator[tuple[int, list[Value]]]:
    """Yield (rowid, values) of every row with so many columns that lies whole in some leaf page.

    The column that is the rowid itself is None. Raises OSError.
    """
    newer = _pages_in_wal(wal_of(path))
    with path.open("rb") as file:
        pages = _Pages(file.fileno(), newer, path.stat().st_size // PAGE_BYTES)
        for number in range(1, max([pages.count, *newer]) + 1):
            yield from _rows_of(pages, number, columns)


class _Pages:
    """Pages by their number, from 1."""

    def __init__(self, descriptor: int, newer: dict[int, bytes], count: int) -> None:
        self._descriptor = descriptor
        self._newer = newer
        self.count = count

    def get(self, number: int) -> bytes:
        newer = self._newer.get(number)
        if newer is not None:
            return newer
        return os.pread(self._descriptor, PAGE_BYTES, (number - 1) * PAGE_BYTES)


def _pages_in_wal(path: Path) -> dict[int, bytes]:
    """Return the newest committed version of each page in the write-ahead log."""
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    if len(content) < WAL_HEADER_BYTES or struct.unpack(">I", content[:4])[0] not in WAL_MAGICS:
        return {}
    committed: dict[int, bytes] = {}
    salts, pending = content[16:24], dict(committed)
    size = _FRAME_HEADER_BYTES + PAGE_BYTES
    for at in range(WAL_HEADER_BYTES, len(content) - size + 1, size):
        number, pages_after = struct.unpack(">II", content[at : at + 8])
        if content[at + 8 : at + 16] != salts:
            break  # left over from before the log began anew
        pending[number] = content[at + _FRAME_HEADER_BYTES : at + size]
        if pages_after:
            committed |= pending
            pending = {}
    return committed


def _rows_of(pages: _Pages, number: int, columns: int) -> Iterator[tuple[int, list[Value]]]:
    page = pages.get(number)
    start = _FIRST_PAGE_HEADER if number == 1 else 0
    if len(page) < PAGE_BYTES or page[start] != _LEAF:
        return
    (cells,) = struct.unpack(">H", page[start + 3 : start + 5])
    pointers = start + 8
    if pointers + 2 * cells > PAGE_BYTES:
        return
    for at in struct.unpack(f">{cells}H", page[pointers : pointers + 2 * cells]):
        try:
            row = _cell(pages, page, at, columns)
        except (IndexError, ValueError, struct.error):
            continue  # not a whole row, or not of this table
        if row is not None:
            yield row


def _cell(pages: _Pages, page: bytes, at: int, columns: int) -> tuple[int, list[Value]] | None:
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    if size > _ABSURD_BYTES:
        raise ValueError(size)
    record = _record(pages, page, at, size)
    header, place = _varint(record, 0)
    types = []
    while place < header:
        kind, place = _varint(record, place)
        types.append(kind)
    if place != header or len(types) != columns:
        return None
    values: list[Value] = []
    for kind in types:
        value, place = _value(record, place, kind)
        values.append(value)
    if place != len(record):
        raise ValueError(place)
    return rowid, values


def _record(pages: _Pages, page: bytes, at: int, size: int) -> bytes:
    """Return a record, the part of it that overflowed into pages of its own included."""
    most = PAGE_BYTES - 35
    if size <= most:
        local, following = size, 0
    else:
        least = (PAGE_BYTES - 12) * 32 // 255 - 23
        local = least + (size - least) % (PAGE_BYTES - 4)
        local = local if local <= most else least
        (following,) = struct.unpack(">I", page[at + local : at + local + 4])
    parts, left = [page[at : at + local]], size - local
    while left > 0 and following:
        overflow = pages.get(following)
        (following,) = struct.unpack(">I", overflow[:4])
        parts.append(overflow[4 : 4 + left])
        left -= len(parts[-1])
    record = b"".join(parts)
    if len(record) != size:
        raise ValueError(size)
    return record


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place, and the place behind it."""
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            break
    return value, at + count + 1


def _value(record: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind < len(_WIDTHS):
        end = at + _WIDTHS[kind]
        return (int.from_bytes(record[at:end], "big", signed=True) if kind else None), end
    if kind == 7:
        return struct.unpack(">d", record[at : at + 8])[0], at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind < 12:
        raise ValueError(kind)
    end = at + (kind - 12) // 2
    content = record[at:end]
    if len(content) < end - at:
        raise ValueError(kind)
    return (content.decode() if kind % 2 else content), end
