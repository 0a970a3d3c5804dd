"""Blocks are passed over only when nothing in them can fit: the same is found with and without."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.cli.importing import wait_for_documents
from claude_mpm_monitor.search.calls import is_known_of_calls
from claude_mpm_monitor.search.compiler import compile_query
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.storage import document_indexes, event_sources
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.event_spans import Spans
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.skip_index import BLOCK, SkipIndex, forget
from tests.benchmarks.generated_store import session

QUERIES = (
    *("tool:Bash", "tool:b*h", "tool:Never", "-tool:Bash", "tool:Bash OR kind:UserPromptSubmit"),
    *("kind:SessionStart", "kind:transcript.*", "session:5e500001", "session:zz", "branch:main"),
    *("status:ok", "status:error", "status:running", "status:denied", "-status:ok"),
    *("agent:main", "agent:engineer", "agent:tester*", "agent:nobody", "model:haiku", "model:none"),
    *("file:module_1*.py", "file:/work/*", "file:*.rs", "error:*", 'error:""', "error:word1*"),
    *("dur>1s", "dur>=2s", "dur<100ms", "dur<=0ms", "dur>9h", "project:project-0*"),
    *("cost>0.01", "cost<0.02", "cost>=90", "tokens>50k", "tokens<100", "source:http_hook"),
    *("after:2026-05-29 before:2026-05-30", "before:2020-01-01", "prompt:p-5e500001-2"),
    *("word0", "word1* tool:Bash", "wor", "rare", "word0 status:error dur>1s", "word3 -wor"),
    *("(tool:Bash dur>1s) OR status:error", "(tool:Bash OR word7) agent:engineer", "-(dur>1s)"),
    *(
        "wor tool:Bash status:error",
        "word3 OR word4 tool:Bash",
        "-word3 dur>5s",
        "tool:Agent status:error",
        "tool:Task status:error",
        "status:error dur>1s",
    ),
)
EVENTS = 300


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of many blocks. Calls end, and are paid for, long after they began."""
    home = tmp_path_factory.mktemp("skip")
    dice = random.Random(7)
    raws = [raw for number in range(3) for raw in session(dice, number, EVENTS, lines=True)]
    raws += _told_by_two_names()
    late = [raw for raw in raws if b"PostToolUse" in raw.body and dice.random() < 0.3]
    late += [raw for raw in raws if raw.dialect == "transcript" and dice.random() < 0.3]
    with Monitor(home=home, port=0) as monitor:
        take_in(monitor, [raw for raw in raws if raw not in late])
        take_in(monitor, late)
        return monitor.config.database


def _told_by_two_names() -> list[Raw]:
    """A failed call of the tool that was renamed."""
    common = {"session_id": "two-names", "transcript_path": "/t", "tool_use_id": "renamed"}
    told = (("PreToolUse", "Agent"), ("PostToolUseFailure", "Task"))
    payloads = [{**common, "hook_event_name": kind, "tool_name": tool} for kind, tool in told]
    # An agent that made no call.
    payloads.append({**common, "hook_event_name": "SubagentStop", "agent_id": "idle"})
    payloads[-1] |= {"agent_type": "tester", "tool_use_id": ""}
    return [
        Raw(dialect="claude_hook", body=json.dumps(payload).encode(), at=at, source="http_hook")
        for at, payload in enumerate(payloads, 1_780_000_000_000_000)
    ]


def take_in(monitor: Monitor, raws: list[Raw]) -> None:
    """Store deliveries and wait until everything is derived of them and indexed."""
    monitor.ingest_many(raws)
    wait_for_documents(monitor, threading.Event())
    while min(event_sources.positions(monitor.query._all)) < monitor.query.last_seq():
        threading.Event().wait(0.02)


#: Nothing is looked at before the blocks, or calls, or the index are asked; or all is looked at.
WAYS = {
    "by index": {},
    "by looking": {"COMMON": 0, "GATHERING_SECONDS": 1e6},
    "by index in the end": {"COMMON": 0, "GATHERING_SECONDS": 0.0, "KNOWN_OF_CALLS": ()},
}


@pytest.fixture(params=WAYS)
def query(
    path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Query]:
    for name, value in {"NEAR": 40, "READ": 0, **WAYS[request.param]}.items():
        monkeypatch.setattr(event_sources, name, value)
    if request.param == "by looking":
        monkeypatch.setattr(document_indexes, "FEW", 0)
    query = Query(Database(path))
    yield query
    query.close()


def seqs(query: Query, text: str, **fields: object) -> list[int]:
    wanted = EventFilter(text=text, noise=True, limit=1_000, **fields)  # type: ignore[arg-type]
    return [event.seq for event in query.events(wanted)]


@pytest.fixture(scope="module")
def whole(path: Path) -> Iterator[Callable[..., list[int]]]:
    """What every event of the log, looked at one by one, comes to."""
    connection = Database(path).connect(readonly=True)

    @cache
    def find(text: str, **fields: object) -> list[int]:
        wanted = EventFilter(text=text, noise=True, **fields)  # type: ignore[arg-type]
        compiled = compile_query(parse(text), datetime.now().astimezone())
        finding = event_sources.Finding(wanted, compiled, 0)
        source = finding.by_looking(Spans(wanted, (), 0, no_read).whole)
        direction = "DESC" if wanted.newest_first else "ASC"
        sql = f"SELECT seq FROM events WHERE {source.where} ORDER BY seq {direction} LIMIT 1000"
        return [seq for (seq,) in connection.execute(sql, source.values)]

    yield find
    connection.close()


def no_read(sql: str, parameters: object) -> list[tuple[int]]:
    raise AssertionError(sql)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("newest_first", [True, False])
def test_the_same_is_found_as_in_the_whole_log(
    query: Query, whole: Callable[..., list[int]], text: str, newest_first: bool
) -> None:
    session = {"session_id": "5e500001-0000-4000-8000-000000000000"}
    for edges in ({}, {"after": 600}, {"before": 900, **session}, {"after": 260, "before": 1_200}):
        fields = {**edges, "newest_first": newest_first}

        assert seqs(query, text, **fields) == whole(text, **fields)


@pytest.mark.parametrize(
    "text",
    [
        *("agent:engineer", "agent:tester status:error", "status:error", "status:error dur>1s"),
        *("word1* tool:Bash", "wor agent:engineer", "kind:SessionStart", "tool:Never", "tool:Task"),
        *("tool:Bash", "tool:b*h -status:error", "-tool:Bash -dur>1s", "status:ok file:*_1*.py"),
        *("tool:Agent", "tool:Agent status:error", "tool:Agent OR tool:Bash", "tool:* dur>1s"),
        *("agent:tester OR status:error", "agent:tester (tool:* OR file:never)", "error:word1*"),
        *("(tool:Bash dur>1s) OR status:error", "agent:main -status:ok", "-status:ok word7"),
    ],
)
def test_agents_are_found_by_what_they_are_and_by_their_events(
    query: Query, whole: Callable[..., list[int]], text: str
) -> None:
    fits = set(whole(text))
    events = query.events(EventFilter(noise=True, limit=1_000, newest_first=False))
    events += query.events(EventFilter(noise=True, limit=1_000, after=events[-1].seq))
    if is_known_of_calls(parse(text)):
        events = [event for event in events if event.tool_use_id]
    expected = {f"{one.session_id}/{one.agent_id}" for one in events if one.seq in fits}
    known = {found.key for found in query.every_document("agent")}

    assert {one.key for one in query.documents("agent", text=text)} == expected & known


def test_most_of_the_log_is_passed_over_for_what_is_rare(query: Query) -> None:
    last = query.last_seq()

    def passed(text: str) -> int:
        spans = [source.values[:2] for source in query._sources(EventFilter(text=text))]
        return sum(until - above for above, until in spans if until < last)  # type: ignore[operator]

    assert last > 5 * BLOCK
    assert 0 < passed("kind:SessionStart") <= 4 * BLOCK
    assert passed("tool:Never") == 0


def test_what_is_not_taken_in_yet_is_looked_at(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "monitor.db"
    copy.write_bytes(path.read_bytes())
    database = Database(copy)
    query, connection = Query(database), database.connect()
    every = seqs(query, "status:error")
    with database.writing(connection):
        forget(connection)
    assert seqs(query, "status:error") == every
    index = SkipIndex(connection)
    steps = 0
    while index.lags():
        with database.writing(connection):
            index.extend(400)
        steps += 1
        assert seqs(query, "status:error") == every
    assert steps > 3
    query.close()
    connection.close()


def test_a_store_that_had_answers_before_learns_what_they_cost(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "monitor.db"
    copy.write_bytes(path.read_bytes())
    database = Database(copy)
    query, connection = Query(database), database.connect()
    before = seqs(query, "cost>0.01")
    with database.writing(connection):
        forget(connection)
        connection.execute("DELETE FROM event_costs")
        connection.execute("UPDATE blocks_position SET answer = ''")
    assert seqs(query, "cost>0.01") == []

    index = SkipIndex(connection)
    while index.lags():
        with database.writing(connection):
            index.extend(400)

    assert before
    assert seqs(query, "cost>0.01") == before
    query.close()
    connection.close()
