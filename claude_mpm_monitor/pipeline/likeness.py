"""Likeness: notices that the host reports, in its poorer form, what our own hooks told already.

The host's handler sends tool calls without their ids. Its report of a fact is matched by what the
fact is about (session, kind, tool, command or path) with the rich event that Claude Code sent;
each rich event answers for one poor report from each of the host's sources.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Any

from claude_mpm_monitor.model.event import Event

#: A report this much later (µs) is about another fact.
WINDOW_US = 120_000_000
#: Entries kept of all keys, and of one.
REMEMBERED, EACH = 4_000, 200


class Likeness:
    """Matches poor reports with rich events, in whichever order they come. Writer thread only."""

    def __init__(self, key_of: Callable[[Event], str | None]) -> None:
        self._key_of = key_of
        self._rich = _Table()
        self._poor = _Table()

    def repeats(self, event: Event) -> bool:
        """Tell whether a rich event answers for this poor report, and use it up if so."""
        key = self._key_of(event)
        for at, sources in self._rich.of(key) if key else ():
            if event.source not in sources and abs(event.at - at) <= WINDOW_US:
                sources.append(event.source)
                return True
        return False

    def forget(self) -> None:
        """Start anew: what was noted last was rolled back, and its seqs mean nothing."""
        self._rich.clear()
        self._poor.clear()

    def keep_poor(self, event: Event, seq: int) -> None:
        """Remember a poor report that was stored, in case the rich event comes later."""
        key = self._key_of(event)
        if key:
            self._poor.note(key, (event.at, event.source, seq))

    def replaced_by(self, event: Event) -> list[int]:
        """Remember a rich event; return the seqs of stored poor reports of the same fact."""
        key = self._key_of(event)
        if not key:
            return []
        sources: list[str] = []
        seqs: list[int] = []
        for entry in list(self._poor.of(key)):
            at, source, seq = entry
            if source not in sources and abs(event.at - at) <= WINDOW_US:
                sources.append(source)
                seqs.append(seq)
                self._poor.remove(key, entry)
        self._rich.note(key, (event.at, sources))
        return seqs


class _Table:
    """What was noted under each key, the key noted last at the end. An entry begins with a time."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, deque[tuple[Any, ...]]] = OrderedDict()
        self.size = 0

    def of(self, key: str) -> Iterable[tuple[Any, ...]]:
        """Return the entries of a key, the newest last."""
        return self._entries.get(key, ())

    def note(self, key: str, entry: tuple[Any, ...]) -> None:
        """Add an entry, and drop those that nothing matches any more."""
        entries = self._entries.setdefault(key, deque())
        while entries and (len(entries) >= EACH or entry[0] - entries[0][0] > WINDOW_US):
            entries.popleft()
            self.size -= 1
        entries.append(entry)
        self.size += 1
        self._entries.move_to_end(key)
        while self.size > REMEMBERED:
            _, oldest = self._entries.popitem(last=False)
            self.size -= len(oldest)

    def remove(self, key: str, entry: tuple[Any, ...]) -> None:
        """Drop an entry of a key."""
        entries = self._entries[key]
        entries.remove(entry)
        self.size -= 1
        if not entries:
            del self._entries[key]

    def clear(self) -> None:
        """Drop everything."""
        self._entries.clear()
        self.size = 0
