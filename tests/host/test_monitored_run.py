"""One monitored run: a real monitor, a stand-in for claude, and plugins that watch."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from claude_mpm_monitor.host import launch

FAKE_CLAUDE = """\
#!/bin/sh
case "$1" in --version) echo "2.1.330 (Claude Code)"; exit 0;; esac
printf '%s\\n' "$@" >"$WITNESS/arguments"
env >"$WITNESS/environment"
[ "$1" = --settings ] && cp "$2" "$WITNESS/settings.json" 2>/dev/null
{action}
"""


class Stage:
    """A folder with a stand-in for claude on PATH, and Python programs run beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "WITNESS": str(folder),
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CLAUDE_MPM_MONITOR_HOME": str(folder / "monitor"),
            "CLAUDE_MPM_MONITOR_PORT": "0",
            "PYTHONWARNINGS": "error,ignore::DeprecationWarning:eventlet",
        }
        self.claude("exit 7")

    def claude(self, action: str, facts: str = "") -> None:
        """Let the stand-in end with the shell text `action`."""
        path = self.folder / "bin" / "claude"
        path.parent.mkdir(exist_ok=True)
        path.write_text(FAKE_CLAUDE.format(action=action) + facts)
        path.chmod(0o755)

    def python(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=25,
            check=False,
        )

    def plugin(self, text: str) -> None:
        """Install a distribution whose one module, `watching`, is a plugin with this `text`."""
        (self.folder / "watching.py").write_text(textwrap.dedent(text))
        facts = self.folder / "watching-1.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: watching\nVersion: 1.0\n")
        (facts / "entry_points.txt").write_text("[claude_mpm_monitor]\nwatching = watching\n")

    def arguments(self) -> list[str]:
        return (self.folder / "arguments").read_text().splitlines()

    def variables(self) -> dict[str, str]:
        lines = (self.folder / "environment").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


RUN_CLAUDE = """
    import sys
    from claude_mpm_monitor.host.takeover import run_claude
    sys.exit(run_claude(sys.argv[1:]))
"""


def test_claude_gets_the_arguments_and_our_hooks(stage: Stage) -> None:
    done = stage.python(RUN_CLAUDE, "--model", "opus", "a prompt")

    assert (done.returncode, done.stdout, done.stderr) == (7, "", "")
    assert stage.arguments()[0] == "--settings"
    assert stage.arguments()[2:] == ["--model", "opus", "a prompt"]
    hooks = json.loads((stage.folder / "settings.json").read_text())["hooks"]
    assert {"PreToolUse", "SessionStart", "Stop"} <= set(hooks)


def test_the_hooks_settings_are_gone_after_the_run(stage: Stage) -> None:
    stage.python(RUN_CLAUDE)

    assert list((stage.folder / "monitor" / "run").iterdir()) == []


def test_what_the_hooks_of_the_run_send_is_stored(stage: Stage) -> None:
    stage.claude(
        'command=$(grep -o \'exec [^"]*emit.sh [^"]*\' "$2" | head -1)\n'
        'printf \'{"session_id":"s","hook_event_name":"SessionStart"}\' | sh -c "$command"\n'
    )
    stage.python(RUN_CLAUDE)

    kept = stage.python(
        """
        from claude_mpm_monitor import Monitor
        with Monitor() as monitor:
            event = monitor.query.event(monitor.query.last_seq())
            print(event.session_id, event.kind, event.source)
        """
    )

    assert kept.stdout == "s SessionStart command_hook\n", kept.stderr


def test_claude_is_told_where_the_hosts_own_hooks_report(stage: Stage) -> None:
    stage.python(RUN_CLAUDE)

    variables = stage.variables()
    assert variables["CLAUDE_MPM_SERVER_HOST"] == "127.0.0.1"
    assert variables["CLAUDE_MPM_SOCKETIO_PORT"] == variables["CLAUDE_MPM_SERVER_PORT"]
    assert int(variables["CLAUDE_MPM_SERVER_PORT"]) > 0
    assert variables["CLAUDE_MPM_MONITOR_RUN"] == "1"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL"])
def test_a_run_ends_by_the_signal_that_ended_claude(stage: Stage, name: str) -> None:
    number = getattr(signal, name)
    stage.claude(f"kill -{number:d} $$")

    assert stage.python(RUN_CLAUDE).returncode == -number


def test_without_claude_there_is_a_sentence_and_the_shells_code(stage: Stage) -> None:
    (stage.folder / "bin" / "claude").unlink()
    stage.environment["PATH"] = str(stage.folder / "bin")

    done = stage.python(RUN_CLAUDE)

    assert done.returncode == 127
    assert done.stderr == ("mpm-monitor: there is no `claude` on PATH: install Claude Code first\n")


def test_a_version_too_old_for_hooks_of_one_run_is_started_as_it_is(stage: Stage) -> None:
    path = stage.folder / "bin" / "claude"
    path.write_text(path.read_text().replace("2.1.330", "1.0.20"))

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments() == ["hello"]
    assert done.returncode == 7
    assert "mpm-monitor hooks install" in done.stderr


def test_settings_of_the_users_that_cannot_be_read_are_left_to_claude(stage: Stage) -> None:
    done = stage.python(RUN_CLAUDE, "--settings", "absent.json")

    assert stage.arguments() == ["--settings", "absent.json"]
    assert done.stderr.count("\n") == 1
    assert "absent.json" in done.stderr


def kinds_of_hooks(stage: Stage) -> set[str]:
    hooks = json.loads((stage.folder / "settings.json").read_text())["hooks"]
    return {groups[0]["hooks"][0]["type"] for groups in hooks.values()}


def test_hooks_go_by_command_where_addresses_are_limited(stage: Stage) -> None:
    folder = stage.folder / ".claude"
    folder.mkdir()
    (folder / "settings.json").write_text('{"allowedHttpHookUrls": ["https://example.com/*"]}')

    stage.python(RUN_CLAUDE)

    assert kinds_of_hooks(stage) == {"command"}


@pytest.mark.parametrize(
    ("variables", "kinds"),
    [
        ({"HTTP_PROXY": "http://proxy:3128"}, {"command"}),
        ({"https_proxy": "http://proxy:3128", "NO_PROXY": "localhost"}, {"command"}),
        ({"HTTPS_PROXY": "http://proxy:3128", "no_proxy": "x, 127.0.0.1"}, {"command", "http"}),
        ({"HTTP_PROXY": ""}, {"command", "http"}),
    ],
    ids=["proxy", "proxy but for localhost", "proxy but for us", "no proxy"],
)
def test_hooks_go_by_command_where_a_proxy_would_swallow_them(
    stage: Stage, variables: dict[str, str], kinds: set[str]
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        stage.environment.pop(name, None)
        stage.environment.pop(name.upper(), None)
    stage.environment.update(variables)

    stage.python(RUN_CLAUDE)

    assert kinds_of_hooks(stage) == kinds


def test_hooks_the_user_has_switched_off_stay_off(stage: Stage) -> None:
    folder = stage.folder / ".claude"
    folder.mkdir()
    (folder / "settings.local.json").write_text('{"disableAllHooks": true}')

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments() == ["hello"]
    assert "switch off all hooks" in done.stderr


def test_a_port_that_is_taken_is_said_so(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        stage.environment["CLAUDE_MPM_MONITOR_PORT"] = str(port)
        done = stage.python(RUN_CLAUDE)

    assert done.returncode == 7
    assert re.fullmatch(
        rf"mpm-monitor: port {port} is taken: the dashboard is at http://localhost:\d+\n",
        done.stderr,
    )


def test_a_monitor_that_cannot_start_does_not_keep_claude_from_running(stage: Stage) -> None:
    (stage.folder / "monitor").mkdir()
    (stage.folder / "monitor" / "monitor.db").write_text("this is no database " * 100)

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments() == ["hello"]
    assert done.returncode == 7
    assert done.stderr.startswith("mpm-monitor: starting the monitor failed: ")
    assert done.stderr.count("\n") == 1


def test_plugins_are_told_of_every_step_and_may_change_the_launch(stage: Stage) -> None:
    stage.plugin(
        """
        from claude_mpm_monitor import hookimpl

        def tell(*step):
            print(*step, flush=True)

        @hookimpl
        def monitor_run_starting(run):
            tell("starting", run.host_name, run.arguments)

        @hookimpl
        def monitor_server_chosen(run, url):
            tell("chosen", url.rpartition(":")[0])

        @hookimpl
        def monitor_claude_launching(run, launch):
            launch.command.append("from a plugin")
            launch.environment["FROM_A_PLUGIN"] = "yes"
            tell("launching", launch.command[0])

        @hookimpl
        def monitor_claude_exited(run, exit_code):
            tell("exited", exit_code)

        @hookimpl
        def monitor_run_ended(run, exit_code):
            tell("ended", exit_code)
        """
    )

    done = stage.python(RUN_CLAUDE, "hello")

    assert done.stdout.splitlines() == [
        "starting claude ('hello',)",
        "chosen http://localhost",
        "launching claude",
        "exited 7",
        "ended 7",
    ], done.stderr
    assert stage.arguments()[2:] == ["hello", "from a plugin"]
    assert stage.variables()["FROM_A_PLUGIN"] == "yes"


def test_a_plugin_that_fails_costs_the_run_nothing(stage: Stage) -> None:
    stage.plugin(
        """
        from claude_mpm_monitor import hookimpl

        @hookimpl
        def monitor_claude_launching(run, launch):
            raise RuntimeError("a plugin's own fault")
        """
    )

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments()[2:] == ["hello"]
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize("function", ["execvpe", "execvp", "execve", "execv"])
def test_exec_of_claude_runs_it_and_leaves_with_its_exit_code(stage: Stage, function: str) -> None:
    program = "claude" if function.startswith("execvp") else str(stage.folder / "bin" / "claude")
    environment = ", dict(os.environ)" if function.endswith("e") else ""

    done = stage.python(
        f"""
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        try:
            os.{function}({program!r}, ["claude", "hello"]{environment})
        finally:
            print("the host's own clean-up")
        """
    )

    assert (done.returncode, done.stdout) == (7, "the host's own clean-up\n"), done.stderr
    assert stage.arguments()[-1] == "hello"


def test_exec_of_other_programs_stays_exec(stage: Stage) -> None:
    done = stage.python(
        """
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        os.execvp("sh", ["sh", "-c", "echo $PPID; exit 4"])
        """
    )

    assert (done.returncode, done.stdout) == (4, f"{os.getpid()}\n")


def test_a_claude_that_cannot_be_started_raises_what_exec_raises(stage: Stage) -> None:
    done = stage.python(
        """
        import os
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        launch.replace_exec(run)
        for prompt, path in (("x" * 3_000_000, os.environ["PATH"]), ("x", "/nowhere")):
            try:
                os.execvpe("claude", ["claude", prompt], {"PATH": path})
            except OSError as error:
                print(type(error).__name__, error.errno)
        """
    )

    assert done.stdout == "OSError 7\nFileNotFoundError 2\n", done.stderr


def test_what_the_host_captures_stays_its_own(stage: Stage) -> None:
    stage.claude('echo "$# words"; echo problem >&2; exit 3')

    done = stage.python(
        """
        import subprocess
        from claude_mpm_monitor.host import launch, monitored_run
        run = monitored_run.current()
        assert run.start(0)
        watched = launch.MonitoredSubprocess(subprocess, lambda: run)
        command = ["claude", "--print", "hello"]
        result = watched.run(command, capture_output=True, text=True, check=False)
        print(result.returncode, repr(result.stdout), repr(result.stderr), command)
        print(watched.run(["echo", "other"], capture_output=True, text=True).stdout.strip())
        with watched.Popen(command, stdout=watched.DEVNULL, stderr=watched.DEVNULL) as process:
            print(process.wait())
        try:
            watched.run(["sleep", "5"], timeout=0.01)
        except watched.TimeoutExpired:
            print("too slow")
        """
    )

    assert done.stdout.splitlines() == [
        r"3 '4 words\n' 'problem\n' ['claude', '--print', 'hello']",
        "other",
        "3",
        "too slow",
    ], done.stderr


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("claude", True),
        ("/usr/bin/claude", True),
        ("C:\\bin\\claude.exe", True),
        ("claude.cmd", True),
        ("claude-mpm", False),
        ("node", False),
        ("", False),
    ],
)
def test_only_claude_is_claude(program: str, answer: bool) -> None:
    assert launch.is_claude(program) is answer
