"""SearchIndex: the full-text index of events. It follows the log, and says how far it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from claude_mpm_monitor.model.event import Event, is_noise
from claude_mpm_monitor.search.text import text_of
from claude_mpm_monitor.search.words import line_of


class SearchIndex:
    """Writes through one connection; the caller holds the transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def position(self) -> int:
        """Return the seq up to which events are in the index."""
        return position_of(self._connection)

    def extend(self, texts: Sequence[tuple[int, str]], until: int) -> None:
        """Take in the texts of events by seq; all up to the seq `until` are in the index then."""
        self._connection.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", texts)
        self._connection.execute("UPDATE search_position SET seq = ?", (until,))

    def remove(self, texts: Sequence[tuple[int, str]]) -> None:
        """Take out the texts of events, which must be the very ones that were taken in."""
        self._connection.executemany(
            "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", texts
        )


def forget(connection: sqlite3.Connection) -> None:
    """Have everything taken in anew. The caller holds the transaction."""
    connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
    connection.execute("UPDATE search_position SET seq = 0")


def texts_of(events: Sequence[Event]) -> list[tuple[int, str]]:
    """Return what there is to find in the events, by seq. Noise is not looked for."""
    return [(event.seq, _foldable(text_of(event))) for event in events if not is_noise(event)]


def _foldable(text: str) -> str:
    """Return a text of which SQLite's tokenizer makes the words that a query is made of.

    Of ASCII it does; the letters of other languages it folds in another way.
    """
    return text if text.isascii() else line_of(text)


def position_of(connection: sqlite3.Connection) -> int:
    """Return the seq up to which events are in the index of a store."""
    return int(connection.execute("SELECT seq FROM search_position").fetchone()[0])
