"""From a document to a sink, once."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from testkit.waiting import eventually

from claude_mpm_monitor import Alert, Condition, Monitor, hookimpl


def now() -> int:
    return time.time_ns() // 1_000


class Counting:
    """An analyzer that keeps what `Level` events say, a rule over it, and a sink that remembers."""

    version = 1

    def __init__(self, sink_error: str = "", *, name: str = "counting") -> None:
        self.name = name
        self.topics = (f"{name}_level",)
        self.delivered: queue.Queue[Alert] = queue.Queue()
        self._error = sink_error

    def apply(self, event: Any, documents: Any) -> None:
        if event.kind == "Level":
            documents.put(self.topics[0], event.session_id, {**event.data(), "since": event.at})

    def conditions(self, change: Any) -> list[Condition]:
        level = change.value["level"]
        if level == "broken":
            raise ValueError("no such level")
        return [
            Condition(
                key=change.key,
                holds=level > 5,
                since=change.value["since"],
                title=f"Level {level}",
                session_id=change.session_id,
            )
        ]

    def deliver(self, alert: Alert) -> None:
        self.delivered.put(alert)
        if self._error:
            raise OSError(self._error)

    @hookimpl
    def monitor_register_analyzers(self) -> list[object]:
        return [self]

    @hookimpl
    def monitor_register_rules(self) -> list[object]:
        return [self]

    @hookimpl
    def monitor_register_sinks(self) -> list[object]:
        return [self]


Start = Callable[..., Monitor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Monitor] = []

    def start(*plugins: object) -> Monitor:
        for monitor in running:
            monitor.close()
        running.append(Monitor(home=tmp_path, port=0, plugins=plugins).start())
        return running[-1]

    yield start
    running[-1].close()


def set_level(monitor: Monitor, level: object, at: int | None = None) -> None:
    monitor.emit("Level", {"level": level}, session_id="s", at=at, wait=True)


def state(monitor: Monitor, name: str = "Counting") -> dict[str, Any]:
    return next(one for one in monitor.plugins.states() if one["name"] == name)


def test_an_alert_is_stored_delivered_and_resolved(start: Start) -> None:
    plugin = Counting()
    monitor = start(plugin)

    set_level(monitor, 9)
    fired = plugin.delivered.get(timeout=10)
    set_level(monitor, 1)
    resolved = plugin.delivered.get(timeout=10)

    assert (fired.state, fired.title, fired.session_id) == ("firing", "Level 9", "s")
    assert fired.url == f"{monitor.url}/dashboard#/events?session=s"
    assert (resolved.state, resolved.since) == ("resolved", fired.since)
    eventually(lambda: monitor.query.document("alert", "counting/s").value["state"] == "resolved")  # type: ignore[union-attr]


def test_after_a_restart_the_same_alert_is_not_delivered_again_but_resolved(start: Start) -> None:
    first = Counting()
    monitor = start(first)
    set_level(monitor, 9)
    first.delivered.get(timeout=10)
    eventually(lambda: monitor.query.document("alert", "counting/s"))

    second = Counting()
    monitor = start(second)
    set_level(monitor, 2)

    assert second.delivered.get(timeout=10).state == "resolved"


def test_what_happened_long_ago_is_no_alert(start: Start) -> None:
    plugin = Counting()
    monitor = start(plugin)

    set_level(monitor, 9, at=now() - 2 * 3_600_000_000)
    set_level(monitor, 8)

    assert plugin.delivered.get(timeout=10).title == "Level 8"


def test_a_sink_that_fails_costs_itself(start: Start) -> None:
    failing, working = Counting("the network is gone"), Counting(name="other")
    monitor = start(failing, working)

    set_level(monitor, 9)

    rules = {working.delivered.get(timeout=10).rule for _ in range(2)}
    assert rules == {"counting", "other"}
    eventually(lambda: "the network is gone" in state(monitor)["error"])


def test_a_rule_that_fails_is_shown_and_others_go_on(start: Start) -> None:
    plugin = Counting()
    monitor = start(plugin)

    set_level(monitor, "broken")
    eventually(lambda: "counting, counting_level s" in state(monitor)["error"])
    set_level(monitor, 9)

    assert plugin.delivered.get(timeout=10).title == "Level 9"


@pytest.fixture
def receiver() -> Iterator[tuple[str, queue.Queue[dict[str, Any]]]]:
    got: queue.Queue[dict[str, Any]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_gets_alerts_as_json(
    start: Start, tmp_path: Path, receiver: tuple[str, queue.Queue[dict[str, Any]]]
) -> None:
    url, got = receiver
    (tmp_path / "plugins.toml").write_text(f'[builtin]\nwebhook_url = "{url}"\n')
    monitor = start(Counting())

    set_level(monitor, 9)

    alert = got.get(timeout=10)
    assert (alert["rule"], alert["state"], alert["severity"]) == ("counting", "firing", "warning")


def test_a_webhook_that_is_no_address_is_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "plugins.toml").write_text('[builtin]\nwebhook_url = "file:///etc/passwd"\n')
    monitor = start(Counting())

    assert "an http or https address was expected" in state(monitor, "builtin")["error"]
