"""KnownKeys: tells which documents are certainly not in the store, in memory that does not grow.

While a store is filled or rebuilt, most documents asked for are new, and each costs 20 µs to look
for in the file. A set of all keys would answer, at 90 bytes a key; this is a Bloom filter.
"""

from __future__ import annotations

#: With 500,000 keys one look in 400 is in vain, with a million one in 40.
BITS = 1 << 23


class KnownKeys:
    """A set that may take a key for a member that is none, never the reverse. One thread."""

    __slots__ = ("_bits",)

    def __init__(self) -> None:
        self._bits = bytearray(BITS // 8)

    def add(self, topic: str, key: str) -> None:
        """Note a key."""
        bits = self._bits
        for place in _places(topic, key):
            bits[place >> 3] |= 1 << (place & 7)

    def may_have(self, topic: str, key: str) -> bool:
        """Tell whether the key may have been noted."""
        bits = self._bits
        return all(bits[place >> 3] >> (place & 7) & 1 for place in _places(topic, key))


def _places(topic: str, key: str) -> tuple[int, int, int, int]:
    """Return four places out of one hash of 64 bits: two numbers, and two sums of them."""
    found = hash((topic, key))
    low, high = found & 0x7FFFFF, found >> 23 & 0x7FFFFF
    return low, high, (low + 3 * high) & 0x7FFFFF, (low + 7 * high) & 0x7FFFFF
