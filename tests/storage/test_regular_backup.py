"""Copies of the store, made as the days go by."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from testkit.log import ImmediateLog

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.chore import ChoreCall
from claude_mpm_monitor.storage import regular_backup
from claude_mpm_monitor.storage.backup import checked
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.regular_backup import DAY_SECONDS, RegularBackup


@pytest.fixture
def call(query: Query, tmp_path: Path) -> ChoreCall:
    return ChoreCall(query=query, home=tmp_path, stopping=lambda: False)


def copies(home: Path) -> list[Path]:
    return sorted((home / "backups").iterdir())


def age(path: Path, days: float) -> None:
    at = time.time() - days * DAY_SECONDS
    os.utime(path, (at, at))


def test_a_copy_is_made_when_the_last_one_is_old_enough(
    database: Database, log: ImmediateLog, call: ChoreCall, tmp_path: Path
) -> None:
    backup = RegularBackup(database.path, days=2, keep=3)
    backup.run(call)
    backup.run(call)
    (first,) = copies(tmp_path)
    age(first, 1.9)
    backup.run(call)
    assert copies(tmp_path) == [first]

    old = first.rename(first.with_name("monitor-20260101-000000.db"))
    age(old, 2.1)
    backup.run(call)

    assert len(copies(tmp_path)) == 2
    assert [checked(copy) for copy in copies(tmp_path)] == [(0, 0, 0)] * 2
    assert {copy.stat().st_mode & 0o777 for copy in copies(tmp_path)} == {0o600}


def test_the_newest_are_kept_and_drafts_and_copies_from_the_future_go(
    database: Database, call: ChoreCall, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for number, days in enumerate((9, 8, 7, -400), 1):
        copy = folder / f"monitor-2026010{number}-000000.db"
        copy.touch()
        age(copy, days)
    (folder / ".monitor-20260101-000000.db.77").touch()
    others = {".monitor-mine", "mine.db", "monitor-before-upgrade.db"}
    for name in others:
        (folder / name).touch()

    RegularBackup(database.path, days=1, keep=2).run(call)

    names = {path.name for path in copies(tmp_path)}
    assert names >= others | {"monitor-20260103-000000.db"}
    assert len(names) == len(others) + 2


def test_a_copy_is_given_up_when_the_monitor_stops(
    database: Database, query: Query, tmp_path: Path
) -> None:
    call = ChoreCall(query=query, home=tmp_path, stopping=lambda: True)
    RegularBackup(database.path, days=1, keep=3).run(call)

    assert copies(tmp_path) == []


def test_there_is_none_where_it_would_fill_the_disk(
    database: Database, call: ChoreCall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regular_backup, "LEFT_FREE", 2**62)

    with pytest.raises(StoreError, match="MB are free on its disk"):
        RegularBackup(database.path, days=1, keep=3).run(call)
    assert copies(tmp_path) == []
