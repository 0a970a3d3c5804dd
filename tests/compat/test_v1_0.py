"""A plugin written for plugin API 1.0 works as it did."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from claude_mpm_monitor.hookspecs import SPECIFICATIONS
from testkit.waiting import eventually
from testkit.wire import get

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.model.run import ClaudeLaunch, RunOptions

from . import plugin_v1_0 as frozen

HOOKS_OF_1_0 = {
    name
    for module in SPECIFICATIONS
    for name, function in vars(module).items()
    if name.startswith("monitor_") and ".. versionadded:: 1.0" in (function.__doc__ or "")
}


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    frozen.CALLED.clear()
    with Monitor(home=tmp_path, port=0, plugins=[frozen]) as monitor:
        yield monitor


def test_it_uses_every_hook_there_was() -> None:
    assert {name for name in vars(frozen) if name.startswith("monitor_")} == HOOKS_OF_1_0


def test_everything_it_registers_works(monitor: Monitor) -> None:
    (told,) = (one for one in monitor.plugins.states() if one["name"].endswith("plugin_v1_0"))
    assert (told["state"], told["error"]) == ("active", "")
    assert set(told["hooks"]) == HOOKS_OF_1_0
    assert sorted(told["adds"]) == [
        *("analyzers", "decoders", "enrichers", "exporters", "prices"),
        *("redactors", "rules", "sinks", "widgets"),
    ]

    now = time.time_ns() // 1_000
    monitor.ingest(Raw(dialect="frozen", body=b'{"text": "hush"}', at=now, source="test"))

    eventually(lambda: monitor.query.document("frozen", "all"))
    document = monitor.query.document("frozen", "all")
    assert document is not None
    assert document.value == {"n": 2, "text": "****"}
    eventually(lambda: "deliver frozen firing" in frozen.CALLED)
    assert {"started", "enrich", "settle"} <= set(frozen.CALLED)
    page = get(monitor.port, f"/plugins/{told['name']}/frozen.one/frozen.js")
    assert b"HTMLElement" in page.body


def test_it_is_told_of_a_run(monitor: Monitor, tmp_path: Path) -> None:
    run = RunOptions(
        host_name="claude-mpm",
        host_version="6.5",
        arguments=(),
        directory=str(tmp_path),
        port=1,
    )
    launch = ClaudeLaunch(command=["claude"], environment={})

    monitor.plugins.call("monitor_run_starting", run=run)
    monitor.plugins.call("monitor_server_chosen", run=run, url="http://localhost:1")
    monitor.plugins.call("monitor_claude_launching", run=run, launch=launch)
    monitor.plugins.call("monitor_claude_exited", run=run, exit_code=3)
    monitor.plugins.call("monitor_run_ended", run=run, exit_code=3)

    assert launch.environment == {"FROZEN": "1"}
    assert frozen.CALLED[-4:] == [
        *(f"run starting in {tmp_path.name}", "server http://localhost:1"),
        *("exited 3", "ended 3"),
    ]
