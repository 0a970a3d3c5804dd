"""Programs in C, compiled for a run: a load generator that leaves the cores to the server, and the
least that a command hook can cost."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Load(msgspec.Struct, frozen=True):
    """What a load came to; waits in milliseconds."""

    posted: int
    failed: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.posted / self.seconds


def compiled(name: str, folder: Path) -> Path | None:
    """Return the program, None (and say so) where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        print(f"{name}: left out, there is no C compiler")
        return None
    program, source = folder / name, Path(__file__).with_name(f"{name}.c")
    command = [compiler, "-O2", "-D_GNU_SOURCE", "-pthread", "-o", program, source]
    subprocess.run(command, check=True)
    return program


def load(
    program: Path,
    port: int,
    path: str,
    bodies: Sequence[bytes],
    *,
    connections: int = 8,
    per_second: float = 0,
    keep: bool = True,
) -> Load:
    """Post the bodies; as fast as they are answered when no rate is given."""
    file = program.with_name("bodies")
    file.write_bytes(b"".join(struct.pack("=I", len(body)) + body for body in bodies))
    numbers = [connections, per_second, int(keep)]
    command = [str(program), str(port), path, str(file), *map(str, numbers)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    posted, failed, *figures = done.stdout.split()
    return Load(int(posted), int(failed), *map(float, figures))
