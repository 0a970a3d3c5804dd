"""ImportBookmarks: how far each transcript file has been read, kept in the store."""

from __future__ import annotations

from claude_mpm_monitor.storage.database import Connection, Database


class ImportBookmarks:
    """Rows of `import_files` as tuples (inode, size, mtime_ns, offset). Use on one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection = database.connect()

    def get(self, path: str) -> tuple[int, int, int, int] | None:
        """Return (inode, size, mtime_ns, offset) of the file, None when it was never read."""
        row: tuple[int, int, int, int] | None = (
            self._current()
            .execute(
                "SELECT inode, size, mtime_ns, offset FROM import_files WHERE path = ?", (path,)
            )
            .fetchone()
        )
        return row

    def set(self, path: str, bookmark: tuple[int, int, int, int]) -> None:
        """Keep the bookmark; committed when this returns."""
        with self._database.writing(self._current()) as connection:
            connection.execute(
                "INSERT INTO import_files (path, inode, size, mtime_ns, offset) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET inode = excluded.inode, "
                "size = excluded.size, mtime_ns = excluded.mtime_ns, offset = excluded.offset",
                (path, *bookmark),
            )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _current(self) -> Connection:
        self._connection = self._database.renewed(self._connection)
        return self._connection
