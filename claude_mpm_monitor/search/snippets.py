"""Where the words of a query stand in an event: a piece of its text round the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.search.language import All, Any, Node, Text
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.search.text import text_in
from claude_mpm_monitor.search.words import words_of

#: Letters before the first word, and from there on.
BEFORE, FROM = 24, 200
_SPACE = re.compile(r"\s+")
_LETTER, _OTHER = r"[^\W_]", r"[\W_]+"


class Snippets:
    """Looks for the words of one query; raises QueryError when it is none."""

    def __init__(self, query: str) -> None:
        patterns = [_pattern(text) for text in _positive(parse(query))]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def of(self, event: Event) -> list[str]:
        """Return a piece of the summary, or else of the payload; every second part of it is words.

        Nothing where none stand: what fits by its fields alone, or by its kind.
        """
        if self._pattern is None:
            return []
        return self._in(event.summary) or self._in(text_in(event.data()))

    def _in(self, text: str) -> list[str]:
        assert self._pattern is not None
        plain = text.lower() if text.isascii() else text.translate(_PLAIN)
        first = self._pattern.search(plain)
        if first is None:
            return []
        line = text.rfind("\n", 0, first.start()) + 1
        done = line
        if first.start() - BEFORE > line:  # at the next word, if there is one
            done = text.find(" ", first.start() - BEFORE, first.start()) + 1 or first.start()
        until = min(first.start() + FROM, len(text))
        parts = ["…" if done > line else ""]
        for found in self._pattern.finditer(plain, first.start(), until):
            parts[-1] += text[done : found.start()]
            parts += [text[found.start() : found.end()], ""]
            done = found.end()
        parts[-1] += text[done:until] + ("…" if until < len(text) else "")
        return [_SPACE.sub(" ", part) for part in parts]


class _Plain(dict[int, int]):
    """Letters in lower case and without diacritics, each still one letter: places stay the same."""

    def __missing__(self, letter: int) -> int:
        found = words_of(chr(letter))
        plain = found[0] if found else ""
        self[letter] = ord(plain) if len(plain) == 1 else letter
        return self[letter]


_PLAIN = _Plain()


def _positive(node: Node) -> Iterator[Text]:
    """Yield the words of which some must occur."""
    if isinstance(node, Text):
        if words_of(node.words):
            yield node
    elif isinstance(node, All | Any):
        for one in node.nodes:
            yield from _positive(one)


def _pattern(text: Text) -> str:
    phrase = _OTHER.join(map(re.escape, words_of(text.words)))
    return f"(?<!{_LETTER}){phrase}" + (f"{_LETTER}*" if text.beginning else f"(?!{_LETTER})")
