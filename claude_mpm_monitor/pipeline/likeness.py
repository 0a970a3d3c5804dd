"""Likeness: notices that the host reports, in its poorer form, what our own hooks told already.

The host's handler sends tool calls without their ids. Its report of a fact is matched by what the
fact is about (session, kind, tool, command or path) with the rich event that Claude Code sent;
each rich event answers for one poor report from each of the host's sources.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.model.event import Event

#: A report this much later (µs) is about another fact.
WINDOW_US = 120_000_000
REMEMBERED = 2_000
#: Entries kept for one key.
EACH = 200


class Likeness:
    """Matches poor reports with rich events, in whichever order they come. Writer thread only."""

    def __init__(self, key_of: Callable[[Event], str | None]) -> None:
        self._key_of = key_of
        self._rich: OrderedDict[str, list[tuple[int, set[str]]]] = OrderedDict()
        self._poor: OrderedDict[str, list[tuple[int, str, int]]] = OrderedDict()

    def repeats(self, event: Event) -> bool:
        """Tell whether a rich event answers for this poor report, and use it up if so."""
        key = self._key_of(event)
        for at, sources in self._rich.get(key, ()) if key else ():
            if event.source not in sources and abs(event.at - at) <= WINDOW_US:
                sources.add(event.source)
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
            _note(self._poor, key, (event.at, event.source, seq))

    def replaced_by(self, event: Event) -> list[int]:
        """Remember a rich event; return the seqs of stored poor reports of the same fact."""
        key = self._key_of(event)
        if not key:
            return []
        sources: set[str] = set()
        seqs: list[int] = []
        waiting = self._poor.get(key, [])
        for entry in list(waiting):
            at, source, seq = entry
            if source not in sources and abs(event.at - at) <= WINDOW_US:
                sources.add(source)
                seqs.append(seq)
                waiting.remove(entry)
        _note(self._rich, key, (event.at, sources))
        return seqs


def _note(
    table: OrderedDict[str, list[Any]], key: str, entry: tuple[int, *tuple[Any, ...]]
) -> None:
    """Add an entry, whose first member is a time, and drop those that nothing matches any more."""
    entries = table.setdefault(key, [])
    entries[:] = [old for old in entries[-EACH:] if entry[0] - old[0] <= WINDOW_US]
    entries.append(entry)
    table.move_to_end(key)
    while len(table) > REMEMBERED:
        table.popitem(last=False)
