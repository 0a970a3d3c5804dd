"""Live pages: every event once, in order, whatever happens in between."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from testkit.page import Page
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Raw
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server import live

Open = Callable[..., Page]
Tell = Callable[..., None]


def burst(monitor: Monitor, count: int, kind: str = "Burst") -> None:
    for _ in range(count):
        monitor.emit(kind)


def stored(monitor: Monitor) -> int:
    """Wait until all that was emitted is stored; return the last seq."""
    monitor.emit("Mark", wait=True)
    return monitor.query.last_seq()


def test_a_page_is_greeted(running: Monitor, page: Open) -> None:
    hello = page().next("hello")

    assert hello["server_id"] == running.server_id
    assert hello["last_seq"] <= running.query.last_seq()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_page_is_told_what_happens_as_it_happens(
    running: Monitor, page: Open, talk: Talk, transport: str
) -> None:
    last = running.query.last_seq()
    opened = page(transports=[transport]).resume(last)
    post(running.port, "/hooks/claude", talk.prompt("Now!"))

    opened.wait_for(last + 1)

    assert opened.heads[0]["summary"] == "Now!"
    assert opened.heads[0]["session_id"] == talk.session_id
    assert "payload" not in opened.heads[0]


def test_a_page_is_told_what_changed(running: Monitor, page: Open, talk: Talk) -> None:
    opened = page().resume(running.query.last_seq())
    post(running.port, "/hooks/claude", talk.pre("u-1"))

    def told(topic: str) -> dict[str, Any]:
        while True:
            for change in opened.next("changes")["changes"]:
                assert not change["topic"].startswith("_")
                if change["topic"] == topic and change["session_id"] == talk.session_id:
                    return dict(change)

    assert told("tool_call")["value"]["status"] == "running"


@pytest.mark.parametrize("round_", range(3))
def test_a_page_that_comes_during_a_burst_gets_every_event_once_in_order(
    running: Monitor, page: Open, round_: int
) -> None:
    first = running.query.last_seq()
    sender = threading.Thread(target=burst, args=(running, 3_000))
    sender.start()

    opened = page().resume(first)
    sender.join()
    last = stored(running)
    opened.wait_for(last)

    assert opened.seqs == list(range(first + 1, last + 1))


def test_pages_go_live_while_events_never_stop_coming(running: Monitor, page: Open) -> None:
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            running.emit("Endless", wait=True)

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    pages: list[tuple[int, Page]] = []
    try:
        for _ in range(12):
            first = running.query.last_seq()
            pages.append((first, page().resume(first)))
    finally:
        stop.set()
        for sender in senders:
            sender.join()
    last = stored(running)

    for first, opened in pages:
        assert opened.wait_for(last) == list(range(first + 1, last + 1))


def test_a_page_that_left_and_came_back_misses_nothing_and_hears_nothing_twice(
    running: Monitor, page: Open
) -> None:
    first = running.query.last_seq()
    stop = threading.Event()

    def send() -> None:
        while not stop.is_set():
            burst(running, 20)
            running.emit("Pace", wait=True)

    sender = threading.Thread(target=send)
    sender.start()
    seqs: list[int] = []
    try:
        for _ in range(4):
            opened = page()
            opened.resume(seqs[-1] if seqs else first)
            opened.wait_for((seqs[-1] if seqs else first) + 100)
            opened.close()
            seqs += opened.seqs
    finally:
        stop.set()
        sender.join()

    assert seqs == list(range(first + 1, seqs[-1] + 1))


def test_resuming_again_within_one_connection_starts_anew_and_not_twice(
    running: Monitor, page: Open
) -> None:
    first = running.query.last_seq()
    burst(running, 1_500)
    middle = stored(running)
    opened = page()
    for after in (first, middle):
        opened.say("resume", {"after": after})
    opened.resume(middle)
    burst(running, 50)
    last = stored(running)
    opened.wait_for(last)

    newest = [seq for seq in opened.seqs if seq > middle]
    assert newest == list(range(middle + 1, last + 1))


def test_a_page_too_far_behind_is_told_to_read_by_query(
    running: Monitor, page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FAR_BEHIND", 10)
    burst(running, 20)
    last = stored(running)
    opened = page().resume(0)

    assert opened.next("reset") == {"last_seq": last}
    burst(running, 1)
    opened.wait_for(stored(running))
    assert min(opened.seqs) > last


def test_a_page_ahead_of_the_store_is_told_to_start_anew(running: Monitor, page: Open) -> None:
    opened = page().resume(10**12)

    assert opened.next("reset")["last_seq"] <= running.query.last_seq()


@pytest.mark.parametrize("odd", [None, -1, "x", True, [], 1.5, {"after": {}}])
def test_a_resume_that_makes_no_sense_is_one_from_the_beginning(
    running: Monitor, page: Open, odd: object
) -> None:
    stored(running)
    opened = page()

    opened.resume(odd)

    eventually(lambda: opened.seqs or not opened.other.empty())


def test_noise_is_stored_but_not_told(running: Monitor, page: Open) -> None:
    first = running.query.last_seq()
    opened = page().resume(first)
    for _ in range(3):
        running.emit("mpm.hook_execution", wait=True)
    last = stored(running)
    opened.wait_for(last)

    assert opened.seqs == [last]


def test_what_a_superseding_event_hides_does_not_keep_a_page_from_going_live(
    tmp_path: Path,
) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        now = monitor.started_at
        poor = (
            b'{"event":"claude_event","data":{"subtype":"user_prompt","type":"hook","session_id":"s",'
            b'"data":{"session_id":"s","prompt_text":"hi"}}}'
        )
        rich = (
            b'{"hook_event_name":"UserPromptSubmit","session_id":"s","transcript_path":"/t",'
            b'"prompt":"hi","prompt_id":"p"}'
        )
        monitor.ingest(Raw(dialect="mpm", body=poor, at=now, source="claude_mpm"))
        monitor.ingest(Raw(dialect="claude_hook", body=rich, at=now, source="http_hook"))
        page = Page(monitor.url).resume(0)
        page.wait_for(2)
        assert page.seqs == [2]

        monitor.emit("Next", wait=True)
        page.wait_for(3)
        page.close()
        assert page.seqs == [2, 3]


def test_a_page_in_an_idle_monitor_still_hears_how_it_is(running: Monitor, page: Open) -> None:
    opened = page().resume(running.query.last_seq())
    for number in range(3):
        post(running.port, "/hooks/claude", b"no json %d" % number)

    assert "counters" in opened.next("stats")


def test_pages_are_counted(running: Monitor, page: Open) -> None:
    def clients() -> int:
        return int(get(running.port, "/api/v1/status").json["clients"])

    eventually(lambda: clients() == 0)
    opened = page()
    opened.next("hello")
    assert clients() == 1

    opened.close()
    eventually(lambda: clients() == 0)


def stalled_page(port: int) -> socket.socket:
    """A page that has joined and reads nothing more."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    assert b" 101 " in connection.recv(4096)
    for text in (b"40/v1,", b'42/v1,["resume",{"after":0}]'):
        connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    return connection


def test_a_page_that_does_not_read_is_let_go_and_slows_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_WAITING", 3)
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        stalled = stalled_page(monitor.port)
        reading = Page(monitor.url).resume(0)
        eventually(lambda: monitor.status()["clients"] == 2)

        # More than the system's own buffers take.
        for _ in range(25):
            monitor.emit("Fat", project="x" * 350_000, wait=True)
            last = monitor.query.last_seq()
            reading.wait_for(last)
        assert reading.seqs == list(range(1, last + 1))
        eventually(lambda: monitor.status()["clients"] == 1)
        stalled.close()
        reading.close()


def test_what_two_processes_store_is_told_once_and_in_order(tmp_path: Path, talk: Talk) -> None:
    home = tmp_path / "home"
    with Monitor(home=home, port=0) as first, Monitor(home=home, port=0) as second:
        opened = Page(first.url).resume(0)

        def deliver(monitor: Monitor, name: str) -> None:
            for number in range(150):
                post(monitor.ingest_port, "/hooks/claude", talk.pre(f"{name}-{number}"))

        threads = [
            threading.Thread(target=deliver, args=(monitor, name))
            for monitor, name in ((first, "a"), (first, "b"), (second, "c"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        last = stored(second)

        assert opened.wait_for(last) == list(range(1, last + 1))
        opened.close()


def test_deriving_anew_tells_no_event_again(tmp_path: Path, talk: Talk) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        opened = Page(monitor.url).resume(0)
        done = threading.Event()

        def deliver() -> None:
            for number in range(400):
                post(monitor.port, "/hooks/claude", talk.pre(f"u-{number}"))
            done.set()

        thread = threading.Thread(target=deliver)
        thread.start()
        while not done.is_set():
            monitor._consumer.derive_anew()
        thread.join()
        last = stored(monitor)

        assert opened.wait_for(last) == list(range(1, last + 1))
        opened.close()
