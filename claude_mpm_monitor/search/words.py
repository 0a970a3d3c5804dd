"""Words as the full-text index takes them apart, for events that are not in it yet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from claude_mpm_monitor.search.language import Text

#: SQLite's tokenizer `unicode61` takes letters and digits, and drops diacritics.
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, in lower case and without diacritics."""
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word.casefold() for word in _WORD.findall(kept)]


def occurs(wanted: Text, words: list[str]) -> bool:
    """Tell whether the words that are wanted stand among `words`, one after another."""
    sought = words_of(wanted.words)
    if not sought:
        return True
    count = len(sought)
    return any(
        _fits(sought, words[start : start + count], wanted.beginning)
        for start in range(len(words) - count + 1)
    )


def _fits(sought: list[str], found: list[str], beginning: bool) -> bool:
    if not beginning:
        return sought == found
    return sought[:-1] == found[:-1] and found[-1].startswith(sought[-1])


def has_words(text: str, wanted: Text) -> bool:
    """Tell whether a text has what is wanted."""
    return occurs(wanted, words_of(text))


def lacks(wanted: str, payload: bytes, beside: str) -> bool:
    """Tell what can be told at once: that an event (JSON, and what is known beside it) lacks words.

    False when it has to be looked at, which takes ten times as long.
    """
    first = _first_word(wanted)
    if not (first.isascii() and payload.isascii() and beside.isascii()) or b"\\u" in payload:
        return False  # letters with diacritics count as those without
    return first.encode() not in payload.lower() and first not in beside.lower()


@lru_cache(16)
def _first_word(wanted: str) -> str:
    return next(iter(words_of(wanted)), "")


def match_of(wanted: Text) -> str:
    """Return the same as an FTS5 query, "" when there is no word in it."""
    sought = words_of(wanted.words)
    if not sought:
        return ""
    phrase = " ".join(sought)
    return f'"{phrase}"' + ("*" if wanted.beginning else "")
