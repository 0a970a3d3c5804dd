"""The command hook: one event from standard input to the monitor, or into the spool."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from claude_mpm_monitor import hook

FOLDER = Path(hook.__file__).parent
BASH = shutil.which("bash")
PROGRAMS = {
    "emit.sh": [BASH or "", str(FOLDER / "emit.sh")],
    "emit.py": [sys.executable, "-I", "-S", str(FOLDER / "emit.py")],
}
EVENT = '{"hook_event_name":"Stop","text":"Grüße, 世界 \\u00e9 $HOME `id` \'\\"%s%d"}'.encode()


class Delivery(NamedTuple):
    """What a server received."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(http.server.ThreadingHTTPServer):
    """Answers every POST with `status` and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 204
        self.deliveries: list[Delivery] = []


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.deliveries.append(Delivery(self.path, dict(self.headers), body))
        self._answer(self.server.status)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    folder = tmp_path / "spool"
    folder.mkdir()
    return folder


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest) -> list[str]:
    command = PROGRAMS[request.param]
    if not command[0]:
        pytest.skip("there is no bash")
    return command


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def emit(
    program: list[str], place: int | Path, spool: Path, event: bytes = EVENT, **variables: str
) -> None:
    """Run the hook as Claude Code does; it must succeed and write nothing."""
    done = subprocess.run(
        [*program, str(place), str(spool)],
        input=event,
        capture_output=True,
        env={"PATH": os.defpath, **variables},
        timeout=20,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def spooled(spool: Path) -> list[tuple[str, int, bytes]]:
    """(delivery id, time in µs, event) of each file, having checked the form of each."""
    found = []
    for path in spool.iterdir():
        head, _, event = path.read_bytes().partition(b"\n")
        delivery_id, at, length = head.decode().split(" ")
        assert path.name == f"{delivery_id}.ev"
        assert int(length) == len(event)
        assert path.stat().st_mode & 0o777 == 0o600
        found.append((delivery_id, int(at), event))
    return found


@pytest.mark.parametrize("size", [0, 1_000, 50_000, 70_000, 3_000_000])
def test_an_event_is_delivered_byte_for_byte(
    program: list[str], receiver: Receiver, spool: Path, size: int
) -> None:
    event = EVENT + b"x" * size

    emit(program, receiver.server_port, spool, event)

    (delivery,) = receiver.deliveries
    assert delivery.path == "/hooks/claude"
    assert delivery.body == event
    assert spooled(spool) == []


def test_each_delivery_has_an_id_and_a_time_of_its_own(
    program: list[str], receiver: Receiver, spool: Path
) -> None:
    for _ in range(3):
        emit(program, receiver.server_port, spool)

    ids = {delivery.headers["X-Event-Id"] for delivery in receiver.deliveries}
    times = [int(delivery.headers["X-Event-At"]) for delivery in receiver.deliveries]
    assert len(ids) == 3
    assert all(re.fullmatch(r"[0-9A-Za-z-]{8,100}", one) for one in ids)
    assert times == sorted(times)
    assert all(1.5e15 < time < 5e15 for time in times)


@pytest.mark.parametrize("size", [0, 50_000, 3_000_000])
def test_an_event_nobody_takes_is_spooled(program: list[str], spool: Path, size: int) -> None:
    event = EVENT + b"x" * size

    emit(program, free_port(), spool, event)

    ((_, at, kept),) = spooled(spool)
    assert kept == event
    assert 1.5e15 < at < 5e15


@pytest.mark.parametrize("status", [200, 400, 404, 500, 503])
def test_only_the_monitors_own_answer_counts_as_taken(
    program: list[str], receiver: Receiver, spool: Path, status: int
) -> None:
    receiver.status = status

    emit(program, receiver.server_port, spool)

    ((delivery_id, _, kept),) = spooled(spool)
    assert kept == EVENT
    assert delivery_id == receiver.deliveries[0].headers["X-Event-Id"]


@pytest.mark.parametrize("size", [0, 12_000_000], ids=["small", "more than sockets hold"])
def test_a_server_that_does_not_read_costs_a_second_at_most(
    program: list[str], spool: Path, size: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        emit(program, silent.getsockname()[1], spool, EVENT + b"x" * size)

    ((_, _, kept),) = spooled(spool)
    assert len(kept) == len(EVENT) + size


def test_a_missing_spool_is_made(program: list[str], tmp_path: Path) -> None:
    emit(program, free_port(), tmp_path / "spool")

    assert len(spooled(tmp_path / "spool")) == 1


def test_an_event_survives_a_monitor_that_dies_while_it_is_written_to(
    program: list[str], spool: Path
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def die() -> None:
        connection, _ = listener.accept()
        # Hung up on with a reset, before anything is read.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    event = EVENT + b"x" * 60_000
    for _ in range(10):
        thread = threading.Thread(target=die)
        thread.start()
        emit(program, listener.getsockname()[1], spool, event)
        thread.join()
    listener.close()

    assert len(spooled(spool)) == 10


def test_a_full_spool_takes_nothing_more_and_counts_what_is_given_up(
    program: list[str], spool: Path
) -> None:
    spool.mkdir(exist_ok=True)
    (spool / "full").write_bytes(b"")

    for _ in range(3):
        emit(program, free_port(), spool)

    assert list(spool.glob("*.ev")) == []
    assert (spool / "full").read_bytes() == b"..."


def test_a_spool_that_has_grown_too_large_is_found_out(spool: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "du").write_text("#!/bin/sh\necho 999999\n")
    (tmp_path / "bin" / "du").chmod(0o755)
    # It is measured when chance wills it.
    (tmp_path / "chance").write_text("unset RANDOM; RANDOM=0\n")
    variables = {
        "PATH": f"{tmp_path / 'bin'}:{os.defpath}",
        "BASH_ENV": str(tmp_path / "chance"),
    }

    done = subprocess.run(
        [*PROGRAMS["emit.sh"], str(free_port()), str(spool)],
        input=EVENT,
        env=variables,
        check=True,
        capture_output=True,
    )

    assert (done.stdout, done.stderr) == (b"", b"")
    assert (spool / "full").exists()


def test_a_spool_that_cannot_be_written_is_no_reason_to_fail(
    program: list[str], tmp_path: Path
) -> None:
    (tmp_path / "spool").write_text("a file")

    emit(program, free_port(), tmp_path / "spool")


def test_standard_input_may_be_a_socket(
    program: list[str], receiver: Receiver, spool: Path
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [*program, str(receiver.server_port), str(spool)], stdin=theirs.fileno()
        )
        ours.sendall(EVENT)
        ours.shutdown(socket.SHUT_WR)
        assert process.wait(10) == 0

    assert [delivery.body for delivery in receiver.deliveries] == [EVENT]


def test_the_runtime_file_says_where_the_monitor_is(
    program: list[str], receiver: Receiver, spool: Path, tmp_path: Path
) -> None:
    runtime = tmp_path / "monitor.json"
    runtime.write_text(f'{{"pid":1,"port":2,"ingest_port":{receiver.server_port},"version":"1"}}')

    emit(program, runtime, spool)

    assert [delivery.body for delivery in receiver.deliveries] == [EVENT]


@pytest.mark.parametrize("text", [None, "", "{", '{"ingest_port":}'])
def test_without_a_running_monitor_a_permanent_hook_spools(
    program: list[str], spool: Path, tmp_path: Path, text: str | None
) -> None:
    runtime = tmp_path / "monitor.json"
    if text is not None:
        runtime.write_text(text)

    emit(program, runtime, spool)

    assert [kept for _, _, kept in spooled(spool)] == [EVENT]


def test_a_permanent_hook_leaves_a_run_to_its_own_hooks(
    program: list[str], receiver: Receiver, spool: Path, tmp_path: Path
) -> None:
    runtime = tmp_path / "monitor.json"
    runtime.write_text(f'{{"ingest_port":{receiver.server_port}}}')

    emit(program, runtime, spool, CLAUDE_MPM_MONITOR_RUN="1")

    assert (receiver.deliveries, spooled(spool)) == ([], [])


@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_an_event_is_kept_when_claude_ends_a_hook_that_hangs(spool: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = subprocess.Popen(
            [*PROGRAMS["emit.sh"], str(silent.getsockname()[1]), str(spool)],
            stdin=subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(EVENT)
        process.stdin.close()
        connection, _ = silent.accept()
        with connection:
            connection.recv(64)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0

    assert [kept for _, _, kept in spooled(spool)] == [EVENT]
