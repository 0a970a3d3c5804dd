"""Saved searches are a file of names and queries that is replaced whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.saved_search import MOST
from claude_mpm_monitor.storage.saved_searches import SavedSearches


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "searches.json"


def test_searches_are_kept_by_name(path: Path) -> None:
    searches = SavedSearches(path)
    slow, _ = searches.save("slow", "dur>5s")
    failed, new = searches.save("Failed", "status:error")

    assert new
    assert SavedSearches(path).all() == [failed, slow]


def test_a_search_takes_the_place_of_the_one_with_its_name(path: Path) -> None:
    searches = SavedSearches(path)
    before, _ = searches.save("Slow", "dur>5s")

    after, new = searches.save("slow", "dur>9s")

    assert not new
    assert (after.id, after.query) == (before.id, "dur>9s")
    assert searches.all() == [after]


def test_a_deleted_search_is_gone_and_the_others_stay(path: Path) -> None:
    searches = SavedSearches(path)
    gone, _ = searches.save("a", "one")
    stays, _ = searches.save("b", "two")

    assert searches.delete(gone.id) == gone
    assert searches.delete(gone.id) is None
    assert SavedSearches(path).all() == [stays]


def test_there_is_room_for_so_many_and_a_full_file_can_still_be_changed(path: Path) -> None:
    searches = SavedSearches(path)
    for number in range(MOST):
        searches.save(f"search {number}", "word")

    with pytest.raises(StoreError, match="delete one first"):
        searches.save("one more", "word")
    assert searches.save("search 0", "other")[1] is False
    assert len(searches.all()) == MOST


@pytest.mark.parametrize("text", ["", "{", "{}", '[{"name": 3}]', "\udcff"])
def test_a_file_without_searches_has_none(path: Path, text: str) -> None:
    path.write_bytes(text.encode(errors="surrogateescape"))

    assert SavedSearches(path).all() == []


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"searches\.json cannot be written: No such file"):
        SavedSearches(tmp_path / "gone" / "searches.json").save("a", "b")
