"""One monitored run: a real monitor, a stand-in for claude, and plugins that watch."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
from contextlib import closing

import pytest
from testkit.stage import Stage

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


def test_the_log_has_how_claude_and_the_monitor_ended(stage: Stage) -> None:
    stage.claude("exit 3")

    stage.python(RUN_CLAUDE)

    log = (stage.folder / "monitor" / "logs" / "monitor.log").read_text()
    ended = log.index("claude ended with exit code 3 in ")
    assert log.index('"event": "monitor started"') < ended < log.index('"event": "monitor stops"')


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
    with closing(sqlite3.connect(stage.folder / "monitor" / "monitor.db")) as newer:
        newer.execute("PRAGMA user_version = 999")

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments() == ["hello"]
    assert done.returncode == 7
    assert done.stderr.startswith("mpm-monitor: starting the monitor failed: ")
    assert done.stderr.count("\n") == 1


def test_a_damaged_store_is_one_line_and_the_run_is_monitored(stage: Stage) -> None:
    (stage.folder / "monitor").mkdir()
    (stage.folder / "monitor" / "monitor.db").write_text("this is no database " * 100)

    done = stage.python(RUN_CLAUDE, "hello")

    assert stage.arguments()[-1] == "hello"
    assert "--settings" in stage.arguments()
    assert done.returncode == 7
    assert done.stderr.startswith("mpm-monitor: The event store was damaged")
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
