"""The log: appended to, never changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw
from claude_mpm_monitor.storage import events
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.events import EventLog, check_storable, read_slice
from claude_mpm_monitor.storage.query import Query

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def test_the_same_fact_is_stored_once(log: ImmediateLog, query: Query) -> None:
    event = new_event()

    assert log.append(event) == 1
    assert log.append(event) is None
    assert log.append(new_event()) == 2
    assert query.totals()["events"] == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(session_id=text, project=text, tool_use_id=text, summary=text, at=st.integers(0, LATEST_AT))
def test_an_event_comes_back_as_it_was(
    log: ImmediateLog, query: Query, session_id: str, at: int, **fields: str
) -> None:
    event = new_event(session_id=session_id, at=at, payload=b'{"n":"\\u0000"}', **fields)

    seq = log.append(event)

    assert seq is not None
    stored = query.event(seq)
    assert stored is not None
    assert stored.head() == {**event.head(), "seq": seq}
    assert stored.payload == event.payload


def test_what_is_asked_for_at_the_beginning_is_not_asked_again(database: Database) -> None:
    connection = database.connect()
    log, event = EventLog(connection), new_event()
    asked: list[str] = []
    with database.writing(connection):
        log.begin([event.event_id])
        connection.set_trace_callback(asked.append)
        assert log.stored_at(event.event_id) is None
        assert log.append(event, event.event_id) == 1
        connection.set_trace_callback(None)
        log.flush()
    connection.close()

    assert asked == []


def test_a_delivery_is_received_once(log: ImmediateLog) -> None:
    assert log.receive("d-1")
    assert not log.receive("d-1")
    assert log.receive("d-2")


def test_a_superseded_event_is_shown_no_more(log: ImmediateLog, query: Query) -> None:
    poor, rich = log.append(new_event()), log.append(new_event())
    assert poor is not None
    assert rich is not None

    log.supersede([poor], rich)

    assert [event.seq for event in query.events(EventFilter())] == [rich]


def test_a_dead_letter_keeps_its_body_and_reason(log: ImmediateLog, query: Query) -> None:
    body = b"\xff" * (events.DEAD_LETTER_BYTES + 10)
    log.bury(Raw(dialect="claude_hook", body=body, at=5, source="http_hook"), "it is no JSON")

    (letter,) = query.dead_letters()

    assert letter["reason"] == "it is no JSON"
    assert letter["body"] == body[: events.DEAD_LETTER_BYTES]


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": -1},
        {"at": 2**63},
        {"at": 1.5},
        {"session_id": None},
        {"tool_name": 5},
        {"session_id": "\ud800"},
        {"event_id": "no hex"},
        {"event_id": "ABCD"},
        {"payload": b"\xff"},
        {"payload": "a text"},
    ],
)
def test_what_a_plugin_builds_wrongly_is_refused_before_it_is_stored(wrong: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        check_storable(new_event(**wrong))


def test_an_event_without_an_id_is_storable_once_it_has_one() -> None:
    check_storable(new_event(event_id=""))


def test_large_payloads_are_not_all_read_at_once(
    log: ImmediateLog, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SLICE_BYTES", 1_000)
    for _ in range(4):
        log.append(new_event(payload=b'"' + b"x" * 600 + b'"'))
    connection = database.connect(readonly=True)

    def seqs(found: list[Event]) -> list[int]:
        return [event.seq for event in found]

    assert seqs(read_slice(connection, 0, 10)) == [1, 2]
    assert seqs(read_slice(connection, 2, 10)) == [3, 4]
    assert seqs(read_slice(connection, 0, 10, until=1)) == [1]
    assert seqs(read_slice(connection, 4, 10)) == []
    connection.close()
