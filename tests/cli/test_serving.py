"""`serve`, `start` and what the other commands say while a monitor runs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from urllib.request import Request, urlopen

import pytest

from .conftest import Program

Started = Callable[..., Program]
Run = Callable[..., "CompletedProcess[str]"]


def address(program: Program) -> str:
    line = program.line("http://")
    program.line("Ctrl-C")
    match = re.search(r"http://localhost:\d+", line)
    assert match is not None
    return match.group()


def post(url: str, payload: dict[str, str]) -> None:
    request = Request(f"{url}/hooks/claude", json.dumps(payload).encode(), method="POST")
    with urlopen(request, timeout=5) as response:
        assert response.status == 204


PROMPT = {
    "hook_event_name": "UserPromptSubmit",
    "session_id": "5e551011",
    "cwd": "/sample",
    "prompt": "Mend the search",
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_serve_prints_its_address_and_ends_cleanly(
    started: Started, home: Path, number: signal.Signals
) -> None:
    program = started("serve", "--port", "0", "--home", home)
    url = address(program)
    post(url, PROMPT)

    assert program.end(number) == 0

    assert "1 events were stored" in program.output
    assert "Traceback" not in program.output
    assert not (home / "monitor.json").exists()


def test_a_second_serve_points_to_the_first(started: Started, mpm_monitor: Run, home: Path) -> None:
    url = address(started("serve", "--port", "0", "--home", home))

    second = mpm_monitor("serve", "--port", "0", "--home", home)

    assert second.returncode == 0
    assert "already running" in second.stdout
    assert url in second.stdout


def test_a_port_of_a_stranger_is_refused_with_the_name_of_its_owner(
    mpm_monitor: Run, home: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]

        result = mpm_monitor("serve", "--port", str(port), "--home", home)

    assert result.returncode == 1
    assert f"Port {port} is in use by" in result.stderr
    assert f"pid {os.getpid()}" in result.stderr
    assert f"--port {port + 1}" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_other_commands_speak_of_the_running_monitor(
    started: Started, mpm_monitor: Run, home: Path
) -> None:
    url = address(started("serve", "--port", "0", "--home", home))
    post(url, PROMPT)

    status = json.loads(mpm_monitor("status", "--json", "--home", home).stdout)
    opened = mpm_monitor("open", "--home", home)
    plugins = json.loads(mpm_monitor("plugins", "--json", "--home", home).stdout)
    doctor = json.loads(mpm_monitor("doctor", "--json", "--home", home).stdout)

    assert status["running"] is True
    assert (status["url"], status["counters"]["stored"]) == (url, 1)
    assert f"{url}/dashboard" in opened.stdout
    assert [plugin["state"] for plugin in plugins if plugin["name"] == "builtin"] == ["active"]
    assert url in next(found["text"] for found in doctor if found["check"] == "monitor")


def plugin(path: Path, answer: str) -> None:
    """Write a plugin whose one route answers that."""
    path.with_suffix(".new").write_text(
        "from claude_mpm_monitor import RouteSpec, hookimpl\n\n"
        "@hookimpl\ndef monitor_register_routes():\n"
        f"    return [RouteSpec(path='word', handler=lambda call: {answer}, summary='A word.')]\n"
    )
    path.with_suffix(".new").replace(path)


def told(url: str, name: str) -> dict[str, str]:
    with urlopen(f"{url}/api/v1/plugins/{name}/word", timeout=5) as response:
        return dict(json.load(response))


def test_a_plugin_of_a_file_is_served_and_anew_when_the_file_changes(
    started: Started, home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "worded.py"
    plugin(path, "{'word': 'first'}")
    program = started(
        *("serve", "--port", "0", "--home", home, "--plugin", path, "--reload-plugins")
    )
    url = address(program)
    assert told(url, "worded") == {"word": "first"}

    plugin(path, "{'word': 'second, and longer'}")
    program.line("starts anew")
    program.line("Ctrl-C")
    assert told(url, "worded") == {"word": "second, and longer"}

    path.write_text("this is no Python")
    program.line("worded: ")
    program.line("Ctrl-C")
    plugin(path, "{'word': 'mended'}")
    program.line("starts anew")
    program.line("Ctrl-C")
    assert told(url, "worded") == {"word": "mended"}
    assert program.end(signal.SIGINT) == 0


def test_a_plugin_that_is_no_file_is_refused(mpm_monitor: Run, home: Path) -> None:
    result = mpm_monitor("serve", "--plugin", home / "none.py", "--home", home)

    assert result.returncode == 2
    assert "none.py" in result.stderr


def test_start_plays_the_sample_where_there_is_no_session(
    started: Started, mpm_monitor: Run, home: Path
) -> None:
    program = started("start", "--port", "0", "--home", home)
    line = program.line("http://")
    program.line("Ctrl-C")

    (session,) = json.loads(mpm_monitor("sessions", "--json", "--home", home).stdout)

    assert session["session_id"] in line
    assert session["project"] == "/sample/recipe-box"
    assert session["status"] == "running"
    assert program.end(signal.SIGINT) == 0


def test_start_brings_in_the_sessions_that_are_there(
    started: Started, mpm_monitor: Run, home: Path, private_environment: Path
) -> None:
    folder = private_environment / ".claude" / "projects" / "-sample"
    folder.mkdir(parents=True)
    line = {
        "type": "user",
        "uuid": "0f3c8b9e-52c5-4f35-9ad0-2f6d1f4f1c11",
        "sessionId": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "timestamp": "2026-03-01T10:00:00.000Z",
        "cwd": "/sample",
        "message": {"role": "user", "content": "Hello"},
    }
    (folder / "7c9e6679-7425-40de-944b-e07fc1f90ae7.jsonl").write_text(json.dumps(line) + "\n")

    program = started("start", "--port", "0", "--home", home)
    program.line("Ctrl-C")

    assert "1 files: 1 new events" in program.output
    assert program.end(signal.SIGINT) == 0
