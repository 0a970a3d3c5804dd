"""What plugins' objects take in memory is counted honestly, in bounded time, and breaks nothing."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Config, Documents, Event, Metric, Monitor, hookimpl
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins.footprint import (
    MOST_OBJECTS,
    Counting,
    Footprint,
    resident_bytes,
)
from claude_mpm_monitor.plugins.registry import Registry

SECONDS = 20.0
MEGABYTE = 1_000_000


class Keeping:
    """An analyzer with something in its memory."""

    name = "keeping"
    version = 1
    topics = ("kept",)

    def __init__(self, kept: object = None) -> None:
        self.kept = kept

    def apply(self, event: Event, documents: Documents) -> None:
        documents.put("kept", event.session_id, {"text": "x" * 5_000})


class Plugin:
    def __init__(self, *analyzers: object) -> None:
        self.analyzers = analyzers

    @hookimpl
    def monitor_register_analyzers(self) -> tuple[object, ...]:
        return self.analyzers


def counted(*own: object) -> Footprint:
    return Counting(time.monotonic() + SECONDS).of(own)


def footprints(home: Path, *plugins: object) -> dict[str, Footprint]:
    log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
    return Registry(Config(home=home), plugins, log).footprints(SECONDS)


def test_a_plugin_that_keeps_ten_megabytes_is_told_from_one_that_keeps_nothing(
    tmp_path: Path,
) -> None:
    class Thrifty:
        @hookimpl
        def monitor_register_rules(self) -> None:
            pass

    kept = [bytes(1_000) for _ in range(10_000)]
    found = footprints(tmp_path, Plugin(Keeping(kept)), Thrifty())

    assert found["Plugin"].complete
    assert 10 * MEGABYTE < found["Plugin"].bytes < 11 * MEGABYTE
    assert found["Plugin"].objects > 10_000
    assert found["Thrifty"].complete
    assert found["Thrifty"].bytes < 1_000


def test_what_is_built_in_is_counted_as_well(tmp_path: Path) -> None:
    found = footprints(tmp_path)["builtin"]

    assert found.complete
    assert 10_000 < found.bytes < 2 * MEGABYTE


def test_more_than_is_looked_at_is_told_to_be_at_least_so_much() -> None:
    found = counted([{"number": number} for number in range(MOST_OBJECTS, 3 * MOST_OBJECTS)])

    assert not found.complete
    assert 0.9 * MOST_OBJECTS < found.objects <= MOST_OBJECTS
    assert found.bytes > 8 * 2 * MOST_OBJECTS


@pytest.mark.parametrize("kind", [deque, set, tuple, list, dict.fromkeys, OrderedDict.fromkeys])
def test_a_large_container_is_looked_into_as_far_as_allowed(kind: Callable[[Any], Any]) -> None:
    found = counted(kind(range(1_000, 3 * MOST_OBJECTS)))

    assert not found.complete
    assert found.bytes > 8 * 2 * MOST_OBJECTS


def test_when_time_is_over_it_is_at_least_what_was_counted() -> None:
    found = Counting(time.monotonic() - 1).of([[1, 2, 3]])

    assert found == Footprint(bytes=0, objects=0, complete=False)


def test_what_two_plugins_share_counts_once() -> None:
    shared = bytes(MEGABYTE)
    counting = Counting(time.monotonic() + SECONDS)

    assert counting.of([[shared]]).bytes > MEGABYTE
    assert counting.of([[shared]]).bytes < 1_000


def test_what_a_function_has_captured_counts_and_its_module_does_not() -> None:
    kept = bytes(MEGABYTE)
    metric = Metric(name="kept", help="K.", read=lambda _: len(kept))

    assert MEGABYTE < counted(metric).bytes < MEGABYTE + 2_000


def test_a_plugin_that_is_a_module_keeps_its_variables_and_those_of_its_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = ModuleType("keeping_plugin")
    part = ModuleType("keeping_plugin.part")
    source = (
        "import json, logging\nclass Cache:\n    kept = bytes(1_000_000)\nown = bytes(2_000_000)"
    )
    exec(source, package.__dict__)
    exec("more = bytes(4_000_000)", part.__dict__)
    for module in (package, part):
        monkeypatch.setitem(sys.modules, module.__name__, module)

    found = footprints(tmp_path, package)["keeping_plugin"]

    assert found.complete
    assert 7 * MEGABYTE < found.bytes < 7 * MEGABYTE + 5_000


def test_a_monitor_that_a_plugin_keeps_is_not_its_own(tmp_path: Path) -> None:
    monitor = Monitor(home=tmp_path, port=0)
    calls = [monitor, monitor.query, monitor.emit, monitor.plugins.prices]

    assert counted([calls]).bytes < 1_000


class Unhelpful:
    """Answers whatever is asked of it by raising."""

    def __init__(self) -> None:
        self.kept = bytes(MEGABYTE)

    def __sizeof__(self) -> int:
        raise RuntimeError("a size is nothing to ask for")

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError("nor is a class")

    def __len__(self) -> int:
        raise RuntimeError("nor a length")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("nor anything else")


def test_no_code_of_the_plugin_is_called() -> None:
    assert counted([Unhelpful()]).bytes > MEGABYTE


def test_others_may_change_what_is_looked_at() -> None:
    kept: dict[str, Any] = {"list": [], "dict": {}, "deque": deque(), "set": set()}
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            kept["list"].append([number])
            kept["dict"][number] = {"number": number}
            kept["deque"].append((number,))
            kept["set"].add(str(number))
            if number % 500 == 0:
                for one in kept.values():
                    one.clear()

    threads = [threading.Thread(target=change, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        found = [counted(kept) for _ in range(100)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert all(one.bytes > 0 for one in found)


def test_what_the_process_has_in_memory_is_known_where_the_system_tells() -> None:
    assert resident_bytes() > 5 * MEGABYTE if sys.platform == "linux" else resident_bytes() == 0


def told(monitor: Monitor) -> dict[str, dict[str, Any]]:
    answer = get(monitor.port, "/api/v1/plugins")
    return {each["name"]: each for each in json.loads(answer.body)["plugins"]}


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    plugin = Plugin(Keeping([bytes(1_000) for _ in range(2_000)]))
    with Monitor(home=tmp_path, port=0, plugins=[plugin]) as monitor:
        for name in ("s1", "s2"):
            assert post(monitor.port, "/hooks/claude", Talk(name).start()).status == 204
        eventually(lambda: len(monitor.query.documents("kept")) == 2)
        eventually(lambda: monitor.query.documents("session"))
        yield monitor


def test_rest_tells_what_each_plugin_keeps_in_memory_and_in_the_store(monitor: Monitor) -> None:
    plugins = told(monitor)

    kept = plugins["Plugin"]
    assert kept["memory"]["complete"]
    # Its own two megabytes, and its documents of which the monitor has a copy in memory.
    assert 2 * MEGABYTE + 10_000 < kept["memory"]["bytes"] < 2.5 * MEGABYTE
    size = len('{"text":""}') + 5_000
    assert kept["stored"] == {"documents": 2, "bytes": 2 * size, "complete": True}
    assert plugins["builtin"]["stored"]["documents"] > 2
    assert plugins["builtin"]["memory"]["objects"] > 100
    assert kept["load_bytes"] >= 0


def test_what_was_counted_holds_for_a_while(monitor: Monitor) -> None:
    before = told(monitor)
    monitor.emit("Later", session_id="s3", wait=True)
    eventually(lambda: len(monitor.query.documents("kept")) == 3)

    assert told(monitor)["Plugin"]["stored"] == before["Plugin"]["stored"]
