"""ToldFacts: which sources have told which facts of a session, many facts to a document.

A document for each would take 280 bytes with its indexes, for three bits. So facts are kept by
short digests of their names in as many documents as there are sixteens of them; where one more is
needed, one of them is divided (linear hashing: Litwin, "Linear Hashing: A New Tool for File and
Table Addressing", 1980). What is kept depends on what was told alone, not on the order.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import blake2b
from zlib import crc32

from claude_mpm_monitor.model.analyzer import Documents, Json

#: Facts to a document, on average; more to each makes each fact a larger write.
SHARING = 16
#: Bytes of a digest: among a million facts of one session two are taken for one with 1 in 10^10.
_DIGEST_BYTES = 9


class ToldFacts:
    """Facts of one kind in one session, of which `count` are known. Consumer thread only.

    `place` is where the documents are: the topic, and what their keys begin with.
    """

    def __init__(self, documents: Documents, place: tuple[str, str], count: int) -> None:
        self._documents = documents
        self._topic, self._prefix = place
        self._count = count

    def note(self, name: str, source: int) -> int:
        """Take in that a source (a bit) told of a fact; return the sources that had, as a sum."""
        digest = _digest(name)
        parts = self._count // SHARING + 1
        part = _part_of(digest, parts)
        told = self._get(part)
        before: int = told.get(digest, 0)
        if before | source != before:
            told[digest] = before | source
            self._put(part, told)
        if not before and (self._count + 1) // SHARING + 1 > parts:
            self._divide(parts)
        return before

    def _divide(self, parts: int) -> None:
        """Let one more part have what belongs to it, of the one part that had it."""
        part = parts - (1 << parts.bit_length() - 1)
        told = self._get(part)
        moved = {digest for digest in told if _part_of(digest, parts + 1) == parts}
        if moved:
            self._put(parts, {digest: told[digest] for digest in moved})
            self._put(part, {digest: by for digest, by in told.items() if digest not in moved})

    def _get(self, part: int) -> Json:
        return self._documents.get(self._topic, f"{self._prefix}/{part}") or {}

    def _put(self, part: int, told: Json) -> None:
        self._documents.put(self._topic, f"{self._prefix}/{part}", told)


def _digest(name: str) -> str:
    text = name.encode(errors="surrogatepass")
    return b64encode(blake2b(text, digest_size=_DIGEST_BYTES).digest()).decode()


def _part_of(digest: str, parts: int) -> int:
    """Return the part a fact is in: the last bits of a number that is the fact's, as many as
    there are parts for, else one bit less."""
    bits = (parts - 1).bit_length()
    part = crc32(digest.encode()) & (1 << bits) - 1
    return part if part < parts else part - (1 << bits - 1)
