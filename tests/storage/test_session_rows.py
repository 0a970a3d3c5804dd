"""What is asked of all sessions at once, beside their documents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from testkit.events import new_event

from claude_mpm_monitor.storage import migrations
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.documents import DocumentStore
from claude_mpm_monitor.storage.query import Query

SESSIONS = {
    "one": {"project": "/a", "model": "opus", "last_at": 30, "events": 5, "tool_calls": 2},
    "two": {"project": "/b", "model": "haiku", "last_at": 10, "events": 7, "tool_calls": 0},
    "three": {"project": "/a", "model": "", "last_at": 30, "events": 1, "tool_calls": 9},
}


@pytest.fixture
def store(database: Database) -> Iterator[DocumentStore]:
    with closing(database.connect()) as connection:
        store = DocumentStore(connection)
        put(store, SESSIONS)
        yield store


def put(store: DocumentStore, sessions: dict[str, dict[str, object]]) -> None:
    for seq, (key, value) in enumerate(sessions.items(), 1):
        store.begin(new_event(seq=seq, session_id=key), ("session",))
        store.put("session", key, value)
    store.flush()
    store.flushed()


def latest(query: Query, **wanted: object) -> list[str]:
    sorting = Sorting(field="last_at", missing=0, descending=True, **wanted)  # type: ignore[arg-type]
    return [found.key for found in query.documents("session", sorting=sorting, limit=2)]


def test_sessions_are_listed_by_when_something_happened_in_them_page_by_page(
    store: DocumentStore, query: Query
) -> None:
    assert latest(query) == ["three", "one"]
    assert latest(query, past=30, past_key="one") == ["two"]
    assert latest(query, least=11, past=30, past_key="one") == []

    put(store, {"two": {**SESSIONS["two"], "last_at": 40}})

    assert latest(query) == ["two", "three"]


def test_the_list_keeps_to_what_is_asked(store: DocumentStore, query: Query) -> None:
    sorting = Sorting(field="last_at", missing=0, descending=False)
    wanted = {"sorting": sorting, "project": "/a", "matching": {"model": "opus"}}

    assert [found.key for found in query.documents("session", **wanted)] == ["one"]  # type: ignore[arg-type]


def test_counts_and_projects_are_those_of_the_documents(store: DocumentStore, query: Query) -> None:
    def counted(*scope: str) -> tuple[int, ...]:
        counts = query.counts(*scope)
        return counts["sessions"], counts["events"], counts["tool_calls"], counts["turns"]

    assert counted() == (3, 13, 11, 0)
    assert counted("", "/a") == (2, 6, 11, 0)
    assert counted("two") == (1, 7, 0, 0)
    assert query.projects() == [
        {"project": "/a", "sessions": 2, "last_at": 30},
        {"project": "/b", "sessions": 1, "last_at": 10},
    ]

    store.drop(("session",))

    assert counted() == (0, 0, 0, 0)
    assert query.projects() == []


def test_a_session_in_another_shape_is_in_no_list(store: DocumentStore, query: Query) -> None:
    put(store, {"odd": {"last_at": "yesterday"}})

    assert "odd" not in latest(query, least=0)
    assert query.document("session", "odd") is not None


def test_a_store_from_before_has_its_sessions_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, known = tmp_path / "monitor.db", migrations.steps()
    with monkeypatch.context() as before:
        before.setattr(migrations, "steps", lambda: known[:6])
        Database(path)
    with closing(sqlite3.connect(path)) as older:
        older.execute(
            "INSERT INTO documents VALUES ('session', 'old', 'old', '', 1, 1, "
            '\'{"project": "/a", "last_at": 50, "events": 4, "model": null}\')'
        )
        older.commit()

    query = Query(Database(path))

    assert latest(query) == ["old"]
    assert query.counts("", "/a")["events"] == 4
    query.close()
