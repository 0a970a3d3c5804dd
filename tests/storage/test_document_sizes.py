"""How much is stored under some topics is added up in bounded time."""

from __future__ import annotations

import time
from contextlib import closing

import pytest

from claude_mpm_monitor.storage import document_sizes as module
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.document_sizes import DocumentSizes, document_sizes
from claude_mpm_monitor.storage.query import Query


@pytest.fixture
def told(database: Database, query: Query) -> Query:
    """A store with 4, 7 and no documents of three topics; a letter of two bytes in each."""
    rows = [(topic, f"{at}") for topic, count in (("a", 4), ("b", 7)) for at in range(count)]
    with closing(database.connect()) as connection, database.writing(connection):
        connection.executemany(
            "INSERT INTO documents VALUES (?, ?, '', '', 1, 1, '{\"é\":1}')", rows
        )
    return query


@pytest.mark.parametrize("chunk", [1, 2, 4, 100])
def test_documents_and_bytes_are_added_up_however_many_are_read_at_once(
    told: Query, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)

    found = document_sizes(told, ["a", "c", "b"], time.monotonic() + 20)

    assert found == DocumentSizes(documents=11, bytes=11 * 8, complete=True)


def test_when_time_is_over_it_is_at_least_what_was_read(told: Query) -> None:
    found = document_sizes(told, ["a"], time.monotonic() - 1)

    assert found == DocumentSizes(documents=0, bytes=0, complete=False)
