"""What is handed over is what the file holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.events import new_event
from testkit.log import ImmediateLog

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pipeline import recent
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.storage.database import Connection, Database


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A store of thirty events."""
    connection = Database(tmp_path_factory.mktemp("store") / "monitor.db").connect()
    for number in range(30):
        ImmediateLog(connection).append(new_event(summary=str(number + 1)))
    yield connection
    connection.close()


def told(events: list[Event]) -> list[tuple[int, str]]:
    return [(event.seq, event.summary) for event in events]


def stored(first: int, last: int) -> list[Event]:
    return [new_event(summary=str(seq)).as_stored(seq, "") for seq in range(first, last + 1)]


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5)), max_size=6),
    st.integers(0, 30),
    st.integers(1, 12),
    st.integers(0, 35),
)
def test_it_never_matters_what_was_handed_over(
    connection: Connection,
    added: list[tuple[int, int]],
    after: int,
    limit: int,
    until: int,
) -> None:
    handed = Recent()
    for first, more in sorted(added):
        handed.add(stored(first, min(30, first + more)), connection.inode)

    events = handed.after(connection, after, limit, until)

    seqs = [event.seq for event in events]
    assert seqs == list(range(after + 1, after + 1 + len(seqs)))
    assert told(events) == [(seq, str(seq)) for seq in seqs]
    assert len(seqs) <= limit
    assert bool(seqs) == (after < min(30, until))


def test_events_of_other_processes_in_between_are_read_from_the_file(
    connection: Connection,
) -> None:
    handed = Recent()
    handed.add(stored(1, 3), connection.inode)
    handed.add(stored(7, 9), connection.inode)

    assert told(handed.after(connection, 0, 30))[:4] == [(n, str(n)) for n in range(1, 5)]
    assert len(handed.after(connection, 6, 30)) == 3


def test_no_more_is_kept_than_fits(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "KEPT_BYTES", 100)
    monkeypatch.setattr(recent, "EVENT_BYTES", 0)
    handed = Recent()

    for seq in range(1, 31):
        handed.add([new_event(payload=b"x" * 40).as_stored(seq, "")], connection.inode)

    assert len(handed._events) == 2
    assert len(handed.after(connection, 28, 30)) == 2


def test_events_without_a_payload_take_room_too(connection: Connection) -> None:
    handed = Recent()
    for seq in range(1, 5_001):
        handed.add([new_event(payload=b"").as_stored(seq, "")], connection.inode)

    assert len(handed._events) == recent.KEPT_BYTES // recent.EVENT_BYTES
