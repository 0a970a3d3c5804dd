"""WordsOfEvents: whether events have words, for SQL that does not ask the index."""

from __future__ import annotations

from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.search.language import Text
from claude_mpm_monitor.search.text import text_in
from claude_mpm_monitor.search.words import Words, lacks
from claude_mpm_monitor.storage.packing import unpack


class WordsOfEvents:
    """The SQL function `has_words` of one connection, for the thread that uses it.

    A query asks an event for several words in turn: the words of the last one are kept.
    """

    def __init__(self) -> None:
        self._event: tuple[bytes | str, ...] = ()
        self._plain = b""
        self._words: Words | None = None

    def __call__(
        self,
        words: str,
        beginning: int,
        kind: str,
        tool_name: str,
        summary: str,
        payload: bytes | str,
    ) -> bool:
        """Tell whether an event has the words, the last of which may be a `beginning`."""
        event = (payload, summary, tool_name, kind)
        if event != self._event:
            self._event, self._plain, self._words = event, unpack(payload), None
        if lacks(words, self._plain, f"{summary} {tool_name} {kind}"):
            return False
        if self._words is None:
            self._words = Words(self._text(summary, tool_name, kind))
        return self._words.have(Text(words, bool(beginning)))

    def _text(self, *beside: str) -> str:
        try:
            data = loads(self._plain)
        except ValueError:
            data = None
        return text_in(data if isinstance(data, dict) else {}, *beside)
