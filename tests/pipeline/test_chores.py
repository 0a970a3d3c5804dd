"""What plugins want done now and then is done, whatever it does itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from testkit.waiting import eventually

from claude_mpm_monitor import Chore, ChoreCall
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.pipeline import chores as module
from claude_mpm_monitor.pipeline.chores import Chores
from claude_mpm_monitor.plugins.guard import Guard, PluginState
from claude_mpm_monitor.plugins.lane import Lane
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query

Run = Callable[[ChoreCall], object]


class Plugins:
    """One plugin for each chore, on lanes as a registry makes them."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._query = Query(Database(home / "monitor.db"))
        self._running: list[Chores] = []

    def start(
        self, *runs: Run, every: float = 0.005, first: float = 0.0, built_in: bool = False
    ) -> list[PluginState]:
        log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
        states = [PluginState(name=f"p{number}") for number, _ in enumerate(runs)]
        found = [
            Contribution(
                state.name,
                Chore(name="chore", every=every, run=run),
                Guard(state, log, lane=None if built_in else Lane(state.name)),
            )
            for state, run in zip(states, runs, strict=True)
        ]
        self._running.append(Chores(found, self._query, self._home, first=first))
        self._running[-1].start()
        return states

    def stop(self, timeout: float = 5.0) -> None:
        for chores in self._running:
            chores.stop(timeout)
        self._query.close()


@pytest.fixture
def plugins(tmp_path: Path) -> Iterator[Plugins]:
    made = Plugins(tmp_path)
    yield made
    made.stop()


def test_a_chore_is_done_again_and_again_and_given_what_it_needs(
    plugins: Plugins, tmp_path: Path
) -> None:
    calls: Queue[ChoreCall] = Queue()
    (state,) = plugins.start(calls.put)
    first, second = calls.get(timeout=5), calls.get(timeout=5)
    eventually(lambda: state.chores["chore"].at)

    assert first is second
    assert (first.home, first.query.last_seq(), first.stopping()) == (tmp_path, 0, False)
    assert state.chores["chore"].error == ""
    assert state.chores["chore"].seconds > 0


def test_one_that_has_had_no_turn_yet_says_so(plugins: Plugins) -> None:
    (state,) = plugins.start(print, every=60, first=60)

    assert state.chores["chore"].at == 0


def test_one_that_raises_is_told_tried_again_and_at_last_left_alone(plugins: Plugins) -> None:
    times: list[int] = []

    def fail(call: ChoreCall) -> None:
        times.append(1)
        raise ValueError("no good")

    def leave(call: ChoreCall) -> None:
        raise SystemExit(3)

    done: Queue[ChoreCall] = Queue()
    states = plugins.start(fail, leave, done.put)
    for state in states[:2]:
        eventually(lambda state=state: state.state == "quarantined")  # type: ignore[misc]
    for _ in range(3):
        done.get(timeout=5)

    assert len(times) == 10
    assert "chore chore: ValueError: no good" in states[0].chores["chore"].error
    assert "SystemExit: 3" in states[1].chores["chore"].error
    assert states[2].failures == 0


def test_one_that_is_built_in_waits_when_it_failed_and_is_never_left_alone(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: Queue[float] = Queue()

    def fail(call: ChoreCall) -> None:
        times.put(time.monotonic())
        raise ValueError("no room")

    monkeypatch.setattr(module, "FAILED_SECONDS", 0.05)
    (state,) = plugins.start(fail, built_in=True)
    began = [times.get(timeout=5) for _ in range(12)]
    plugins.stop()

    assert began[-1] - began[0] >= 10 * 0.05
    assert state.state == "active"
    assert "chore chore: ValueError: no room" in state.chores["chore"].error


def test_one_that_hangs_is_left_alone_and_keeps_nobody_waiting(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Room for the sound one on a machine that is busy: the time is the same for both.
    monkeypatch.setattr(module, "CHORE_SECONDS", 1.0)
    gate = threading.Event()
    done: Queue[ChoreCall] = Queue()
    hanging, sound = plugins.start(lambda call: gate.wait(30), done.put)
    eventually(lambda: hanging.state == "quarantined")
    before = done.qsize()
    eventually(lambda: done.qsize() > before)
    plugins.stop()
    gate.set()

    assert "did not return within 1 s" in hanging.chores["chore"].error
    assert sound.state == "active"


def test_one_that_takes_long_is_told_when_the_monitor_stops(plugins: Plugins) -> None:
    begun, ended = threading.Event(), threading.Event()

    def long(call: ChoreCall) -> None:
        begun.set()
        eventually(call.stopping)
        ended.set()

    plugins.start(long)
    assert begun.wait(5)
    plugins.stop()

    assert ended.is_set()
