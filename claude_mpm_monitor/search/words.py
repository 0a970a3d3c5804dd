"""Words as the full-text index takes them apart, for events that are not in it yet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from claude_mpm_monitor.search.language import Text

#: SQLite's tokenizer `unicode61` takes letters and digits, and drops diacritics.
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
#: The same for plain ASCII, in a third of the time: what is no letter of a word becomes a space.
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, in lower case and without diacritics."""
    if text.isascii():
        return text.lower().translate(_APART).split()
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return [word.casefold() for word in _WORD.findall(text)]


class Words:
    """The words of a text, to be asked for several in turn."""

    def __init__(self, text: str) -> None:
        # In plain ASCII a word is found where it stands, in a tenth of the time.
        self._is_plain = text.isascii()
        self._text = text.lower() if self._is_plain else line_of(text)

    def have(self, wanted: Text) -> bool:
        """Tell whether they have what is wanted, one word after another."""
        first, pattern, line = _sought(wanted)
        if not self._is_plain:
            return line in self._text
        at = self._text.find(first)
        while at >= 0:
            if pattern.match(self._text, at):
                return True
            at = self._text.find(first, at + 1)
        return False


@lru_cache(16)
def _sought(wanted: Text) -> tuple[str, re.Pattern[str], str]:
    """Return the first word, the pattern of all in plain ASCII, and a part of a line of words."""
    words, line = words_of(wanted.words), line_of(wanted.words)
    ends = "" if wanted.beginning else r"(?![a-z0-9])"
    pattern = rf"(?<![a-z0-9]){'[^a-z0-9]+'.join(map(re.escape, words))}{ends}"
    return words[0] if words else "", re.compile(pattern), line[:-1] if wanted.beginning else line


def line_of(text: str) -> str:
    """Return the words of a text as a line, with a space before and after each."""
    return f" {' '.join(words_of(text))} "


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
