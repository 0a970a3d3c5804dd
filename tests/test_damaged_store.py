"""A store that is damaged, or cannot be written, costs no event and stops nothing."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk, body
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.pipeline import recovery
from claude_mpm_monitor.storage.database import SET_ASIDE_KIND
from claude_mpm_monitor.storage.query import EventFilter

PAGE = 4096


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is looked at as a whole at once."""
    monkeypatch.setattr(recovery, "CHECK_AFTER_SECONDS", 0.0)


def told(monitor: Monitor, talk: Talk, count: int) -> None:
    raws = [
        Raw(dialect="claude_hook", body=body(payload), at=1_700_000_000_000_000 + n, source="x")
        for n in range(count)
        for payload in (talk.pre(f"u-{n}", command="x" * 700), talk.post(f"u-{n}"))
    ]
    assert sum(outcome.stored for outcome in monitor.ingest_many(raws)) == 2 * count


def stored(monitor: Monitor) -> set[str]:
    found: set[str] = set()
    seq = 0
    while page := monitor.query.events(EventFilter(after=seq, newest_first=False, limit=1_000)):
        found |= {f"{event.kind}/{event.tool_use_id}" for event in page}
        seq = page[-1].seq
    return found


def calls(monitor: Monitor) -> int:
    last = monitor.query.last_seq()
    eventually(lambda: monitor.status()["consumer"]["seq"] == last)
    return sum(1 for _ in monitor.query.every_document("tool_call"))


def aside(monitor: Monitor) -> list[dict[str, Any]]:
    return list(monitor.status()["store"]["set_aside"])


def spoil(path: Path, first_page: int, seed: int = 1, pages: int = 2) -> None:
    with path.open("r+b") as file:
        for number in range(first_page, first_page + pages):
            file.seek(number * PAGE)
            file.write(random.Random(seed + number).randbytes(PAGE))


def test_a_start_on_a_damaged_store_takes_events_in_and_gets_the_old_ones_back(
    tmp_path: Path,
) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        told(monitor, Talk("s-1"), 300)
        path = monitor.config.database
    spoil(path, 0, pages=1)

    with Monitor(home=tmp_path / "home", port=0) as monitor:
        assert [notice for notice in monitor.notices() if "damaged" in notice]
        told(monitor, Talk("s-2"), 5)
        eventually(lambda: [note["state"] for note in aside(monitor)] == ["done"])

        (note,) = aside(monitor)
        assert path.with_name(note["name"]).exists()
        assert note["salvaged"] > 590
        assert calls(monitor) >= 300
        first = monitor.query.events(EventFilter(kinds=(SET_ASIDE_KIND,)))[0]
        assert note["name"] in first.summary
        status = get(monitor.port, "/api/v1/status").json
        assert status["store"]["set_aside"] == [note]


def test_pages_that_are_overwritten_are_noticed_by_reading_all_of_the_store(
    tmp_path: Path,
) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        told(monitor, Talk("s-1"), 400)
        path = monitor.config.database
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for page in range(20, path.stat().st_size // PAGE, 15):
        spoil(path, page, pages=1)

    with Monitor(home=tmp_path / "home", port=0) as monitor:
        eventually(lambda: [note["state"] for note in aside(monitor)] == ["done"])
        assert len(stored(monitor)) > 300
        told(monitor, Talk("s-2"), 5)


def test_damage_under_load_loses_nothing_that_is_acknowledged_after_it(tmp_path: Path) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        told(monitor, Talk("s-1"), 200)
        stop, acknowledged = threading.Event(), []

        def load() -> None:
            talk, number = Talk("s-2"), 0
            while not stop.is_set():
                number += 1
                raw = Raw(
                    dialect="claude_hook", body=body(talk.pre(f"n-{number}")), at=1, source="x"
                )
                outcome = monitor.ingest(raw)
                if outcome is not None and outcome.stored:
                    acknowledged.append(f"PreToolUse/n-{number}")

        thread = threading.Thread(target=load)
        thread.start()
        eventually(lambda: len(acknowledged) > 50)
        monitor._database.set_aside("for a test", monitor._database.inode())
        after = len(acknowledged)
        eventually(lambda: len(acknowledged) > after + 50)
        eventually(lambda: [note["state"] for note in aside(monitor)] == ["done"])
        stop.set()
        thread.join()

        assert set(acknowledged) <= stored(monitor)
        assert calls(monitor) == 200 + len(acknowledged)


def test_every_process_goes_on_with_the_store_that_took_the_place_of_a_damaged_one(
    tmp_path: Path,
) -> None:
    with (
        Monitor(home=tmp_path / "home", port=0) as first,
        Monitor(home=tmp_path / "home", port=0) as second,
    ):
        told(first, Talk("s-1"), 3)
        second._database.set_aside("for a test", second._database.inode())

        told(first, Talk("s-2"), 3)
        told(second, Talk("s-3"), 3)
        eventually(lambda: [note["state"] for note in aside(first)] == ["done"])

        assert stored(first) == stored(second)
        assert len(stored(first)) == 7
        assert calls(first) == 9


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB; only root can mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", str(folder)]
    if os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Leave no room on the disk."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(b"x" * PAGE):
            pass


def test_on_a_full_disk_events_are_refused_and_it_goes_on_when_there_is_room(
    small_disk: Path,
) -> None:
    with Monitor(home=small_disk / "home", port=0) as monitor:
        talk = Talk("s-1")
        assert post(monitor.port, "/hooks/claude", talk.pre("u-0")).status == 204
        ballast = small_disk / "ballast"
        fill(ballast)
        kept = ["u-0"]
        for number in range(1, 200):
            answer = post(
                monitor.port, "/hooks/claude", talk.pre(f"u-{number}", command="x" * 9_000)
            )
            if answer.status == 204:
                kept.append(f"u-{number}")
        assert answer.status == 503
        assert "disk" in answer.json["detail"]
        status = get(monitor.port, "/api/v1/status").json
        assert status["trouble"]["what"] == "disk full"
        assert any("disk full" in problem for problem in status["problems"])
        assert get(monitor.port, "/health").json["status"] == "running"

        ballast.unlink()
        assert post(monitor.port, "/hooks/claude", talk.pre("u-last")).status == 204
        eventually(lambda: get(monitor.port, "/api/v1/status").json["trouble"] is None)
        eventually(lambda: not monitor._spool.backlog())
        assert {f"PreToolUse/{use}" for use in (*kept, "u-last")} <= stored(monitor)
        connection = monitor._database.connect(readonly=True)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_a_folder_that_cannot_be_written_is_said_in_words(small_disk: Path) -> None:
    with Monitor(home=small_disk / "home", port=0):
        pass
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises((StoreError, OSError), match=r"[Rr]ead-only"):
        Monitor(home=small_disk / "home", port=0)
