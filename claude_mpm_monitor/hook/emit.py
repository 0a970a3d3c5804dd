"""Deliver one Claude Code hook event to the monitor, or leave it in the spool: see __init__.py.

Run as ``python -I -S emit.py PORT SPOOL``. The user waits for this at every event, so it does
without `socket` and `os`, which cost more to import than everything else here takes.
"""

import _socket
import sys
import time

if sys.platform == "win32":
    import nt as system
else:
    import posix as system

FILES = 65_536
PATIENCE = 1.0  # seconds for one delivery, all told


def port_of(place: str) -> int:
    """The port to deliver to: `place` itself, or what the runtime file `place` says; else 0."""
    if place.isdigit():
        return int(place)
    try:
        with open(place, encoding="utf-8") as file:
            after_key = file.read().partition('"ingest_port":')[2]
    except OSError:
        return 0
    digits = after_key.partition(",")[0].strip(" }\n")
    return int(digits) if digits.isdigit() else 0


def deliver(event: bytes, port: int, delivery_id: str, at: int) -> bool:
    """Whether the monitor on `port` has `event` safely; `at` is in microseconds."""
    deadline = time.monotonic() + PATIENCE
    head = (
        f"POST /hooks/claude HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nX-Event-Id: {delivery_id}\r\n"
        f"X-Event-At: {at}\r\nContent-Length: {len(event)}\r\n\r\n"
    )
    connection = _socket.socket()
    try:
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", port))
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        connection.sendall(head.encode() + event)
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        return connection.recv(64).split(b" ", 2)[1:2] == [b"204"]
    except OSError:
        return False
    finally:
        connection.close()


def keep(event: bytes, spool: str, delivery_id: str, at: int) -> None:
    """Write `event` into the folder `spool`, for the next monitor to take."""
    system.umask(0o077)
    if gives_up(spool, at):
        return
    path = f"{spool}/{delivery_id}.ev"
    text = f"{delivery_id} {at} {len(event)}\n".encode() + event
    try:
        write(path, text)
    except FileNotFoundError:
        system.mkdir(spool)
        write(path, text)


def gives_up(spool: str, at: int) -> bool:
    """Whether the spool is full, as emit.sh says; the event is counted then, and not kept."""
    full = f"{spool}/full"
    try:
        # Now and then: it takes time. Files take 4 kB each at least.
        if at % 64 == 0 and len(system.listdir(spool)) > FILES:
            write(full, b"", "ab")
        system.stat(full)
    except FileNotFoundError:
        return False
    write(full, b".", "ab")
    return True


def write(path: str, text: bytes, mode: str = "wb") -> None:
    """Write `text` to the file `path`."""
    with open(path, mode) as file:
        file.write(text)


def main() -> None:
    """Take the event from standard input."""
    at = time.time_ns() // 1000
    place, spool = sys.argv[1:3]
    event = sys.stdin.buffer.read()
    # The keys are bytes on POSIX and text on Windows.
    if not place.isdigit() and {b"CLAUDE_MPM_MONITOR_RUN", "CLAUDE_MPM_MONITOR_RUN"} & {
        *system.environ
    }:
        return
    delivery_id = f"{system.getpid()}-{system.urandom(6).hex()}-{at}"
    port = port_of(place)
    if not (port and deliver(event, port, delivery_id, at)):
        keep(event, spool, delivery_id, at)


if __name__ == "__main__":
    try:
        main()
    except Exception:  # noqa: BLE001 - guard: a hook that fails would speak up in Claude Code
        sys.exit(0)
