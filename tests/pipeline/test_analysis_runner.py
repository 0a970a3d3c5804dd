"""Driving the analyzers over the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from claude_mpm_monitor.hookspecs import hookimpl
from testkit.events import new_event
from testkit.log import ImmediateLog
from testkit.usage import answer
from testkit.waiting import eventually

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.pipeline.analysis import AnalysisRunner
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.right_of_way import RightOfWay
from claude_mpm_monitor.plugins.guard import BREAKER
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.pricing import usage
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query


class Counter:
    """Counts events by kind; raises on some."""

    def __init__(self, name: str = "counter", version: int = 1, raises_on: str = "") -> None:
        self.name = name
        self.version = version
        self.topics: tuple[str, ...] = (name,)
        self.raises_on = raises_on
        self.seen: list[int] = []

    def apply(self, event: Event, documents: Documents) -> None:
        if event.kind == self.raises_on:
            raise RuntimeError(event.kind)
        self.seen.append(event.seq)
        document = documents.get(self.name, event.kind) or {"n": 0, "version": self.version}
        document["n"] += 1
        documents.put(self.name, event.kind, document)


class Plugin:
    def __init__(self, *analyzers: object) -> None:
        self.analyzers = analyzers

    @hookimpl
    def monitor_register_analyzers(self) -> Any:
        return self.analyzers


class Store:
    """A log, and runs over it: each as after a restart."""

    def __init__(self, home: Path) -> None:
        self.config = Config.from_environment({}, home=home, port=0)
        self.config.create_folders()
        self.database = Database(self.config.database)
        self.connection = self.database.connect()
        self.log = ImmediateLog(self.connection)
        self.query = Query(self.database)

    def append(self, *kinds: str) -> None:
        for kind in kinds:
            assert self.log.append(new_event(kind=kind))

    def run(self, *analyzers: object) -> Registry:
        log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
        registry = Registry(self.config, [Plugin(*analyzers)], log)
        chosen = [a for a in registry.analyzers if a in analyzers]
        runner = AnalysisRunner(
            self.database, self.connection, chosen, registry, Recent(), way=RightOfWay()
        )
        while runner.step() is not None:
            pass
        return registry

    def counts(self, topic: str = "counter") -> dict[str, int]:
        return {d.key: d.value["n"] for d in self.query.documents(topic)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "home")
    yield store
    store.query.close()
    store.connection.close()


def test_every_event_is_applied_once_however_often_it_starts_anew(store: Store) -> None:
    store.append("a", "b", "a")
    store.run(Counter())
    store.append("b")
    store.run(Counter())
    store.run(Counter())

    assert store.counts() == {"a": 2, "b": 2}


def test_a_new_version_drops_the_documents_and_replays_the_log(store: Store) -> None:
    store.append("a", "b", "a")
    store.run(Counter(raises_on="b"))
    assert store.counts() == {"a": 2}

    store.run(Counter(version=2))

    assert store.counts() == {"a": 2, "b": 1}
    assert {d.value["version"] for d in store.query.documents("counter")} == {2}


def test_analyzers_at_different_places_all_see_everything_once_and_in_order(store: Store) -> None:
    store.append(*"abc")
    store.run(Counter("first"))
    store.append(*"de")
    store.run(Counter("first"), Counter("second"))
    store.append(*"fg")
    late = [Counter("first"), Counter("second"), Counter("third")]
    store.run(*late)

    assert [analyzer.seen for analyzer in late] == [[6, 7], [6, 7], [1, 2, 3, 4, 5, 6, 7]]
    assert store.counts("second") == dict.fromkeys("abcdefg", 1)


def test_an_analyzer_that_raises_costs_itself_the_event_and_nobody_else(store: Store) -> None:
    store.append("good", "bad", "good")
    failing, other = Counter("failing", raises_on="bad"), Counter("other")

    store.run(failing, other)

    assert (failing.seen, other.seen) == ([1, 3], [1, 2, 3])


def test_one_that_raises_ten_times_in_a_row_is_switched_off_and_others_go_on(store: Store) -> None:
    store.append("good", *["bad"] * (BREAKER - 1), "good", *["bad"] * (BREAKER + 5), "good")
    failing, other = Counter("failing", raises_on="bad"), Counter("other")

    registry = store.run(failing, other)

    assert failing.seen == [1, BREAKER + 1]
    assert len(other.seen) == 2 * BREAKER + 7
    state = next(s for s in registry.states() if s["adds"].get("analyzers") == ["failing", "other"])
    assert state["state"] == "quarantined"
    assert "RuntimeError: bad" in state["error"]


def test_one_that_was_switched_off_goes_on_after_a_restart_where_it_stopped(store: Store) -> None:
    store.append(*["bad"] * BREAKER, "good", "good")
    store.run(Counter(raises_on="bad"))
    assert store.counts() == {}

    repaired = Counter()
    store.run(repaired)

    assert repaired.seen == [BREAKER, BREAKER + 1, BREAKER + 2]


@pytest.mark.parametrize("value", [object(), {1, 2}, "text", None])
def test_a_document_that_is_none_costs_its_analyzer_the_event(store: Store, value: Any) -> None:
    class Wrong(Counter):
        def apply(self, event: Event, documents: Documents) -> None:
            documents.put(self.name, event.kind, value)

    store.append("a", "b")
    other = Counter("other")

    store.run(Wrong("wrong"), other)

    assert other.seen == [1, 2]
    assert store.counts("wrong") == {}


def test_a_commit_that_fails_is_tried_again_without_applying_twice(store: Store) -> None:
    store.append("a", "b")
    store.connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON documents BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    analyzer = Counter()
    log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
    registry = Registry(store.config, [Plugin(analyzer)], log)
    runner = AnalysisRunner(
        store.database, store.connection, [analyzer], registry, Recent(), way=RightOfWay()
    )
    for _ in range(2):
        with pytest.raises(Exception, match="full"):
            runner.step()
    store.connection.execute("DROP TRIGGER full")

    changes = runner.step()

    assert changes is not None
    assert analyzer.seen == [1, 2]
    assert store.counts() == {"a": 1, "b": 1}
    assert runner.step() is None


def test_what_no_store_can_take_is_left_out_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "MOST", 2**80)
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        for number, (name, tokens) in enumerate((("poison", 2**70), ("plain", 1)), 1):
            line = {**answer(name, usage={"input_tokens": tokens}), "sessionId": f"s-{name}"}
            body = json.dumps(line).encode()
            monitor.ingest(Raw(dialect="transcript", body=body, at=1, source="transcript"))
            eventually(lambda seq=number: monitor.status()["consumer"]["seq"] == seq)

        found = [document.session_id for document in monitor.query.documents("api_call")]

    assert found == ["s-plain"]
