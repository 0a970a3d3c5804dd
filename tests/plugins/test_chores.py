"""Chores in a monitor: done by the one that owns the store, and shown."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from queue import Empty, Queue
from types import SimpleNamespace
from typing import Any

import pytest
from testkit.waiting import eventually
from testkit.wire import get

from claude_mpm_monitor import Chore, ChoreCall, Config, Monitor, hookimpl
from claude_mpm_monitor.cli.plugins import done
from claude_mpm_monitor.logs import new_logger
from claude_mpm_monitor.plugins import builtin
from claude_mpm_monitor.plugins.registry import Registry


class Plugin:
    def __init__(self, **fields: Any) -> None:
        self.calls: Queue[ChoreCall] = Queue()
        self.fields = {"name": "look", "every": 1, "run": self.calls.put, **fields}

    @hookimpl
    def monitor_register_chores(self) -> list[Chore]:
        return [Chore(**self.fields)]


def test_only_the_monitor_that_owns_the_store_does_chores_and_tells_of_them(tmp_path: Path) -> None:
    owning, beside = Plugin(), Plugin()
    with (
        Monitor(home=tmp_path, port=0, plugins=[owning]) as monitor,
        Monitor(home=tmp_path, port=0, plugins=[beside]),
    ):
        assert owning.calls.get(timeout=10).home == tmp_path

        def told() -> dict[str, Any]:
            states = json.loads(get(monitor.port, "/api/v1/plugins").body)["plugins"]
            (state,) = [state for state in states if state["name"] == "Plugin"]
            assert state["adds"] == {"chores": ["look"]}
            last: dict[str, Any] = state["chores"]["look"]
            return last

        eventually(lambda: told()["at"])
        with pytest.raises(Empty):
            beside.calls.get_nowait()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"every": 0.5}, "every is 0.5, at least 1 (second)"),
        ({"every": float("nan")}, "every is nan"),
        ({"every": 1e300}, "every is 1e+300"),
        ({"every": "daily"}, "every is 'daily'"),
        ({"run": None}, "run cannot be called"),
    ],
)
def test_a_chore_that_cannot_be_done_is_refused(
    fields: dict[str, Any], error: str, tmp_path: Path
) -> None:
    log = new_logger(logging.getLogger("claude_mpm_monitor.tests"))
    registry = Registry(Config(home=tmp_path), [Plugin(**fields)], log)

    (state,) = [state for state in registry.states() if state["name"] == "Plugin"]
    assert state["state"] == "failed"
    assert error in state["error"]


def test_how_a_chore_went_is_told_in_words() -> None:
    assert done({"at": 0, "seconds": 0.0, "error": ""}) == "has not been done yet"
    last = {"at": 1, "seconds": 1.23, "error": "OSError: full"}
    assert done(last).endswith("days ago, in 1.2 s: OSError: full")


def test_the_store_is_copied_only_where_that_is_wanted(tmp_path: Path) -> None:
    config = Config(home=tmp_path)
    never: Any = SimpleNamespace(backup_days=0, backup_keep=3)
    daily: Any = SimpleNamespace(backup_days=1, backup_keep=3)

    assert builtin.monitor_register_chores(config, never) == []
    assert [one.name for one in builtin.monitor_register_chores(config, daily)] == ["backup"]
