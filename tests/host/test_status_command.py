"""``claude-mpm monitor status`` knows of a monitor that lives inside a run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.host import boot, status_command
from claude_mpm_monitor.runtime import Runtime

MODULE = "claude_mpm.services.monitor.daemon"


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The host's module as far as the command uses it; it says what its PID file says."""
    module = ModuleType(MODULE)
    source = (
        "class UnifiedMonitorDaemon:\n"
        "    found = {'running': False, 'pid': None, 'port': 8765}\n"
        "    def status(self):\n"
        "        return dict(self.found)\n"
    )
    exec(source, module.__dict__)
    monkeypatch.setitem(sys.modules, MODULE, module)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    return module


def announce() -> None:
    config = Config.from_environment()
    config.create_folders()
    runtime = Runtime(config.runtime)
    runtime.announce(port=9001, ingest_port=9002, started_at=1, server_id="x")


def test_a_monitor_inside_a_run_is_told_of(daemon: ModuleType) -> None:
    announce()
    status_command.watch()

    found = daemon.UnifiedMonitorDaemon().status()

    assert (found["running"], found["pid"], found["port"]) == (True, os.getpid(), 9001)


def test_nothing_is_claimed_when_no_monitor_runs(daemon: ModuleType) -> None:
    status_command.watch()

    assert daemon.UnifiedMonitorDaemon().status() == daemon.UnifiedMonitorDaemon.found


def test_the_hosts_own_daemon_is_shown_as_the_host_shows_it(daemon: ModuleType) -> None:
    announce()
    daemon.UnifiedMonitorDaemon.found = {"running": True, "pid": 7, "port": 8765}
    status_command.watch()

    assert daemon.UnifiedMonitorDaemon().status()["pid"] == 7


@pytest.mark.parametrize(
    ("arguments", "watched"),
    [
        (["monitor"], True),
        (["monitor", "status"], True),
        (["monitor", "stop"], False),
        (["monitor", "start"], False),
        (["run"], False),
        (["dashboard", "status"], False),
    ],
)
def test_only_the_status_command_is_extended(
    arguments: list[str], watched: bool, daemon: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", str(Path("/bin/claude-mpm")), *arguments])
    original = daemon.UnifiedMonitorDaemon.status

    boot.activate()

    assert (daemon.UnifiedMonitorDaemon.status is not original) is watched
