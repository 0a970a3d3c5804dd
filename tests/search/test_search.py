"""Searching a store: the same is found whether an event is in the index yet or not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.errors import StoreBusy
from claude_mpm_monitor.storage import session_rows
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.events import read_slice
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.search_index import SearchIndex, texts_of

HOUR = 3_600_000_000
NOON = int(datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()) * 1_000_000


def event(payload: dict[str, Any], **fields: Any) -> Any:
    given = {"session_id": "s-1", "at": NOON, **fields}
    return new_event(payload=json.dumps(payload).encode(), **given)


EVENTS = [
    event({"prompt": "Mend the café's snake_case names"}, kind="UserPromptSubmit", at=NOON - HOUR),
    event(
        {"tool_input": {"command": "pytest tests/test_search.py -q"}},
        kind="PreToolUse",
        tool_name="Bash",
        tool_use_id="u1",
        agent_id="a-1",
    ),
    event(
        {"tool_response": {"stderr": "Connection refused: 127.0.0.1:8765"}, "signature": "hidden"},
        kind="PostToolUse",
        tool_name="Bash",
        tool_use_id="u1",
        agent_id="a-1",
        project="/work/recipe-box",
    ),
    event(
        {"tool_input": {"file_path": "/work/recipe-box/src/main.py"}},
        kind="PreToolUse",
        tool_name="Edit",
        tool_use_id="u2",
        at=NOON + HOUR,
    ),
    event({"note": "refused the connection"}, kind="Stop", session_id="t-2", branch="main"),
    event({"note": "connection refused"}, kind="mpm.hook_execution"),
]
DOCUMENTS = [
    (
        "tool_call",
        "s-1/u1",
        {"status": "error", "duration_us": 9_000_000, "error": "Exit code 1", "file": None},
    ),
    (
        "tool_call",
        "s-1/u2",
        {
            "status": "ok",
            "duration_us": 5_000,
            "error": "",
            "file": {"path": "/work/recipe-box/src/main.py"},
        },
    ),
    ("agent", "s-1/a-1", {"agent_type": "test-engineer"}),
    ("session", "s-1", {"model": "claude-opus-5"}),
]


class Store:
    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "monitor.db")
        self.connection = self.database.connect()
        self.query = Query(self.database)
        log = ImmediateLog(self.connection)
        for one in EVENTS:
            log.append(one)
        self.connection.executemany(
            "INSERT INTO documents VALUES (?, ?, 's-1', '', 1, 1, ?)",
            [(topic, key, json.dumps(value)) for topic, key, value in DOCUMENTS],
        )
        documents = [(topic, "s-1", key, json.dumps(value)) for topic, key, value in DOCUMENTS]
        session_rows.put(self.connection, documents)

    def index(self, until: int) -> None:
        """Have events up to `until` in the index, and no others."""
        self.connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        events = read_slice(self.connection, 0, 100, until)
        SearchIndex(self.connection).extend(texts_of(events), until)

    def find(self, text: str, **fields: Any) -> list[int]:
        return [found.seq for found in self.query.events(EventFilter(text=text, **fields))]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store"))
    yield store
    store.query.close()
    store.connection.close()


FOUND = [
    ("connection refused", [5, 3]),
    ('"connection refused"', [3]),
    ("REFUSED -connection", []),
    ("refused -127.0.0.1", [5]),
    ("cafe", [1]),
    ("CAFÉ's", [1]),
    ("snake_case", [1]),
    ("case", [1]),
    ("sna", [1]),
    ('"sna"', []),
    ("tests/test_search.py", [2]),
    ("hidden", []),
    ("tool:bash", [3, 2]),
    ("tool:B*", [3, 2]),
    ("-tool:bash -kind:stop", [4, 1]),
    ("kind:*ToolUse", [4, 3, 2]),
    ("status:error", [3, 2]),
    ("status:OK", [4]),
    ("-status:error", [5, 4, 1]),
    ("dur>5s", [3, 2]),
    ("dur<=5ms", [4]),
    ("error:exit*", [3, 2]),
    ("file:*.py", [4]),
    ("file:main.py", [4]),
    ("agent:test-*", [3, 2]),
    ("agent:a-1", [3, 2]),
    ("agent:main", [5, 4, 1]),
    ("session:t", [5]),
    ("project:recipe-box", [3]),
    ("project:/work/*", [3]),
    ("branch:main", [5]),
    ("model:opus", [4, 3, 2, 1]),
    ("before:2026-11-01T11:30+00:00", [1]),
    ("after:2026-11-01T12:30+00:00", [4]),
    ("seq>3", [5, 4]),
    ("seq:3", [3]),
    ("pytest OR cafe", [2, 1]),
    ("pytest OR tool:Edit", [4, 2]),
    ("(pytest OR refused) tool:Bash", [3, 2]),
    ("refused (tool:Bash OR kind:Stop)", [5, 3]),
    ("zzzz", []),
]


@pytest.mark.parametrize(("text", "seqs"), FOUND)
@pytest.mark.parametrize("indexed", [0, 3, 6])
def test_what_is_asked_for_is_found(store: Store, text: str, seqs: list[int], indexed: int) -> None:
    store.index(indexed)

    assert store.find(text) == seqs
    assert store.find(text, newest_first=False) == seqs[::-1]
    assert store.query.count(EventFilter(text=text)) == (len(seqs), True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.sampled_from([text for text, _ in FOUND if text.count(" ") == 0]),
        lambda inner: st.tuples(inner, st.sampled_from([" ", " OR ", " -"]), inner).map(
            lambda parts: f"({''.join(parts)})"
        ),
        max_leaves=5,
    ),
    st.integers(0, 6),
)
def test_the_index_changes_nothing_but_the_time_it_takes(
    store: Store, text: str, indexed: int
) -> None:
    store.index(0)
    scanned = store.find(text)
    store.index(indexed)

    assert store.find(text) == scanned


def test_pages_of_a_search_follow_one_another(store: Store) -> None:
    store.index(4)

    first = store.find("refused OR pytest OR cafe", limit=2)
    rest = store.find("refused OR pytest OR cafe", before=first[-1])

    assert first + rest == [5, 3, 2, 1]


def test_a_search_that_takes_too_long_is_given_up(store: Store) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    with pytest.raises(StoreBusy, match="Narrow it down"), store.query._in_time(0.01):
        store.query._all(slow)

    assert store.find("cafe") == [1]


def test_a_store_without_any_index_yet_says_where_it_is(tmp_path: Path) -> None:
    connection: sqlite3.Connection = Database(tmp_path / "monitor.db").connect()

    assert SearchIndex(connection).position() == 0
    connection.close()
