"""The examples that tell others: OpenTelemetry, and git."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.testing import HttpReceiver, Session

Load = Callable[[str], ModuleType]
Start = Callable[..., Monitor]


def test_a_turn_becomes_a_trace(
    example: Load, start_monitor: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpReceiver() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        monitor = start_monitor([example("otel_export").OtelExport()])
        session = Session().start().prompt("Mend it").answer(input_tokens=100)
        session.bash("make", seconds=2).failing("Bash", {"command": "make test"}).stop()
        session.tell(monitor)
        came = receiver.next()

    assert came.path == "/v1/traces"
    (resource,) = came.json()["resourceSpans"]
    spans = resource["scopeSpans"][0]["spans"]
    root = spans[0]
    assert sorted(span["name"] for span in spans[1:]) == [
        "chat claude-opus-5",
        "execute_tool Bash",
        "execute_tool Bash",
    ]
    assert {span["parentSpanId"] for span in spans[1:]} == {root["spanId"]}
    assert {span["traceId"] for span in spans} == {root["traceId"]}
    assert sorted(span["status"]["code"] for span in spans) == [1, 1, 1, 2]
    lasted = [int(s["endTimeUnixNano"]) - int(s["startTimeUnixNano"]) for s in spans]
    assert 2_000_000_000 in lasted


def test_what_is_no_collector_is_told_and_the_next_turn_is_tried(
    example: Load, start_monitor: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as speaks_something_else:
        port = speaks_something_else.getsockname()[1]
        answering = threading.Thread(target=_answer_twice, args=(speaks_something_else,))
        answering.start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
        monitor = start_monitor([example("otel_export").OtelExport()])
        session = Session().start().prompt("Mend it").answer().stop()
        session.prompt("And now?").answer().stop().tell(monitor)
        failures = EventFilter(kinds=("otel_export.failed",))

        assert eventually(lambda: len(monitor.query.events(failures)) == 2)
        answering.join()


def _answer_twice(server: socket.socket) -> None:
    server.settimeout(10)
    for _ in range(2):
        client, _ = server.accept()
        with client:
            client.recv(4096)
            client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def test_a_turn_whose_hooks_do_not_say_the_prompt_is_sent(
    example: Load, start_monitor: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk()
    with HttpReceiver() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        monitor = start_monitor([example("otel_export").OtelExport()])
        for payload in (talk.start(), talk.prompt(), talk.pre("u"), talk.post("u"), talk.stop()):
            payload.pop("prompt_id")
            post(monitor.port, "/hooks/claude", payload)
        (resource,) = receiver.next().json()["resourceSpans"]

    names = [span["name"] for span in resource["scopeSpans"][0]["spans"]]
    assert names == ["invoke_agent", "execute_tool Bash"]


def test_a_request_to_the_model_ends_when_telemetry_tells_of_it(example: Load) -> None:
    turn = {"session_id": "s", "prompt_id": "p", "prompt": "", "started_at": 0, "ended_at": 9}
    call = {
        "session_id": "s",
        "prompt_id": "p",
        "message_id": "m",
        "model": "x",
        "at": 5_000_000,
        "usage": {"input": 1, "output": 1, "cache_read": 0},
    }
    make = example("otel_export").spans_of_turn

    def times(**told: object) -> tuple[str, str]:
        span = make(turn, [], [{**call, **told}])[1]
        return span["startTimeUnixNano"], span["endTimeUnixNano"]

    assert times(telemetry={"at": 5_100_000, "duration_us": 2_000_000}) == (
        "3100000000",
        "5100000000",
    )
    assert times() == ("5000000000", "5000000000")


def test_without_an_endpoint_nothing_is_sent(example: Load, start_monitor: Start) -> None:
    plugin = example("otel_export")
    start_monitor([plugin.OtelExport()])

    assert plugin.endpoint() == ""


def test_a_session_is_written_as_what_would_have_been_sent(
    example: Load, start_monitor: Start
) -> None:
    plugin = example("otel_export")
    monitor = start_monitor([plugin.OtelExport()])
    session = Session().start().prompt("Mend it").answer(input_tokens=100)
    session.bash("make", seconds=2).stop().prompt("And now?").answer().stop().tell(monitor)

    told = get(monitor.port, f"/api/v1/sessions/{session.session_id}/export?format=otlp")

    (resource,) = json.loads(told.body)["resourceSpans"]
    spans = resource["scopeSpans"][0]["spans"]
    assert sorted(span["name"] for span in spans) == [
        *("chat claude-opus-5", "chat claude-opus-5"),
        *("execute_tool Bash", "invoke_agent", "invoke_agent"),
    ]
    assert len({span["traceId"] for span in spans}) == 2


def git(folder: Path, *arguments: str) -> str:
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **who},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_commit_of_claudes_gets_a_note(
    example: Load, start_monitor: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.org")
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "price.py").write_text("round(price)\n")
    git(folder, "add", "price.py")
    said = git(folder, "commit", "-m", "Mend the rounding")
    monitor = start_monitor([example("commit_notes").CommitNotes()])

    elsewhere = Session("gone", directory=str(tmp_path / "gone")).start().prompt("Mend it")
    elsewhere.bash("git commit -am 'Gone'", "[main 1234567] Gone\n").stop().tell(monitor)

    session = Session(directory=str(folder)).start().prompt("Mend the rounding of prices")
    session.bash("git commit -am 'Mend the rounding'", said).stop().tell(monitor)
    notes = eventually(lambda: git(folder, "log", "--notes=claude", "-1", "--format=%N").strip())

    assert f"Claude-Session: {session.session_id}" in notes
    assert "Claude-Prompt: Mend the rounding of prices" in notes
