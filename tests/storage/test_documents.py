"""Documents: what analyzers keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from testkit.events import new_event

from claude_mpm_monitor.errors import PluginError
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.storage import documents
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.documents import Checkpoints, DocumentStore
from claude_mpm_monitor.storage.query import Query

PACKED_TOPIC = "api_call"


@pytest.fixture
def connection(database: Database) -> Iterator[Any]:
    connection = database.connect()
    yield connection
    connection.close()


@pytest.fixture
def store(connection: Any) -> DocumentStore:
    store = DocumentStore(connection)
    store.begin(new_event(seq=1), ("count", "other"))
    return store


def commit(store: DocumentStore) -> list[Change]:
    changes = store.flush()
    store.flushed()
    return changes


def test_what_was_put_is_there_before_and_after_it_is_stored(
    store: DocumentStore, query: Query
) -> None:
    store.put("count", "k", {"n": 1})
    assert store.get("count", "k") == {"n": 1}

    commit(store)

    assert store.get("count", "k") == {"n": 1}
    found = query.document("count", "k")
    assert found is not None
    assert (found.value, found.seq, found.session_id) == ({"n": 1}, 1, "s-1")


def test_several_puts_of_one_document_are_one_change(store: DocumentStore) -> None:
    store.put("count", "k", {"n": 1})
    store.put("count", "k", {"n": 2})

    assert [change.value for change in commit(store)] == [{"n": 2}]
    assert commit(store) == []


def test_a_document_put_as_it_is_changes_nothing(store: DocumentStore) -> None:
    store.put("count", "k", {"n": 1})
    commit(store)
    store.begin(new_event(seq=2), ("count",))

    store.put("count", "k", {"n": 1})

    assert commit(store) == []


def test_what_is_changed_in_place_and_put_again_is_a_change(store: DocumentStore) -> None:
    store.put("count", "k", {"n": 1})
    commit(store)
    document = store.get("count", "k")
    assert document is not None

    document["n"] += 1
    store.put("count", "k", document)

    assert [change.value for change in commit(store)] == [{"n": 2}]


def test_a_change_that_was_told_does_not_change_with_its_document(store: DocumentStore) -> None:
    document: dict[str, Any] = {"list": [1]}
    store.put("count", "k", document)
    (change,) = commit(store)

    document["list"].append(2)

    assert change.value == {"list": [1]}


def test_another_analyzers_document_can_be_read_but_not_changed(store: DocumentStore) -> None:
    store.put("other", "k", {"n": 1})
    store.begin(new_event(seq=2), ("count",))
    found = store.get("other", "k")
    assert found is not None

    found["n"] = 5

    assert store.get("other", "k") == {"n": 1}
    with pytest.raises(PluginError, match="not among"):
        store.put("other", "k", {"n": 5})


@pytest.mark.parametrize("wrong", [[], None, {"x": object()}, {"x": "\ud800"}])
def test_a_value_that_is_no_json_object_is_refused_where_it_is_put(
    store: DocumentStore, wrong: Any
) -> None:
    with pytest.raises((PluginError, TypeError, UnicodeEncodeError)):
        store.put("count", "k", wrong)
    assert commit(store) == []


@pytest.mark.parametrize("key", [None, 5, "\ud800"])
def test_a_key_that_is_no_text_is_refused_where_it_is_put(store: DocumentStore, key: Any) -> None:
    with pytest.raises((PluginError, UnicodeEncodeError)):
        store.put("count", key, {})
    assert commit(store) == []


def test_memory_is_bounded_and_what_leaves_it_is_read_again(
    store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CACHED", 3)
    for number in range(10):
        store.put("count", str(number), {"n": number})
    commit(store)

    assert len(store._cache) == 3
    assert store.get("count", "0") == {"n": 0}


def test_memory_is_bounded_for_large_documents(
    store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CACHED_BYTES", 5_000)
    for number in range(10):
        store.put("count", str(number), {"text": "x" * 1_000})
        store.put("count", str(number), {"text": "y" * 1_000})
    commit(store)

    assert len(store._cache) == 4
    assert store._cached_bytes == sum(len(entry.text) for entry in store._cache.values())
    assert store.get("count", "0") == {"text": "y" * 1_000}


def test_what_is_new_is_not_looked_for_in_the_file(
    store: DocumentStore, connection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "CACHED", 1)
    looks: list[str] = []
    connection.set_trace_callback(looks.append)
    for number in range(100):
        assert store.get("count", str(number)) is None
        store.put("count", str(number), {"n": number})
        commit(store)
    connection.set_trace_callback(None)

    assert len([look for look in looks if "SELECT value" in look]) < 5
    assert store.get("count", "0") == {"n": 0}


def test_dropped_documents_are_gone(store: DocumentStore, query: Query) -> None:
    store.put("count", "k", {"n": 1})
    store.put("other", "k", {"n": 1})
    commit(store)

    store.drop(("count",))

    assert store.get("count", "k") is None
    assert query.document("count", "k") is None
    assert query.document("other", "k") is not None


def test_a_checkpoint_is_what_was_set_last(connection: Any) -> None:
    checkpoints = Checkpoints(connection)

    assert checkpoints.get("a") is None
    checkpoints.set([("a", 1, 10)])
    checkpoints.set([("a", 2, 0)])
    assert checkpoints.get("a") == (2, 0)


@pytest.mark.parametrize("plain", [False, True])
def test_a_packed_document_is_read_and_looked_into_like_any_other(
    store: DocumentStore, connection: Any, query: Query, plain: bool
) -> None:
    store.begin(new_event(seq=7, session_id="s-1"), (PACKED_TOPIC,))
    value = {"at": 50, "model": "claude-opus-5", "same_as": "", "said": "50% of wörk" * 20}
    store.put(PACKED_TOPIC, "msg", value)
    (change,) = commit(store)
    if plain:  # as a version that packed nothing has left it
        connection.execute("UPDATE documents SET value = ?", (change.text,))
    store.forget_cached()

    (row,) = connection.execute("SELECT * FROM documents").fetchall()
    assert isinstance(row[-1], str if plain else bytes)
    assert documents.change_from_row(row) == change
    assert store.get(PACKED_TOPIC, "msg") == value
    for asked in (
        {},
        {"matching": {"model": "claude-opus-5"}},
        {"between": (50, 51)},
        {"text": "50% of wörk"},
        {"sorting": Sorting(field="model", missing="", descending=True)},
    ):
        (found,) = query.documents(PACKED_TOPIC, **asked)
        assert found.value == value, asked
    for asked in ({"matching": {"model": "x"}}, {"between": (51, 60)}, {"text": "50_ of"}):
        assert not query.documents(PACKED_TOPIC, **asked), asked
