"""SavedSearches: the searches that are kept under a name, a JSON file beside the store."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.saved_search import MOST, SavedSearch
from claude_mpm_monitor.storage.json_file import read_json, replace_json


class SavedSearches:
    """Reads and changes the file. Any thread. Names differ by more than upper and lower case."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def all(self) -> list[SavedSearch]:
        """Return them by name; none when there is no file, or none that has searches."""
        return read_json(self._path, list[SavedSearch]) or []

    def save(self, name: str, query: str) -> tuple[SavedSearch, bool]:
        """Keep a search, in place of the one with this name if there is one.

        Return it, and whether it is a new one. Raises StoreError when there are `MOST` already,
        or when the file cannot be written.
        """
        with self._lock:
            searches = {_same(search.name): search for search in self.all()}
            before = searches.get(_same(name))
            if before is None and len(searches) >= MOST:
                raise StoreError(f"There are {MOST} saved searches already; delete one first.")
            search_id = before.id if before else uuid.uuid4().hex
            saved = SavedSearch(id=search_id, name=name, query=query)
            searches[_same(name)] = saved
            self._replace([searches[key] for key in sorted(searches)])
            return saved, before is None

    def delete(self, search_id: str) -> SavedSearch | None:
        """Keep a search no longer; return it, None when there is none with this id.

        Raises StoreError when the file cannot be written.
        """
        with self._lock:
            searches = self.all()
            found = next((search for search in searches if search.id == search_id), None)
            if found is not None:
                self._replace([search for search in searches if search is not found])
            return found

    def _replace(self, searches: list[SavedSearch]) -> None:
        replace_json(self._path, searches, list[SavedSearch])


def _same(name: str) -> str:
    return name.casefold()
