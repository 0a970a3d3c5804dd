"""Packing: payloads as they are stored, compressed with a dictionary of what they all hold.

A packed payload is a byte that names the dictionary, then a raw DEFLATE stream (RFC 1951). What
does not get smaller stays plain text. Measured on hook payloads of 540 bytes: 240 bytes with the
dictionary, 320 without; 11 µs to pack, 3 µs to unpack (a copy of a primed compressor with a window
of 8 kB; setting one up with the usual 32 kB costs 50 µs each time).
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib.resources import files

#: The dictionary that new payloads are packed with. Old ones stay, for what was packed with them.
DICTIONARY = 1
#: Shorter payloads are not worth it.
SHORTEST = 100
_LEVEL, _WINDOW_BITS, _MEMORY_LEVEL = 1, -13, 6


def pack(payload: bytes) -> bytes | str:
    """Return the payload (UTF-8) as it is stored. Any thread."""
    if len(payload) >= SHORTEST:
        compressor = _compressor().copy()
        packed = b"%c%b%b" % (DICTIONARY, compressor.compress(payload), compressor.flush())
        if len(packed) < len(payload):
            return packed
    return payload.decode()


def unpack(stored: bytes | str) -> bytes:
    """Return the payload that `pack` made this of. Any thread."""
    if isinstance(stored, str):
        return stored.encode()
    return zlib.decompressobj(_WINDOW_BITS, _dictionary(stored[0])).decompress(stored[1:])


@cache
def _compressor() -> zlib._Compress:
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL, zdict=_dictionary(DICTIONARY)
    )


@cache
def _dictionary(number: int) -> bytes:
    return files(__package__).joinpath(f"dictionary_{number}.bin").read_bytes()
