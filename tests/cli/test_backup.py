"""backup and restore, on the command line, with and without a monitor."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from testkit.waiting import eventually
from testkit.wire import get

from claude_mpm_monitor.cli.main import group
from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.storage.event_filter import EventFilter


def mpm(home: Path, *arguments: str) -> Result:
    command, *rest = arguments
    return CliRunner().invoke(group, [command, "--home", str(home), *rest])


def test_a_running_monitor_is_backed_up_and_goes_on_with_what_is_restored(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy.db"
    with Monitor(home=home, port=0) as monitor:
        for number in range(5):
            monitor.emit("Note", {"number": number}, session_id="s", wait=True)
        done = mpm(home, "backup", "--json", str(copy))
        assert json.loads(done.output)["events"] == 5
        monitor.emit("Late", session_id="s", wait=True)

        refused = mpm(home, "restore", str(copy))
        assert refused.exit_code == 1
        assert "--replace" in str(refused.exception)
        restored = mpm(home, "restore", "--replace", str(copy))

        assert "The running monitor goes on" in restored.output
        eventually(lambda: get(monitor.port, "/api/v1/status").json["store"]["events"] == 5)
        monitor.emit("After", session_id="s", wait=True)

        # The event before the restore had the same number.
        def events() -> int:
            session = monitor.query.document("session", "s")
            return 0 if session is None else session.value["events"]

        eventually(lambda: events() == 6)
        kinds = [event.kind for event in monitor.query.events(EventFilter(session_id="s"))]
        assert kinds == ["After", *["Note"] * 5]


def test_a_backup_is_not_written_over_a_file_that_is_there(tmp_path: Path) -> None:
    home, copy = tmp_path / "home", tmp_path / "copy.db"
    with Monitor(home=home, port=0):
        pass
    copy.write_text("mine")

    assert mpm(home, "backup", str(copy)).exit_code == 1
    assert copy.read_text() == "mine"
    assert mpm(home, "backup", "--force", str(copy)).exit_code == 0


def test_an_empty_home_is_filled_by_a_restore_without_asking(tmp_path: Path) -> None:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        monitor.emit("Note", wait=True)
    assert mpm(tmp_path / "home", "backup", str(tmp_path / "copy.db")).exit_code == 0

    done = mpm(tmp_path / "new", "restore", "--json", str(tmp_path / "copy.db"))

    assert json.loads(done.output)["events"] == 1
    assert mpm(tmp_path / "new", "sessions").exit_code == 0
