"""Old sessions go as a whole, bit by bit; what is left is what would be without them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk, body
from testkit.waiting import eventually
from testkit.wire import request

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.pipeline import consumer
from claude_mpm_monitor.storage import retention
from claude_mpm_monitor.storage.retention import used_bytes

DAY = 86_400_000_000
NOW = time.time_ns() // 1_000
TOPICS = ("session", "turn", "agent", "tool_call", "file", "coverage")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retention looks often."""
    monkeypatch.setattr(consumer, "TIDY_SECONDS", 0.05)


Start = Callable[..., Monitor]


def settings(tmp_path: Path, **limits: int) -> Config:
    return Config(home=tmp_path / "home", port=0, **limits)


def play(monitor: Monitor, session: str, days_ago: float, calls: int = 60) -> None:
    talk, at = Talk(session), NOW - int(days_ago * DAY)
    payloads = [talk.start(), talk.prompt(f"Do {session}.")]
    for number in range(calls):
        use = f"{session}-{number}"
        payloads += [talk.pre(use, command=f"make {use} " * 30), talk.post(use)]
    payloads += [talk.stop(), talk.end()]
    raws = [
        Raw(dialect="claude_hook", body=body(payload), at=at + n, source="http_hook")
        for n, payload in enumerate(payloads)
    ]
    assert all(outcome.stored for outcome in monitor.ingest_many(raws))


def derived(monitor: Monitor) -> dict[str, Any]:
    last = monitor.query.last_seq()
    eventually(lambda: monitor.status()["consumer"]["seq"] == last)
    return {
        f"{topic}/{found.key}": found.value
        for topic in TOPICS
        for found in monitor.query.every_document(topic)
    }


def sessions(monitor: Monitor) -> set[str]:
    return {found.key for found in monitor.query.every_document("session")}


def rows(monitor: Monitor, sql: str) -> Any:
    with closing(monitor._database.connect(readonly=True)) as connection:
        return connection.execute(sql).fetchone()[0]


def test_what_is_old_goes_and_what_is_left_equals_a_fresh_rebuild(tmp_path: Path) -> None:
    with Monitor(settings(tmp_path)) as monitor:
        for number in range(4):
            play(monitor, f"old-{number}", 40 + number)
        play(monitor, "kept", 50)
        play(monitor, "new", 0.1)
        derived(monitor)
        path = "/api/v1/sessions/kept/bookmark"
        assert request(monitor.port, "PUT", path).status == 200

    with Monitor(settings(tmp_path, keep_days=30)) as monitor:
        eventually(lambda: rows(monitor, "SELECT sum(done) FROM retired_sessions") == 4)
        assert sessions(monitor) == {"kept", "new"}
        assert rows(monitor, "SELECT count(*) FROM events WHERE session_id LIKE 'old%'") == 0
        assert rows(monitor, "SELECT count(*) FROM documents WHERE session_id LIKE 'old%'") == 0
        left = derived(monitor)
        retired = request(monitor.port, "GET", "/api/v1/retired-sessions").json
        summaries = [row["session"]["tool_calls"] for row in retired["retired_sessions"]]
        assert summaries == [60] * 4

        monitor._consumer.derive_anew()
        assert derived(monitor) == left


def test_words_of_what_is_gone_are_gone_from_the_index(tmp_path: Path) -> None:
    with Monitor(settings(tmp_path)) as monitor:
        play(monitor, "old", 40, calls=3)
        play(monitor, "new", 0.1, calls=3)
        derived(monitor)
        last = monitor.query.last_seq()
        eventually(lambda: rows(monitor, "SELECT seq FROM search_position") == last)
        matching = "SELECT count(*) FROM search WHERE search MATCH 'old'"
        assert rows(monitor, matching)

    with Monitor(settings(tmp_path, keep_days=30)) as monitor:
        eventually(lambda: rows(monitor, "SELECT sum(done) FROM retired_sessions") == 1)
        assert rows(monitor, matching) == 0
        with closing(monitor._database.connect()) as connection:
            connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_a_store_that_is_too_large_loses_its_oldest_sessions_and_gets_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "WORTH_IT", 1)
    with Monitor(settings(tmp_path)) as monitor:
        for number in range(8):
            play(monitor, f"s-{number}", 20 - number)
        derived(monitor)
        with closing(monitor._database.connect()) as connection:
            used = used_bytes(connection)
            pages = connection.execute("PRAGMA page_count").fetchone()[0]

    with Monitor(settings(tmp_path, keep_bytes=used * 2 // 3)) as monitor:
        eventually(lambda: rows(monitor, "PRAGMA page_count") < pages * 0.8)
        left = sessions(monitor)
        assert "s-0" not in left
        assert "s-7" in left


def test_live_and_recent_sessions_stay_whatever_the_size(tmp_path: Path) -> None:
    with Monitor(settings(tmp_path, keep_bytes=1)) as monitor:
        play(monitor, "recent", 0.5)
        derived(monitor)
        assert sessions(monitor) == {"recent"}


def test_a_retirement_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    with Monitor(settings(tmp_path)) as monitor:
        play(monitor, "old", 40)
        derived(monitor)
        with closing(monitor._database.connect()) as connection:
            connection.execute("INSERT INTO retired_sessions VALUES ('old', 1000, 1, 0, 124, '{}')")
        eventually(lambda: rows(monitor, "SELECT sum(done) FROM retired_sessions") == 1)
        assert rows(monitor, "SELECT count(*) FROM events") == 0
        assert rows(monitor, "SELECT count(*) FROM documents WHERE session_id = 'old'") == 0


def test_events_that_come_after_the_newest_ones_went_are_derived_from(tmp_path: Path) -> None:
    with Monitor(settings(tmp_path, keep_days=30)) as monitor:
        play(monitor, "old", 40, calls=5)
        eventually(lambda: rows(monitor, "SELECT sum(done) FROM retired_sessions") == 1)
        gone = rows(monitor, "SELECT max(until_seq) FROM retired_sessions")

        play(monitor, "new", 0.1, calls=1)

        assert rows(monitor, "SELECT min(seq) FROM events") > gone
        eventually(lambda: sessions(monitor) == {"new"})


def test_deliveries_and_dead_letters_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "DEAD_LETTERS", 3)
    with Monitor(settings(tmp_path)) as monitor:
        for number in range(6):
            monitor.ingest(
                Raw(
                    dialect="claude_hook",
                    body=b"no json",
                    at=NOW,
                    source="x",
                    delivery_id=f"d-{number}",
                )
            )
        with closing(monitor._database.connect()) as connection:
            connection.execute("UPDATE deliveries SET at = 1 WHERE delivery_id < 'd-2'")
        eventually(lambda: rows(monitor, "SELECT count(*) FROM dead_letters") == 3)
        eventually(lambda: rows(monitor, "SELECT count(*) FROM deliveries") == 4)
