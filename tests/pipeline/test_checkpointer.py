"""The write-ahead log is copied back beside those who write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually

from claude_mpm_monitor.pipeline.checkpointer import Checkpointer
from claude_mpm_monitor.storage import database
from claude_mpm_monitor.storage.event_filter import EventFilter
from pipeline.conftest import Line


def wal_bytes(line: Line) -> int:
    path = line.database.path
    return path.with_name(path.name + "-wal").stat().st_size


@pytest.fixture
def checkpointed(line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    monkeypatch.setattr(database, "CHECKPOINT_ROWS", 50)
    checkpointer = Checkpointer(line.database, line.log)
    checkpointer.start()
    yield line
    assert checkpointer.stop(10)


def test_the_log_begins_anew_though_writing_goes_on(checkpointed: Line) -> None:
    talk, sizes = Talk(), []
    for number in range(1_000):
        checkpointed.send(talk.say("Note", n=number))
        sizes.append(wal_bytes(checkpointed))

    # Never copied back within a commit here, 1,000 of them would be twenty times as much.
    assert sizes[-1] < 20 * sizes[49]
    assert len(checkpointed.query.events(EventFilter(limit=1_000))) == 1_000


def test_it_goes_on_with_the_file_that_is_the_store_now(checkpointed: Line) -> None:
    talk = Talk()
    checkpointed.send(talk.start())
    inode = checkpointed.database.inode()
    checkpointed.database.set_aside("a test", inode)
    for number in range(200):
        checkpointed.send(talk.say("Note", n=number))

    # The file itself, without the log: nobody else copies anything back.
    eventually(lambda: checkpointed.database.path.stat().st_size > 100_000)
