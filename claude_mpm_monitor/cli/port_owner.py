"""Who listens on a TCP port of this machine, in words."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from claude_mpm_monitor.cli.client import get_json

LISTEN = "0A"
#: A stranger may take a connection and never answer; nobody shall wait for that.
PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class Owner:
    """What answers on a port: one of our monitors, the host's own daemon, or a stranger."""

    kind: Literal["ours", "host", "stranger"]
    pid: int | None
    command: str

    def __str__(self) -> str:
        what = {"ours": "a monitor", "host": "claude-mpm's own monitor"}.get(self.kind)
        what = what or self.command or "another program"
        return f"{what} (pid {self.pid})" if self.pid else what


def owner_of(port: int) -> Owner | None:
    """Return who listens on `port` of the loopback interface, or None when nobody does."""
    if not _is_taken(port):
        return None
    health = get_json(port, "/health", PATIENCE_SECONDS)
    listener = _listener(port)
    pid, command = listener or (None, "")
    if isinstance(health, dict) and health.get("service") == "claude-mpm-monitor":
        kind: Literal["ours", "host"] = (
            "ours" if health.get("implementation") == "mpm-monitor" else "host"
        )
        return Owner(kind, int(health.get("pid") or 0) or pid, command)
    return Owner("stranger", pid, command)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(PATIENCE_SECONDS)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _listener(port: int) -> tuple[int, str] | None:
    return _listener_from_proc(port) if sys.platform == "linux" else _listener_from_lsof(port)


def _listener_from_proc(port: int) -> tuple[int, str] | None:
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in wanted for link in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().split(b"\0")
                return int(process.name), b" ".join(words).decode(errors="replace").strip()
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
    return None


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                yield fields[9]


def _listener_from_lsof(port: int) -> tuple[int, str] | None:
    try:
        result = subprocess.run(
            ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    fields = {line[:1]: line[1:] for line in result.stdout.splitlines() if line}
    return (int(fields["p"]), fields.get("c", "")) if fields.get("p", "").isdigit() else None
