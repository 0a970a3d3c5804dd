"""Questions to the store."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.search.language import QueryError
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.documents import DocumentStore
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.fixture
def store(database: Database) -> Iterator[DocumentStore]:
    connection = database.connect()
    yield DocumentStore(connection)
    connection.close()


def put(store: DocumentStore, seq: int, *keys: str, **fields: str) -> None:
    store.begin(new_event(seq=seq), ("thing",))
    for key in keys:
        store.put("thing", key, {"key": key, **fields})
    store.flush()
    store.flushed()


def seqs(query: Query, **wanted: object) -> list[int]:
    return [event.seq for event in query.events(msgspec.convert(wanted, EventFilter))]


def test_a_live_transcript_shows_what_agents_say_and_repeats_no_hook(
    log: ImmediateLog, query: Query
) -> None:
    live = {"source": "transcript_live", "kind": "transcript.assistant"}
    log.append(new_event(**live, summary="I look first."))
    log.append(new_event(**live, summary="Bash ls", tool_use_id="u"))
    log.append(new_event(source="transcript_live", kind="transcript.user", summary="do it"))

    assert seqs(query) == [1]
    assert seqs(query, kinds=["transcript.user"]) == []
    assert seqs(query, event_ids=[query.event(3).event_id]) == [3]  # type: ignore[union-attr]
    assert seqs(query, noise=True) == [3, 2, 1]


def test_filters_leave_what_fits(log: ImmediateLog, query: Query) -> None:
    for fields in (
        {"kind": "PreToolUse", "session_id": "s", "agent_id": "a", "tool_use_id": "u"},
        {"kind": "Stop", "session_id": "s", "summary": "100% done_now"},
        {"kind": "mpm.hook_execution", "session_id": "t"},
        {"kind": "Stop", "session_id": "t", "payload": b'{"deep": "needle"}'},
    ):
        log.append(new_event(**fields))

    assert seqs(query) == [4, 2, 1]
    assert seqs(query, newest_first=False) == [1, 2, 4]
    assert seqs(query, noise=True) == [4, 3, 2, 1]
    assert seqs(query, kinds=["mpm.hook_execution"]) == [3]
    assert seqs(query, session_id="s") == [2, 1]
    assert seqs(query, agent_id="") == [4, 2]
    assert seqs(query, agent_id="a") == [1]
    assert seqs(query, tool_use_id="u") == [1]
    assert seqs(query, text="NEED") == [4]
    assert seqs(query, text="100% done_now") == [2]
    assert seqs(query, text='"done now"') == [2]
    assert seqs(query, text="kind:stop -needle") == [2]
    assert seqs(query, text="\\") == [4, 2, 1]
    assert seqs(query, project="/nowhere/else") == []
    assert seqs(query, after=1, before=4) == [2]
    assert seqs(query, limit=1) == [4]
    assert seqs(query, limit=-5) == [4]


def test_payloads_come_only_when_asked_for(log: ImmediateLog, query: Query) -> None:
    log.append(new_event(payload=b'{"a": 1}'))

    assert query.events(EventFilter())[0].payload == b""
    assert query.events(EventFilter(), payloads=True)[0].payload == b'{"a": 1}'


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=text, topic=text)
def test_nothing_a_caller_says_is_taken_for_sql(query: Query, value: str, topic: str) -> None:
    with contextlib.suppress(QueryError):
        query.events(EventFilter(session_id=value, kinds=(value,), agent_id=value, text=value))
    query.documents(topic, session_id=value, matching={"status": value}, beyond_key=value, after=1)
    query.document(topic, value)
    query.counts(value)


def test_documents_of_one_event_are_paged_without_a_gap(store: DocumentStore, query: Query) -> None:
    put(store, 1, "a", "b")
    put(store, 2, "c", "d", "e")
    put(store, 3, "f")
    for newest_first in (True, False):
        found: list[str] = []
        edge, key = 0, ""
        while page := query.documents(
            "thing",
            newest_first=newest_first,
            limit=2,
            beyond_key=key,
            **{"before" if newest_first else "after": edge},  # type: ignore[arg-type]
        ):
            found += [document.key for document in page]
            edge, key = page[-1].seq, page[-1].key

        assert sorted(found) == list("abcdef")


def test_a_page_that_goes_on_keeps_to_its_other_edge(store: DocumentStore, query: Query) -> None:
    put(store, 1, "a", "z")
    put(store, 2, "b", "c")

    page = query.documents("thing", after=1, before=2, beyond_key="b")

    assert [document.key for document in page] == ["c"]


def test_documents_are_found_by_their_fields(store: DocumentStore, query: Query) -> None:
    put(store, 1, "a", status="ok")
    put(store, 2, "b", status="error")

    found = query.documents("thing", matching={"status": "error"})

    assert [document.key for document in found] == ["b"]


def test_every_thread_has_a_connection_and_close_closes_them_all(query: Query) -> None:
    threads = [threading.Thread(target=query.last_seq) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    query.last_seq()
    opened = list(query._opened)

    query.close()

    assert len(opened) == 4
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
    assert query.last_seq() == 0


def test_a_query_under_way_can_be_interrupted(query: Query) -> None:
    begun = threading.Event()
    outcome: list[str] = []

    def ask() -> None:
        connection = query._connection()
        connection.create_function("begin", 0, begun.set)
        try:
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT begin() UNION ALL SELECT 1 FROM n) "
                "SELECT max(i) FROM n"
            ).fetchall()
        except sqlite3.OperationalError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(10)
    query.interrupt()
    thread.join(10)

    assert outcome == ["interrupted"]
