"""How far transcripts were read."""

from __future__ import annotations

from claude_mpm_monitor.storage.bookmarks import ImportBookmarks
from claude_mpm_monitor.storage.database import Database


def test_a_bookmark_is_what_was_set_last(database: Database) -> None:
    bookmarks = ImportBookmarks(database)

    assert bookmarks.get("/a") is None
    bookmarks.set("/a", (1, 2, 3, 4))
    bookmarks.set("/a", (1, 9, 9, 9))
    bookmarks.close()

    again = ImportBookmarks(database)
    assert again.get("/a") == (1, 9, 9, 9)
    again.close()
