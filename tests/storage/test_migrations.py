"""Older stores are brought up to date, and lose nothing."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.storage import migrations, requests
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

PLAIN = '{"tool_input": "' + "make it so " * 50 + '"}'


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A store as the first version left it: with an event whose payload is plain text."""
    path = tmp_path / "monitor.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(migrations.steps()[0])
    connection.execute(
        "INSERT INTO events (event_id, session_id, kind, at, source, agent_id, tool_use_id, "
        "prompt_id, project, branch, tool_name, summary, payload) "
        "VALUES (x'00', 's', 'Old', 5, 'api', '', '', '', '', '', '', '', ?)",
        (PLAIN,),
    )
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    return path


def test_a_store_of_the_first_version_is_read_and_gone_on_with(first_version: Path) -> None:
    database = Database(first_version)
    connection = database.connect()
    ImmediateLog(connection).append(new_event(kind="New", payload=PLAIN.encode()))
    query = Query(database)

    events = query.events(EventFilter(newest_first=False, text="make it so"), payloads=True)

    assert [(event.kind, event.payload.decode()) for event in events] == [
        ("Old", PLAIN),
        ("New", PLAIN),
    ]
    stored = connection.execute("SELECT typeof(payload) FROM events ORDER BY seq").fetchall()
    assert stored == [("text",), ("blob",)]
    query.close()
    connection.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(
    first_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = (migrations.steps()[0], "CREATE TABLE half (a);\nCREATE TABLE events (a);\n")
    monkeypatch.setattr(migrations, "steps", lambda: broken)

    with pytest.raises(Exception, match="already exists"):
        Database(first_version)

    connection = sqlite3.connect(first_version)
    assert migrations.version_of(connection) == 1
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "half" not in tables
    connection.close()


def test_many_may_migrate_one_store_at_the_same_time(first_version: Path) -> None:
    failures: list[Exception] = []
    together = threading.Barrier(6)

    def open_it() -> None:
        together.wait()
        try:
            Database(first_version)
        except Exception as error:  # noqa: BLE001  whatever it is, the test wants none
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    connection = sqlite3.connect(first_version)
    assert migrations.version_of(connection) == migrations.newest()
    connection.close()


def test_a_new_store_can_give_freed_space_back(tmp_path: Path) -> None:
    connection = Database(tmp_path / "monitor.db").connect()

    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    connection.close()


def test_requests_are_taken_out_of_documents_as_if_they_came_anew(tmp_path: Path) -> None:
    usage = {"input": 1, "output": 2, "cache_write_5m": 3, "cache_write_1h": 4, "cache_read": 5}
    cost = {"input": 10, "output": 20, "cache_write": 30, "cache_read": 40, "web_search": 50}
    plain = {
        "same_as": "",
        "at": 7,
        "agent_id": "a",
        "model": "m",
        "confidence": "low",
        "usage": {**usage, "web_searches": 6},
        "cost": {**cost, "total": 150},
        "evidence": ["transcript", "telemetry"],
        "tools": [["t-1", "Bash"], ["t-2", "Bash"]],
        "prompt_tokens": 13,
        "recorded": None,
        "telemetry": None,
    }
    values = [
        plain,
        {**plain, "cost": None, "evidence": [], "tools": [], "confidence": "high"},
        {**plain, "telemetry": {"query_source": "compact"}},
        {**plain, "telemetry": {"query_source": "agent:tester"}},
        {**plain, "telemetry": {"query_source": "compact"}, "recorded": {}},
        {"message_id": "other", "same_as": "k-0"},
    ]
    documents = [("api_call", "s", f"k-{n}", json.dumps(value)) for n, value in enumerate(values)]
    path = tmp_path / "monitor.db"
    with closing(sqlite3.connect(path)) as older:
        older.execute("PRAGMA journal_mode = WAL")
        older.executescript("".join(migrations.steps()[:9]))
        older.executemany(
            "INSERT INTO documents (topic, session_id, key, agent_id, seq, at, value) "
            "VALUES (?, ?, ?, '', 1, 1, ?)",
            documents,
        )
        older.execute("PRAGMA user_version = 9")
        older.commit()

    with closing(Database(path).connect()) as connection:
        brought = connection.execute("SELECT * FROM requests").fetchall()
        connection.execute("DELETE FROM requests")
        requests.put(connection, documents)
        anew = connection.execute("SELECT * FROM requests").fetchall()
        connection.execute(
            "INSERT INTO documents (topic, session_id, key, agent_id, seq, at, value) "
            "VALUES ('_api_request', 's', 'k-2', '', 1, 1, '{}')"
        )
        connection.execute("UPDATE documents SET session_id = 't' WHERE key = 'k-0'")
        connection.execute("UPDATE documents SET session_id = 't' WHERE topic = '_api_request'")
        connection.execute("DELETE FROM documents WHERE key = 'k-1'")
        left = connection.execute("SELECT key FROM requests").fetchall()

    assert len(brought) == 5
    assert brought == anew
    assert left == [("k-2",), ("k-3",), ("k-4",)]
