"""A writer with its queue, spool and store; no sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from testkit.payloads import Payload, body

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.ingest.likeness import loose_key
from claude_mpm_monitor.logs import LogFile
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.drain import Drain
from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome
from claude_mpm_monitor.pipeline.likeness import Likeness
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.spool import Spool
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.pipeline.trouble import Troubles
from claude_mpm_monitor.pipeline.writer import Writer
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.query import Query

NOW = 1_700_000_000_000_000
SECONDS = 10.0


class Line:
    """Everything from the queue to the store, as a monitor puts it together."""

    def __init__(self, home: Path, plugins: list[object] | None = None) -> None:
        self.config = Config.from_environment({}, home=home, port=0)
        self.config.create_folders()
        self.log_file = LogFile(self.config.log)
        self.log: structlog.typing.FilteringBoundLogger = self.log_file.logger
        self.log_file.start()
        self.database = Database(self.config.database)
        self.query = Query(self.database)
        self.spool = Spool(self.config.spool)
        self.intake = Intake()
        self.stats = Stats()
        self.recent = Recent()
        self.troubles = Troubles(home)
        self.registry = Registry(self.config, plugins or [], self.log)
        self.writer = Writer(
            self.database,
            self.intake,
            self.spool,
            self.stats,
            self.troubles,
            self.registry.redact,
            self.registry.decode,
            Likeness(loose_key),
            self.recent,
            lambda: None,
            self.log,
        )
        self.writer.start()

    def send(self, payload: Payload | bytes, **fields: Any) -> Outcome:
        """Have a delivery stored and return what became of it."""
        content = payload if isinstance(payload, bytes) else body(payload)
        values = {"dialect": "claude_hook", "at": NOW, "source": "http_hook", **fields}
        return self.deliver(Delivery(raw=Raw(body=content, **values)))

    def deliver(self, delivery: Delivery) -> Outcome:
        outcomes: list[Outcome] = []
        committed = threading.Event()

        def done(outcome: Outcome) -> None:
            outcomes.append(outcome)
            committed.set()

        delivery.done = done
        assert self.intake.put(delivery)
        assert committed.wait(SECONDS)
        return outcomes[0]

    def drain(self) -> None:
        """Hand over what the spool holds, once."""
        Drain(self.spool, self.intake, self.stats, self.log)._look()

    def forbid(self, kind: str) -> None:
        """Have the store refuse events of this kind, as a full disk would."""
        self._execute(
            "CREATE TRIGGER forbidden BEFORE INSERT ON events "
            f"WHEN NEW.kind = '{kind}' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )

    def allow(self) -> None:
        """Undo `forbid`."""
        self._execute("DROP TRIGGER forbidden")

    def kinds(self) -> list[str]:
        """The kinds of all stored events, in order."""
        wanted = EventFilter(newest_first=False, noise=True)
        return [event.kind for event in self.query.events(wanted)]

    def _execute(self, sql: str) -> None:
        connection = self.database.connect()
        connection.execute(sql)
        connection.close()

    def close(self) -> None:
        assert self.writer.stop(SECONDS)
        self.query.close()
        self.log_file.close()


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "home")
    yield line
    line.close()
