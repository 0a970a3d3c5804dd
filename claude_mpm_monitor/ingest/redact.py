"""SecretRedactor: the built-in redactor. What looks like a secret is never stored.

A secret becomes ``[redacted:github-token]``. Measured: 15 µs for each kilobyte without secrets,
since a pattern is only tried where there may be one.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Mapping

from claude_mpm_monitor.errors import ConfigError
from claude_mpm_monitor.ingest.secret_kinds import (
    ASSIGNED,
    ASSIGNED_WORDS,
    KINDS,
    Kind,
    Place,
)

#: Bits for each letter below which a value is a word, a path or a name rather than drawn by lot.
DRAWN_BITS = 3.3
_MARK = b"[redacted:"
#: Most secrets are long words. To write a text with one letter for all that words are made of, and
#: look for twenty of that in a row, is the fastest way to find them (3 µs a kilobyte; a regular
#: expression takes 11, and looking through the text for each beginning 0.6 each).
_WORDS = bytes(
    ord("a") if chr(byte) in f"{string.ascii_letters}{string.digits}_-." else ord(" ")
    for byte in range(256)
)
_LONG_WORD = b"a" * 20


def _hints(place: Place) -> tuple[tuple[bytes, Kind], ...]:
    return tuple((hint, kind) for kind in KINDS if kind.place is place for hint in kind.hints)


_STARTS, _WITHIN = _hints(Place.START), _hints(Place.WITHIN)
_BEFORE, _ANYWHERE = _hints(Place.BEFORE), _hints(Place.ANYWHERE)
_FIRST_TWO = frozenset(hint[:2] for hint, _ in _STARTS)
_RIGHT_BEFORE = tuple(hint for hint, _ in _BEFORE)


class SecretRedactor:
    """Hides secrets of known kinds, values of things called secrets, and what the user names.

    `also` and `never` are regular expressions of the user's, "" for none: what else to hide, and
    which secrets to leave. Raises ConfigError when one of them is none.
    """

    name = "monitor.secrets"

    def __init__(self, also: str = "", never: str = "") -> None:
        self._also = _compiled("redact_also", also)
        self._never = _compiled("redact_never", never)

    def redact(self, text: bytes) -> tuple[bytes, Mapping[str, int]]:
        """Return the text without secrets, and how many of which kind there were."""
        hidden: dict[str, int] = {}
        for kind in _suspected(text):
            text = self._hide(text, kind.name, kind.pattern, hidden)
        text = self._hide_assigned(text, hidden)
        if self._also is not None:
            text = self._hide(text, "named-by-you", self._also, hidden)
        return text, hidden

    def _hide(
        self, text: bytes, name: str, pattern: re.Pattern[bytes], hidden: dict[str, int]
    ) -> bytes:
        def mark(match: re.Match[bytes]) -> bytes:
            group = 1 if pattern.groups and match[1] is not None else 0
            if _MARK in match[0] or self._is_left(match[group]):
                return match[0]
            hidden[name] = hidden.get(name, 0) + 1
            start, end = match.start(group) - match.start(), match.end(group) - match.start()
            return b"%b%b%b]%b" % (match[0][:start], _MARK, name.encode(), match[0][end:])

        return pattern.sub(mark, text)

    def _hide_assigned(self, text: bytes, hidden: dict[str, int]) -> bytes:
        """Hide what is given to something called a secret: only what looks drawn by lot."""
        lowered = text.lower()
        spans: list[tuple[int, int]] = []
        for word, before in ASSIGNED_WORDS.items():
            at = lowered.find(word)
            while at >= 0:
                end = at + len(word)
                if lowered.endswith(before, 0, at):
                    found = ASSIGNED.match(text, end)
                    if found is not None and looks_drawn(found[1]) and not self._is_left(found[1]):
                        spans.append(found.span(1))
                at = lowered.find(word, end)
        for start, end in sorted(set(spans), reverse=True):
            if _MARK not in text[start:end]:
                hidden["assigned-secret"] = hidden.get("assigned-secret", 0) + 1
                text = b"%b%bassigned-secret]%b" % (text[:start], _MARK, text[end:])
        return text

    def _is_left(self, secret: bytes) -> bool:
        return self._never is not None and self._never.search(secret) is not None


def _suspected(text: bytes) -> list[Kind]:
    """Return the kinds of which there may be secrets in the text, in the order of `KINDS`."""
    suspected = {kind for hint, kind in _ANYWHERE if hint in text}
    words = text.translate(_WORDS) + b" "
    start = words.find(_LONG_WORD)
    while start >= 0:
        # In JSON a line break before the word looks like a letter of it.
        for begun in (start, start + 1):
            if text[begun : begun + 2] in _FIRST_TWO:
                suspected.update(kind for hint, kind in _STARTS if text.startswith(hint, begun))
        if text.endswith(_RIGHT_BEFORE, 0, start):
            suspected.update(kind for hint, kind in _BEFORE if text.endswith(hint, 0, start))
        end = words.find(b" ", start)
        for hint, kind in _WITHIN:
            if text.find(hint, start, end) >= 0:
                suspected.add(kind)
        start = words.find(_LONG_WORD, end)
    return [kind for kind in KINDS if kind in suspected] if suspected else []


def looks_drawn(value: bytes) -> bool:
    """Tell a value drawn by lot from a word, a name, a number or a path (Shannon entropy)."""
    letters = sum(1 for byte in value if chr(byte).isalpha())
    digits = sum(1 for byte in value if chr(byte).isdigit())
    if not letters or not digits:
        return False
    counts = Counter(value).values()
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
    return bits >= DRAWN_BITS


def _compiled(setting: str, pattern: str) -> re.Pattern[bytes] | None:
    if not pattern:
        return None
    try:
        compiled = re.compile(pattern.encode())
    except re.error as error:
        raise ConfigError(f"{setting} is {pattern!r}, no regular expression: {error}") from None
    if compiled.search(b""):
        raise ConfigError(f"{setting} is {pattern!r}, which fits everything")
    return compiled
