"""The real claude-mpm, whichever version is installed, taken over; claude is a stand-in.

Run with ``pytest -m host`` in an environment that has claude-mpm and this package.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pexpect
import psutil
import pytest

from claude_mpm_monitor import host

pytestmark = [
    pytest.mark.host,
    pytest.mark.timeout(180),
    pytest.mark.skipif(find_spec("claude_mpm") is None, reason="claude-mpm is not installed"),
]

FAKE_CLAUDE = """\
#!/bin/sh
case "$1" in
--version) echo "2.1.330 (Claude Code)"; exit 0;;
--settings) cp "$2" "$WITNESS/settings.json";;
esac
printf '%s\\n' "$1" "$#" >"$WITNESS/arguments"
env >"$WITNESS/environment"
curl -s "http://127.0.0.1:$CLAUDE_MPM_SERVER_PORT/health" >"$WITNESS/health.json" 2>/dev/null
echo "claude was here"
exit 7
"""

#: The host's own monitor is a process that outlives its tests: it is told apart, not started.
SCRIPT = """\
import sys
from claude_mpm_monitor.host.boot import activate
activate()
from claude_mpm.cli import main
from claude_mpm.cli.commands import run

def own_monitor(*args, **options):
    print("the host's own monitor")
    return True, False

if hasattr(run, "UnifiedDashboardManager"):
    run.UnifiedDashboardManager.start_dashboard = own_monitor
elif hasattr(run, "_start_standalone_socketio_server"):
    run._start_standalone_socketio_server = own_monitor
    run.get_monitor_html_path = lambda: __import__("pathlib").Path(__file__)
sys.exit(main())
"""


class Project:
    """A project with the real host on it, in a home of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.witness = folder / "witness"
        self.home = folder / "home"
        programs = folder / "bin"
        for path in (self.witness, self.home, programs, folder / "project"):
            path.mkdir()
        claude = programs / "claude"
        claude.write_text(FAKE_CLAUDE)
        claude.chmod(0o755)
        subprocess.run(["git", "init", "-q", str(folder / "project")], check=True)
        self.environment = {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "WITNESS": str(self.witness),
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "CLAUDE_MPM_NO_BROWSER": "1",
        }
        self.port = free_port()

    def command(self, *arguments: str) -> list[str]:
        """claude-mpm as its console script runs it, after what our line in site-packages does."""
        script = self.folder / "claude-mpm"
        script.write_text(SCRIPT)
        return [sys.executable, str(script), "run", *arguments]

    def monitored(self, *arguments: str) -> list[str]:
        return self.command("--monitor", "--websocket-port", str(self.port), *arguments)

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder / "project",
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        lines = (self.witness / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project-of-the-host").mkdir()
    return Project(tmp_path / "project-of-the-host")


ONESHOT = ("-i", "hello", "--non-interactive")


def test_a_oneshot_run_is_ours(project: Project) -> None:
    done = project.run(project.monitored(*ONESHOT))

    hooks = json.loads((project.witness / "settings.json").read_text())["hooks"]
    assert {"PreToolUse", "SessionStart", "SessionEnd"} <= set(hooks)
    assert "claude_output" not in done.stdout + done.stderr
    assert "mpm-monitor: starting" not in done.stderr
    variables = project.variables()
    assert variables["CLAUDE_MPM_SOCKETIO_PORT"] == variables["CLAUDE_MPM_SERVER_PORT"]
    assert variables["CLAUDE_MPM_MONITOR_RUN"] == "1"


def test_the_port_asked_for_is_the_one_the_user_is_told(project: Project) -> None:
    done = project.run(project.monitored(*ONESHOT))

    assert f"http://localhost:{project.port}" in done.stdout + done.stderr


def test_an_interactive_run_ends_as_claude_ended(project: Project) -> None:
    (command, *arguments) = project.monitored()
    terminal = pexpect.spawn(
        command,
        arguments,
        cwd=str(project.folder / "project"),
        env=project.environment,
        encoding="utf-8",
        timeout=150,
        dimensions=(40, 120),
    )
    if terminal.expect(["configurator now", pexpect.EOF]) == 0:
        terminal.sendline("n")
        terminal.expect(pexpect.EOF)
    terminal.close()

    if "Argument list too long" in terminal.before:
        pytest.skip("this host's own fault: it passes its whole prompt as an argument")
    assert "claude was here" in terminal.before
    assert (terminal.exitstatus, terminal.signalstatus) == (7, None)
    assert (project.witness / "settings.json").exists()


def test_nothing_is_left_after_a_run(project: Project) -> None:
    project.run(project.monitored(*ONESHOT))

    assert list((project.home / ".claude-mpm" / "monitor" / "run").iterdir()) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", project.port)) != 0
    ours = [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("WITNESS") == str(project.witness)
        and "monitor" in " ".join(process.cmdline())
    ]
    assert ours == []


def test_the_host_writes_no_file_about_a_daemon_of_its_own(project: Project) -> None:
    project.run(project.monitored(*ONESHOT))

    assert list(project.folder.rglob("monitor-daemon*.pid")) == []


@pytest.mark.parametrize("off", ["no --monitor", "CLAUDE_MPM_MONITOR=0"])
def test_switched_off_it_is_the_host_alone(project: Project, off: str) -> None:
    if off == "no --monitor":
        done = project.run(project.command(*ONESHOT))
    else:
        # Without --monitor as well: the host's own daemon is not what this is about.
        project.environment["CLAUDE_MPM_MONITOR"] = "0"
        done = project.run(project.command(*ONESHOT))

    assert not (project.witness / "settings.json").exists()
    assert "CLAUDE_MPM_MONITOR_RUN" not in project.variables()
    assert not (project.home / ".claude-mpm" / "monitor").exists()
    assert "mpm-monitor" not in done.stderr


def test_a_monitor_that_cannot_start_leaves_the_run_to_the_host(project: Project) -> None:
    home = project.home / ".claude-mpm" / "monitor"
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / "monitor.db")) as newer:
        newer.execute("PRAGMA user_version = 999")
    done = project.run(project.monitored(*ONESHOT))

    # 3.2.1 needs packages it does not install, and fails by a fault of its own with them.
    assert re.search("the host's own monitor|(launch|install|Setting up) Socket.IO", done.stdout)
    lines = [line for line in done.stderr.splitlines() if line.startswith("mpm-monitor:")]
    assert len(lines) == 1
    assert re.match("mpm-monitor: starting the monitor failed: ", lines[0])
    assert (project.witness / "arguments").exists()
    assert not (project.witness / "settings.json").exists()


def test_asked_for_by_name_it_is_the_same(project: Project) -> None:
    program = (
        "import sys; from claude_mpm_monitor.host.takeover import run_host; "
        f"sys.exit(run_host(['--websocket-port', '{project.port}', *{ONESHOT!r}]))"
    )

    done = project.run([sys.executable, "-c", program])

    assert (project.witness / "settings.json").exists()
    assert f"http://localhost:{project.port}" in done.stdout + done.stderr


def test_our_line_in_site_packages_is_the_one_that_was_tested() -> None:
    line = Path(host.__file__).with_name("claude_mpm_monitor.pth").read_text()
    installed = [
        Path(folder) / "claude_mpm_monitor.pth"
        for folder in sys.path
        if (Path(folder) / "claude_mpm_monitor.pth").is_file()
    ]

    assert [path.read_text() for path in installed[:1]] == [line] * len(installed[:1])
