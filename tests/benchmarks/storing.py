"""What an event takes on disk, with its documents, every index and the full-text index."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import wait_for_documents
from tests.benchmarks.generated_store import deliveries
from tests.benchmarks.row import Row

NAME = "store"
WHAT = "bytes an event takes on disk, and how fast it gets there without HTTP"
EVENTS, BATCH = 20_000, 2_000


def run() -> list[Row]:
    """Fill a store; look at it once everything is worked out and indexed."""
    raws = list(deliveries(EVENTS))
    text = sum(len(raw.body) for raw in raws)
    with tempfile.TemporaryDirectory() as home:
        with Monitor(home=home, port=0) as monitor:
            started = time.perf_counter()
            for start in range(0, EVENTS, BATCH):
                monitor.ingest_many(raws[start : start + BATCH])
            committed = time.perf_counter() - started
            wait_for_documents(monitor, threading.Event())
            analyzed = time.perf_counter() - started
            while monitor.status()["index"]["lag"]:
                time.sleep(0.1)
        size = sum(path.stat().st_size for path in Path(home).glob("monitor.db*"))
    return [
        Row(name="payload as text", value=text / EVENTS, unit="bytes"),
        Row(name="stored", value=size / EVENTS, unit="bytes", note="with all that is derived"),
        Row(name="committed", value=EVENTS / committed, unit="events/s"),
        Row(name="worked out", value=EVENTS / analyzed, unit="events/s", note="documents, too"),
    ]
