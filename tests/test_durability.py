"""What was acknowledged is there, whatever dies; and another process takes over."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.page import Page
from testkit.payloads import Talk, body
from testkit.process import Process, free_port
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.storage.event_filter import EventFilter

TOPICS = ("session", "turn", "agent", "tool_call", "file")


Start = Callable[..., Process]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Start]:
    processes: list[Process] = []

    def start(home: Path | None = None, port: int = 0) -> Process:
        processes.append(Process(home or tmp_path / "home", port))
        return processes[-1]

    yield start
    for one in processes:
        if one._process.poll() is None:
            one.kill()


class Load:
    """Posts hook events on one connection until it breaks, and notes which were acknowledged."""

    def __init__(self, port: int, session: str, enough: Callable[[], None]) -> None:
        self.acknowledged: list[str] = []
        self._port = port
        self._talk = Talk(session)
        self._enough = enough
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def join(self) -> None:
        self._thread.join(20)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            for number in range(100_000):
                use = f"u-{number // 2}"
                payload = self._talk.post(use) if number % 2 else self._talk.pre(use)
                connection.request("POST", "/hooks/claude", body(payload))
                response = connection.getresponse()
                response.read()
                if response.status == 204:
                    self.acknowledged.append(f"{payload['hook_event_name']}/{use}")
                    self._enough()
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()


def documents(monitor: Monitor) -> dict[str, Any]:
    """All that was derived, once the analyzers are up to date."""
    last = monitor.query.last_seq()
    eventually(lambda: monitor.status()["consumer"]["seq"] == last)
    found: dict[str, Any] = {}
    for topic in TOPICS:
        edge, key = 0, ""
        while page := monitor.query.documents(
            topic, newest_first=False, after=edge, beyond_key=key, limit=1_000
        ):
            found |= {f"{topic}/{d.key}": (d.seq, d.at, d.value) for d in page}
            edge, key = page[-1].seq, page[-1].key
    return found


def forget_documents(home: Path) -> None:
    connection = sqlite3.connect(home / "monitor.db", isolation_level=None)
    connection.execute("DELETE FROM documents")
    connection.execute("DELETE FROM analyzers")
    connection.close()


def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path: Path, process: Start) -> None:
    home = tmp_path / "home"
    acknowledged: list[tuple[str, str]] = []
    for round_ in range(2):
        running = process(home)
        after = random.randint(1, 600)
        count = iter(range(10**9))

        def enough(running: Process = running, after: int = after, count: Any = count) -> None:
            if next(count) == after:
                os.kill(running.pid, signal.SIGKILL)

        loads = [Load(running.port, f"s-{round_}-{n}", enough) for n in range(3)]
        for number, load in enumerate(loads):
            load.join()
            acknowledged += [(f"s-{round_}-{number}", told) for told in load.acknowledged]
        running.kill()

    with Monitor(home=home, port=0) as reopened:
        stored: list[tuple[str, str]] = []
        seq = 0
        while page := reopened.query.events(
            EventFilter(after=seq, newest_first=False, limit=1_000)
        ):
            stored += [(e.session_id, f"{e.kind}/{e.tool_use_id}") for e in page]
            seq = page[-1].seq
        derived = documents(reopened)
    assert len(stored) == len(set(stored))
    assert set(acknowledged) <= set(stored)
    assert len(acknowledged) > 3

    forget_documents(home)
    with Monitor(home=home, port=0) as rebuilt:
        assert documents(rebuilt) == derived


def test_what_waits_in_the_spool_is_taken_in_once_by_whoever_comes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Monitor(home=home, port=0) as first:
        spool = first.config.spool
    for number in range(40):
        payload = body(Talk().say("Note", number=number))
        head = f"d-{number} 1700000000000000 {len(payload)}\n".encode()
        (spool / f"d-{number}.ev").write_bytes(head + payload)

    with Monitor(home=home, port=0) as one, Monitor(home=home, port=0) as other:
        eventually(lambda: not list(spool.iterdir()))
        eventually(lambda: one.query.totals()["events"] == 40)
        counters = [monitor.status()["counters"] for monitor in (one, other)]
        assert sum(counted["recovered"] for counted in counters) == 40


def test_a_second_process_shows_live_what_the_first_derives(tmp_path: Path, process: Start) -> None:
    first = process(tmp_path / "home")
    with Monitor(home=tmp_path / "home", port=first.port) as second:
        assert second.port == first.port
        assert second.status()["owner"] is False
        page = Page(second.ingest_url).resume(0)

        assert post(first.port, "/hooks/claude", Talk().pre("u-1")).status == 204

        page.wait_for(1)
        topics: set[str] = set()
        while "tool_call" not in topics:
            topics |= {change["topic"] for change in page.next("changes")["changes"]}
        page.close()


def test_when_the_owner_is_killed_another_takes_its_port_and_goes_on_deriving(
    tmp_path: Path, process: Start
) -> None:
    first = process(tmp_path / "home", free_port())
    with Monitor(home=tmp_path / "home", port=first.port) as second:
        talk = Talk()
        post(first.port, "/hooks/claude", talk.prompt())
        page = Page(f"http://localhost:{first.port}").resume(0)
        page.wait_for(1)
        first.kill()
        killed = time.monotonic()
        post(second.ingest_port, "/hooks/claude", talk.pre("u-1"))

        eventually(lambda: second.status()["owner"] and second._door.port)
        assert time.monotonic() - killed < 2.0
        assert second.port == first.port

        page.close()
        again = Page(f"http://localhost:{first.port}").resume(page.seqs[-1])
        again.wait_for(2)
        assert page.seqs + again.seqs == [1, 2]
        again.close()
        call = f"/api/v1/tool-calls?session={talk.session_id}"
        eventually(lambda: get(first.port, call).json["tool_calls"])
        owner = json.loads(second.config.runtime.read_bytes())
        assert (owner["pid"], owner["port"]) == (os.getpid(), first.port)


@pytest.mark.parametrize("wanted", ["the same port", "any port"])
def test_when_the_owner_closes_its_port_goes_to_the_next(tmp_path: Path, wanted: str) -> None:
    port = free_port()
    for _ in range(3):
        first = Monitor(home=tmp_path / "home", port=port).start()
        others_wish = port if wanted == "the same port" else 0
        with Monitor(home=tmp_path / "home", port=others_wish) as second:
            page = Page(first.url).resume(0)  # a client, so that stopping takes a while
            first.close()
            eventually(lambda: second.status()["owner"] and second.port == port)
            assert get(port, "/api/v1/status").json["server_id"] == second.server_id
            page.close()


def test_a_second_process_that_wants_a_port_of_its_own_has_both_in_the_end(
    tmp_path: Path,
) -> None:
    first = Monitor(home=tmp_path / "home", port=free_port()).start()
    with Monitor(home=tmp_path / "home", port=free_port()) as second:
        own, other = second.port, first.port
        assert own != other
        assert get(own, "/health").status == 200

        first.close()

        eventually(lambda: second.port == other)
        assert get(own, "/health").status == 200
        assert get(other, "/health").status == 200


def test_an_owner_that_closes_takes_its_announcement_along(tmp_path: Path, process: Start) -> None:
    running = process(tmp_path / "home")
    announced = tmp_path / "home" / "monitor.json"
    assert json.loads(announced.read_bytes())["port"] == running.port

    assert running.close() == 0

    assert not announced.exists()


def test_two_processes_may_append_at_the_same_time(tmp_path: Path, process: Start) -> None:
    first = process(tmp_path / "home")
    with Monitor(home=tmp_path / "home", port=0) as second:
        done = threading.Semaphore(0)

        def counted() -> None:
            done.release()

        loads = [
            Load(port, f"s-{number}", counted)
            for number, port in enumerate((first.port, second.ingest_port))
        ]
        for _ in range(600):
            assert done.acquire(timeout=20)
        first.kill()
        raw = Raw(dialect="claude_hook", body=body(Talk().stop()), at=1, source="http_hook")
        assert second.ingest(raw) is not None
        loads[0].join()
        second.close()
        loads[1].join()
        acknowledged = sum(len(load.acknowledged) for load in loads)

    with Monitor(home=tmp_path / "home", port=0) as reopened:
        # What came while it closed went to the spool first.
        eventually(lambda: reopened.query.totals()["events"] >= acknowledged + 1)
