"""The short form for CI: have ratios to a baseline of the same run become worse?

    python -m tests.benchmarks.check               # fails when one is worse by more than a quarter
    python -m tests.benchmarks.check --write       # takes the worst of three for right from now on

Each ratio is ours over a baseline that does the same kind of work on the same machine in the same
moment, one round after the other; the median of all rounds counts, and what is too high is measured
again before it is called so. `baseline.json` has the ratios by kind of machine, since processors
differ in what they are good at by more than a quarter: on one that is not in it nothing is called
worse.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import islice
from pathlib import Path

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.storage.database import Database
from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.ingesting import bare, ndjson
from tests.benchmarks.machine import kind
from tests.benchmarks.posting import connection, get, post, serving
from tests.benchmarks.waiting import until_indexed

BASELINE = Path(__file__).with_name("baseline.json")
WORSE = 1.25
ROUNDS, EVENTS = 7, 1_000
#: How often what is too high is measured before it is called so: others may have had the machine.
ATTEMPTS = 4
#: What a program like ours has to import in any case.
_LIBRARIES = "import socketio, werkzeug.wrappers, werkzeug.routing, structlog, pluggy, msgspec"
#: Answered without reading anything.
_NOTHING = "/api/v1/events?session=-"
Round = Callable[[], tuple[float, float]]


def rounds(scratch: Path) -> Iterator[tuple[str, Round]]:
    """Yield each ratio's name, and what measures (ours, baseline) once."""
    payloads = (raw.body for raw in deliveries(200_000))
    yield "importing the monitor / its libraries", _importing
    with serving(scratch / "home") as port:
        yield "the command hook / bare bash", lambda: _hook(port, scratch, next(payloads))
        yield "a hook over HTTP / no event", lambda: _delivery(port, list(islice(payloads, 30)))
        yield (
            "taking in NDJSON / SQLite alone",
            lambda: _taking_in(port, scratch, list(islice(payloads, EVENTS))),
        )
        yield "a page of events / no event", lambda: _page(port)


def _importing() -> tuple[float, float]:
    command = [sys.executable, "-c"]
    ours = _seconds([*command, "import claude_mpm_monitor.monitor"])
    return ours, _seconds([*command, _LIBRARIES])


def _hook(port: int, scratch: Path, event: bytes) -> tuple[float, float]:
    emit = str(files("claude_mpm_monitor.hook") / "emit.sh")
    hook = ["bash", emit, str(port), str(scratch / "spool")]
    ours = sum(_seconds(hook, event) for _ in range(10))
    return ours, sum(
        _seconds(["bash", "-c", "IFS= read -r -N 2000000000 event; :"], event) for _ in range(10)
    )


def _delivery(port: int, payloads: list[bytes]) -> tuple[float, float]:
    with connection(port) as sock:
        started = time.perf_counter()
        for payload in payloads:
            post(sock, "/hooks/claude", payload, keep=True)
        ours = time.perf_counter() - started
        return ours, _asking(sock, _NOTHING, len(payloads))


def _taking_in(port: int, scratch: Path, payloads: list[bytes]) -> tuple[float, float]:
    bodies = ndjson(payloads, 500)
    with connection(port) as sock:
        started = time.perf_counter()
        for body in bodies:
            post(sock, "/api/v1/events", body, keep=True)
        ours = time.perf_counter() - started
    return ours, len(payloads) / bare(scratch, payloads)


def _page(port: int) -> tuple[float, float]:
    with connection(port) as sock:
        return _asking(sock, "/api/v1/events?limit=200"), _asking(sock, _NOTHING)


def _asking(sock: object, path: str, times: int = 10) -> float:
    started = time.perf_counter()
    for _ in range(times):
        get(sock, path)  # type: ignore[arg-type]
    return time.perf_counter() - started


def _seconds(command: list[str], given: bytes = b"") -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, input=given, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def stored_bytes(home: Path) -> float:
    """Return what an event takes on disk with all that is derived, over its text."""
    raws = list(deliveries(5_000))
    with Monitor(home=home, port=0) as monitor:
        for start in range(0, len(raws), 1_000):
            monitor.ingest_many(raws[start : start + 1_000])
        until_indexed(monitor)
    size = Database(home / "monitor.db").size_bytes()
    return size / sum(len(raw.body) for raw in raws)


def _ratio(one: Round) -> float:
    one()  # fills caches
    return statistics.median(ours / other for ours, other in (one() for _ in range(ROUNDS)))


def measure(known: dict[str, float]) -> dict[str, float]:
    """Return all ratios; what is worse than known is measured again, and the best counts."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        found["bytes on disk / bytes of text"] = stored_bytes(scratch / "store")
        for what, one in rounds(scratch):
            found[what] = _ratio(one)
            for _ in range(ATTEMPTS - 1):
                if found[what] > WORSE * known.get(what, float("inf")):
                    found[what] = min(found[what], _ratio(one))
    return found


def main(*, write: bool) -> int:
    """Measure, compare, and return how many ratios are worse."""
    machines = json.loads(BASELINE.read_text())
    known = machines.get(kind(), {})
    if write:
        # What is right has to be right at a bad moment as well.
        every = [measure({}) for _ in range(3)]
        found = {name: max(one[name] for one in every) for name in every[0]}
        machines[kind()] = {name: round(ratio, 3) for name, ratio in found.items()}
        BASELINE.write_text(json.dumps(machines, indent=2) + "\n")
    else:
        found = measure(known)
    worse = 0
    for name, ratio in found.items():
        before = known.get(name)
        told = "" if before is None else f"was {before:7.2f}"
        is_worse = not write and before is not None and ratio > WORSE * before
        worse += is_worse
        print(f"{name:40}  {ratio:7.2f}  {told}  {'worse' if is_worse else ''}".rstrip())
    if not known and not write:
        print(
            f"Nothing to compare with: {kind()} is not in {BASELINE.name}. --write puts it there."
        )
    return worse


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
