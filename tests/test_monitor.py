"""The monitor as its users in Python see it: start, take in, give out, stop."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.page import Page
from testkit.payloads import Talk, body
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Config, Documents, Event, Raw, hookimpl
from claude_mpm_monitor.errors import ConfigError, MonitorError
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.storage.event_filter import EventFilter

NOW = 1_700_000_000_000_000
OURS = "mpm-monitor-"


def our_threads() -> set[str]:
    return {t.name for t in threading.enumerate() if t.name.startswith(OURS)}


def descriptors() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        yield monitor


# ---- taking in


def test_what_is_emitted_is_stored(monitor: Monitor) -> None:
    outcome = monitor.emit("deploy", {"stage": "live"}, session_id="s", wait=True)

    assert outcome is not None
    assert outcome.stored == 1
    (event,) = monitor.query.events(EventFilter(), payloads=True)
    assert (event.kind, event.data()) == ("deploy", {"stage": "live"})
    assert abs(event.at - time.time_ns() // 1_000) < 60_000_000


def test_an_id_of_ones_own_makes_a_second_call_a_no_op(monitor: Monitor) -> None:
    monitor.emit("deploy", event_id="1", wait=True)
    again = monitor.emit("deploy", event_id="1", wait=True)

    assert again is not None
    assert (again.stored, again.duplicate) == (0, 1)


def test_what_is_no_json_is_refused_where_it_is_emitted(monitor: Monitor) -> None:
    with pytest.raises(TypeError):
        monitor.emit("deploy", object())


def test_many_deliveries_are_answered_in_their_order(monitor: Monitor) -> None:
    raws = [
        Raw(dialect="claude_hook", body=content, at=NOW, source="http_hook")
        for content in (body(Talk().stop()), b"no json", body(Talk().end()))
    ]

    outcomes = monitor.ingest_many(raws)

    assert [bool(outcome.error) for outcome in outcomes] == [False, True, False]


def test_threads_may_all_emit_at_once(monitor: Monitor) -> None:
    def emit() -> None:
        for _ in range(200):
            monitor.emit("tick")
        monitor.emit("last", wait=True)

    threads = [threading.Thread(target=emit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert monitor.query.totals()["events"] == 8 * 201


def test_after_closing_nothing_is_taken_and_the_caller_is_told(tmp_path: Path) -> None:
    monitor = Monitor(home=tmp_path / "home", port=0).start()
    monitor.emit("last words")
    monitor.close()

    with pytest.raises(MonitorError, match="closed"):
        monitor.emit("too late")
    with Monitor(home=tmp_path / "home", port=0) as again:
        assert [event.kind for event in again.query.events(EventFilter())] == ["last words"]


# ---- giving out


def test_after_a_clean_stop_the_store_is_one_file(tmp_path: Path) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        monitor.emit("Deployed", {"version": 1}, wait=True)
        monitor.query.totals()
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "home" / "monitor.db", tmp_path / "copy")

    with Monitor(home=tmp_path / "copy", port=0) as monitor:
        assert [event.kind for event in monitor.query.events(EventFilter())] == ["Deployed"]
    assert not list(tmp_path.glob("*/monitor.db-*"))


def test_a_subscriber_hears_of_everything_from_the_first_event_on(tmp_path: Path) -> None:
    for round_ in range(5):
        with Monitor(home=tmp_path / str(round_), port=0) as monitor:
            heard: list[str] = []
            done = threading.Event()

            def hear(event: Event, heard: list[str] = heard, done: Any = done) -> None:
                heard.append(event.kind)
                if event.kind == "last":
                    done.set()

            monitor.subscribe(hear)
            for kind in ("first", "second", "last"):
                monitor.emit(kind)
            assert done.wait(10)
            assert heard == ["first", "second", "last"]


def test_what_is_emitted_while_it_closes_is_still_heard(tmp_path: Path) -> None:
    heard: list[str] = []

    class Farewell:
        @hookimpl
        def monitor_stopping(self, monitor: Monitor) -> None:
            monitor.emit("farewell")

    with Monitor(home=tmp_path / "home", port=0, plugins=[Farewell()]) as monitor:
        monitor.subscribe(lambda event: heard.append(event.kind))

    assert heard == ["farewell"]


def test_the_projections_equal_a_rebuild_from_the_log(tmp_path: Path) -> None:
    talk = Talk()

    def documents(monitor: Monitor) -> dict[str, Any]:
        last = monitor.query.last_seq()
        eventually(lambda: monitor.status()["consumer"]["seq"] == last)
        topics = ("session", "turn", "agent", "tool_call", "file")
        return {
            f"{topic}/{document.key}": (document.seq, document.value)
            for topic in topics
            for document in monitor.query.documents(topic, limit=1_000)
        }

    with Monitor(home=tmp_path / "home", port=0) as monitor:
        for number in range(120):
            use = f"u-{number}"
            told = [talk.prompt(f"{number}", f"p-{number}"), talk.pre(use), talk.failure(use)]
            for payload in told[: 2 + number % 2]:
                post(monitor.port, "/hooks/claude", payload)
        derived = documents(monitor)
        database = monitor.config.database
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("DELETE FROM documents")
        connection.execute("DELETE FROM analyzers")
    connection.close()
    with Monitor(home=tmp_path / "home", port=0) as rebuilt:
        assert documents(rebuilt) == derived
    assert len(derived) == 1 + 120 + 1 + 120


# ---- plugins


def test_a_plugins_analyzer_runs_beside_the_built_in_one(tmp_path: Path) -> None:
    class Kinds:
        name = "kinds"
        version = 1
        topics = ("kind",)

        def apply(self, event: Event, documents: Documents) -> None:
            document = documents.get("kind", event.kind) or {"n": 0}
            documents.put("kind", event.kind, {"n": document["n"] + 1})

        @hookimpl
        def monitor_register_analyzers(self) -> list[object]:
            return [self]

    with Monitor(home=tmp_path / "home", port=0, plugins=[Kinds()]) as monitor:
        for _ in range(3):
            monitor.emit("tick", wait=True)

        found = eventually(
            lambda: [d for d in monitor.query.documents("kind") if d.value == {"n": 3}]
        )
        assert found[0].key == "tick"


def test_a_failing_plugin_keeps_nothing_from_working(tmp_path: Path) -> None:
    class Failing:
        name = "failing"
        version = 1
        topics = ("failing",)

        def apply(self, event: Event, documents: Documents) -> None:
            raise RuntimeError("no")

        @hookimpl
        def monitor_register_analyzers(self) -> list[object]:
            return [self]

        @hookimpl
        def monitor_register_widgets(self) -> list[object]:
            raise RuntimeError("no widgets")

        @hookimpl
        def monitor_started(self, monitor: Monitor) -> None:
            raise RuntimeError("not started")

        @hookimpl
        def monitor_stopping(self, monitor: Monitor) -> None:
            raise RuntimeError("not stopping")

    with Monitor(home=tmp_path / "home", port=0, plugins=[Failing()]) as monitor:
        for _ in range(15):
            monitor.emit("tick", session_id="s")
        monitor.emit("tick", session_id="s", wait=True)

        eventually(lambda: monitor.query.counts("s")["events"] == 16)
        (state,) = (s for s in monitor.plugins.states() if s["name"] == "Failing")
        assert state["state"] == "failed"
        assert monitor.status()["plugins"]["failed"] == 1


# ---- start


def test_the_page_is_there_when_start_returns(monitor: Monitor) -> None:
    assert get(monitor.port, "/").status == 200
    assert get(monitor.port, "/health").json["port"] == monitor.port


def test_a_wanted_port_that_is_taken_gives_the_next_free_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        with Monitor(home=tmp_path / "home", port=wanted) as monitor:
            assert monitor.port != wanted
            assert get(monitor.port, "/health").status == 200


@pytest.mark.parametrize("port", [-1, 65_536, 10**9])
def test_a_port_that_is_none_is_refused_in_words(tmp_path: Path, port: int) -> None:
    with pytest.raises(ConfigError, match="0 to 65535"):
        Monitor(home=tmp_path / "home", port=port)


def test_a_monitor_that_was_never_started_can_be_closed(tmp_path: Path) -> None:
    monitor = Monitor(home=tmp_path / "home", port=0)
    monitor.close()

    with pytest.raises(MonitorError, match="before it is started"):
        _ = monitor.port


def test_the_home_is_closed_to_others(monitor: Monitor) -> None:
    home = monitor.config.home

    assert home.stat().st_mode & 0o777 == 0o700
    for path in home.rglob("*"):
        if path.is_file() and path.suffix != ".log":
            assert path.stat().st_mode & 0o077 == 0, path


# ---- stop


def test_closing_twice_or_from_two_threads_is_closing_once(tmp_path: Path) -> None:
    monitor = Monitor(home=tmp_path / "home", port=0).start()
    threads = [threading.Thread(target=monitor.close) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monitor.close()

    eventually(lambda: is_free(monitor._door.port))


def websocket(port: int) -> socket.socket:
    """A websocket on /v1 that has joined the live room and reads nothing more."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b" 101 " in connection.recv(4096)
    for text in (b"40/v1,", b'42/v1,["resume",{"after":0}]'):
        connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    return connection


def test_stopping_is_bounded_whatever_the_clients_do(tmp_path: Path) -> None:
    threads = our_threads()
    monitor = Monitor(home=tmp_path / "home", port=0).start()
    port, ingest = monitor.port, monitor.ingest_port
    silent = socket.create_connection(("127.0.0.1", port))
    half = socket.create_connection(("127.0.0.1", port))
    half.sendall(b"POST /hooks/claude HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{")
    kept = socket.create_connection(("127.0.0.1", ingest))
    kept.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert kept.recv(100)
    deaf = websocket(port)
    page = Page(monitor.url).resume(0)
    for _ in range(3_000):
        monitor.emit("Fat", summary="x" * 200)
    monitor.emit("Fat", wait=True)

    began = time.monotonic()
    monitor.close(timeout=2.0)
    took = time.monotonic() - began

    assert took < 3.0
    eventually(lambda: our_threads() <= threads)
    assert is_free(port)
    assert is_free(ingest)
    for client in (silent, half, kept, deaf):
        client.close()
    page.close()


def test_twenty_lives_in_one_process_leave_nothing_behind(tmp_path: Path) -> None:
    threads = our_threads()

    def live(number: int) -> None:
        with Monitor(home=tmp_path / str(number % 2), port=0) as monitor:
            monitor.emit("tick", wait=True)
            assert get(monitor.port, "/api/v1/events").status == 200

    live(0)
    before, all_threads = descriptors(), threading.active_count()
    for number in range(20):
        live(number)

    eventually(lambda: our_threads() <= threads)
    eventually(lambda: descriptors() <= before)
    eventually(lambda: threading.active_count() <= all_threads)


def test_the_switch_interval_is_ours_while_it_runs_and_the_programs_again_after(
    tmp_path: Path,
) -> None:
    before = sys.getswitchinterval()

    with Monitor(Config(home=tmp_path / "home", port=0, switch_us=500)):
        assert sys.getswitchinterval() == pytest.approx(0.0005)

    assert sys.getswitchinterval() == before
