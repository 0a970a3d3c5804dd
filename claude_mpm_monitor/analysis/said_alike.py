"""Prompts of the same words: how many they are, and which sources told of each.

Some releases number prompts in transcripts and not yet in hooks, older ones nowhere. A prompt
without a number is one with a prompt of the same words that its source has not told of, if there
is one. Only how many there are of each sort counts, so the order they came in does not matter.

`by` and `bit` are sources as in `coverage`: a sum of bits, and one of them.
"""

from __future__ import annotations

from claude_mpm_monitor.model.analyzer import Json

_ALL = 8


def nothing() -> Json:
    """Return the notes of words that nobody has said."""
    return {"numbered": [0] * _ALL, "unnumbered": [0] * _ALL}


def note_numbered(notes: Json, before: int, after: int) -> None:
    """Take in that a prompt with a number, told `before` by those sources, was `after` by these.

    0 as `before` says that it is new among these words, 0 as `after` that its words are others.
    """
    if before:
        notes["numbered"][before] -= 1
    if after:
        notes["numbered"][after] += 1


def note_unnumbered(notes: Json, bit: int) -> None:
    """Take in that a source told of one more prompt without a number."""
    notes["unnumbered"][bit] += 1


def prompts(notes: Json) -> list[int]:
    """Return how many prompts there are, by the sum of the bits of those who told of them."""
    counts = list(notes["numbered"])
    for bit, told in enumerate(notes["unnumbered"]):
        left = told
        for by in [by for by in range(1, _ALL) if not by & bit] if left else ():
            taken = min(left, counts[by])
            counts[by] -= taken
            counts[by | bit] += taken
            left -= taken
        counts[bit] += left
    return counts
