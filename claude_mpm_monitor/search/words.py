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
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return [word.casefold() for word in _WORD.findall(text)]


def line_of(text: str) -> str:
    """Return the words of a text as a line, with a space before and after each."""
    return f" {' '.join(words_of(text))} "


def has_words(line: str, wanted: Text) -> bool:
    """Tell whether what is wanted stands in a line of words (`line_of`), one after another."""
    return _sought(wanted) in line


@lru_cache(16)
def _sought(wanted: Text) -> str:
    line = line_of(wanted.words)
    return line[:-1] if wanted.beginning else line


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
