"""`mpm-monitor plugins`: switching plugins on and off, and what `trace` tells of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.main import group
from claude_mpm_monitor.errors import MonitorError

SOURCE = """
from claude_mpm_monitor import RouteSpec, hookimpl

@hookimpl
def monitor_register_routes():
    return [RouteSpec(path="hello", handler=lambda call: 1, summary="Greets.")]

@hookimpl
def monitor_register_rules():
    return 1 / 0
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with one plugin, part of which fails."""
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "greeter.py").write_text(
        SOURCE.partition("@hookimpl\ndef monitor_register_rules")[0]
    )
    (tmp_path / "plugins" / "faulty.py").write_text(SOURCE)
    return tmp_path


def plugins(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["plugins", *arguments, "--home", str(home)])


def states(monitor: Monitor) -> dict[str, str]:
    return {state["name"]: state["state"] for state in monitor.plugins.states()}


def test_a_plugin_is_switched_off_and_on_without_a_monitor(home: Path) -> None:
    assert (
        "greeter is disabled from the next start on." in plugins(home, "disable", "greeter").output
    )
    with Monitor(home=home, port=0) as monitor:
        assert states(monitor)["greeter"] == "disabled"

    assert "greeter is enabled from the next start on." in plugins(home, "enable", "greeter").output
    with Monitor(home=home, port=0) as monitor:
        assert states(monitor)["greeter"] == "active"


def test_a_plugin_is_switched_off_and_on_in_the_running_monitor(home: Path) -> None:
    with Monitor(home=home, port=0) as monitor:
        assert plugins(home, "disable", "greeter").output == "greeter is disabled.\n"
        assert states(monitor)["greeter"] == "disabled"

        assert plugins(home, "enable", "greeter").output == "greeter is enabled.\n"
        assert states(monitor)["greeter"] == "active"


def test_a_plugin_that_could_not_be_loaded_stays_so_until_the_next_start(home: Path) -> None:
    with Monitor(home=home, port=0) as monitor:
        told = plugins(home, "enable", "faulty").output

        assert told.startswith("faulty is enabled from the next start on: ")
        assert states(monitor)["faulty"] == "failed"

        plugins(home, "disable", "faulty")
        plugins(home, "enable", "faulty")
        assert states(monitor)["faulty"] == "disabled"


@pytest.mark.parametrize(
    ("name", "reason"), [("nobody", "There is no plugin 'nobody'"), ("builtin", "cannot be")]
)
def test_what_cannot_be_switched_off_is_said(home: Path, name: str, reason: str) -> None:
    result = plugins(home, "disable", name)

    assert isinstance(result.exception, MonitorError)
    assert reason in str(result.exception)


def test_the_list_tells_what_each_plugin_keeps(home: Path) -> None:
    alone = plugins(home, "list").output
    with Monitor(home=home, port=0):
        running = plugins(home, "list").output
        traced = plugins(home, "trace", "greeter").output

    assert re.search(r"greeter .* \d+ B +- +0 *\n", alone)
    assert re.search(r"greeter .* \d+ B +0 B +0 *\n", running)
    assert re.search(r"\n  its data takes \d+ B in \d+ objects\n", traced)


def test_trace_tells_what_a_plugin_adds_and_where_it_failed(home: Path) -> None:
    sound, faulty = (
        plugins(home, "trace", "greeter").output,
        plugins(home, "trace", "faulty").output,
    )

    assert sound.startswith("greeter: active\n  loaded in ")
    assert "its own lines hold" in sound
    assert "  implements monitor_register_routes\n  adds routes: GET hello\n" in sound
    assert faulty.startswith("faulty: failed\n")
    assert "ZeroDivisionError" in faulty
    assert "return 1 / 0" in faulty
