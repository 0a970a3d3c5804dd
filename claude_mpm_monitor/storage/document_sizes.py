"""How many documents there are of some topics, and how large, read in bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterable

import msgspec

from claude_mpm_monitor.storage.query import Query

#: Documents read at once: a few milliseconds.
_CHUNK = 2_000
_SQL = (
    "SELECT count(*), coalesce(sum(length(CAST(value AS BLOB))), 0), max(key) FROM ("
    "SELECT key, value FROM documents WHERE topic = ? AND key > ? ORDER BY key LIMIT ?)"
)


class DocumentSizes(msgspec.Struct, frozen=True, kw_only=True):
    """A number of documents and the bytes of their JSON as it is stored; indexes come on top.

    Where it is not `complete` it is at least so much: there was more than time allowed to read.
    """

    documents: int = 0
    bytes: int = 0
    complete: bool = True


def document_sizes(query: Query, topics: Iterable[str], until: float) -> DocumentSizes:
    """Add up the documents of `topics` until then, by `time.monotonic` (seconds). Any thread."""
    documents = size = 0
    for topic in topics:
        count, after = _CHUNK, ""
        while count == _CHUNK:
            if time.monotonic() > until:
                return DocumentSizes(documents=documents, bytes=size, complete=False)
            ((count, read, last),) = query.read(_SQL, (topic, after, _CHUNK))
            documents, size, after = documents + count, size + read, last
    return DocumentSizes(documents=documents, bytes=size)
