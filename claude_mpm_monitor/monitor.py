"""Monitor: puts the parts together. The only module that knows all of them."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from claude_mpm_monitor import __version__
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.hookspecs import API_VERSION
from claude_mpm_monitor.ingest.api import Given
from claude_mpm_monitor.ingest.likeness import loose_key
from claude_mpm_monitor.logs import LogFile
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.pipeline.alerts import Alerts
from claude_mpm_monitor.pipeline.checkpointer import Checkpointer
from claude_mpm_monitor.pipeline.chores import Chores
from claude_mpm_monitor.pipeline.consumer import Consumer
from claude_mpm_monitor.pipeline.delivering import deliver
from claude_mpm_monitor.pipeline.drain import Drain
from claude_mpm_monitor.pipeline.health import Health, Latencies
from claude_mpm_monitor.pipeline.indexer import Indexer
from claude_mpm_monitor.pipeline.intake import Delivery, Intake, Outcome
from claude_mpm_monitor.pipeline.left_open import LeftOpen
from claude_mpm_monitor.pipeline.likeness import Likeness
from claude_mpm_monitor.pipeline.ownership import Ownership
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.recovery import Recovery
from claude_mpm_monitor.pipeline.spool import Spool
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.pipeline.subscriptions import Callback, Subscription, Subscriptions
from claude_mpm_monitor.pipeline.tail import Tail
from claude_mpm_monitor.pipeline.trouble import Troubles
from claude_mpm_monitor.pipeline.writer import Writer
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.runtime import Runtime
from claude_mpm_monitor.server.door import Door
from claude_mpm_monitor.server.site import Site
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.kept_sessions import KeptSessions
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.retention import Limits

#: How long an owner may take from taking the lock to saying which port it has.
ANNOUNCE_SECONDS = 0.5


class Monitor:
    """A monitor in this process: takes events in, stores them, derives from them, shows them.

    ``port=0`` takes any free port. Several monitors may share one `home`: each takes events in,
    one derives from them and owns the dashboard port. Methods may be called from any thread;
    `start` and `close` from the one that owns the monitor. Also a context manager.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        home: Path | str | None = None,
        port: int | None = None,
        plugins: Iterable[object] = (),
    ) -> None:
        self.config = config or Config.from_environment(home=home, port=port)
        self.config.create_folders()
        self.server_id = uuid.uuid4().hex
        self.started_at = time.time_ns() // 1_000
        self._log_file = LogFile(self.config.log)
        self._log = self._log_file.logger
        self._stats = Stats()
        self._latencies = Latencies()
        self._troubles = Troubles(self.config.home)
        self._intake = Intake()
        self._database = Database(self.config.database)
        self._spool = Spool(self.config.spool)
        self._ownership = Ownership(self.config.home / "owner.lock")
        self._runtime = Runtime(self.config.runtime)
        self._subscriptions = Subscriptions(self._log)
        self._lock = threading.Lock()
        self._running = False
        self._switch_interval = 0.0
        self.query = Query(self._database)
        self.plugins = Registry(self.config, plugins, self._log)
        recent = Recent()
        self._site = Site(
            query=self.query,
            kept=KeptSessions(self._database),
            registry=self.plugins,
            stats=self._stats,
            intake=self._intake,
            recent=recent,
            spool=self._spool,
            latencies=self._latencies,
            status=self.status,
            server_id=self.server_id,
            config=self.config,
            log=self._log,
        )
        self._door = Door(self.config, self._site.gateway, self._announce)
        shelves = self.plugins.shelves
        self._alerts = Alerts(self.query, shelves, self.ingest, lambda: self.url, self._log)
        self._chores = Chores(shelves.chores.contributions(), self.query, self.config.home)
        self._consumer = self._new_consumer(recent)
        self._writer = self._new_writer(recent)
        self._indexer = Indexer(self._database, recent, self._may_index, self._log)
        self._checkpointer = Checkpointer(self._database, self._log)
        self._drain = Drain(self._spool, self._intake, self._stats, self._log)
        self._recovery = Recovery(self._database, self._consumer.derive_anew, self._log)
        self._health = self._new_health()
        left_open = LeftOpen(self.query, self._is_derived)
        self._tail = Tail(self._database, self._intake, left_open, self._log)

    def _new_consumer(self, recent: Recent) -> Consumer:
        return Consumer(
            self._database,
            self.plugins,
            self._ownership,
            recent,
            self._intake.way,
            on_events=self._on_events,
            on_changes=self._on_changes,
            on_owned=self._on_owned,
            on_exchange=self._site.publish_exchange,
            on_derived_anew=self._site.publish_derived_anew,
            on_tick=self._on_tick,
            limits=Limits(days=self.config.keep_days, bytes=self.config.keep_bytes),
            log=self._log,
        )

    def _new_writer(self, recent: Recent) -> Writer:
        return Writer(
            self._database,
            self._intake,
            self._spool,
            self._stats,
            self._troubles,
            self.plugins.redact,
            self._decode,
            Likeness(loose_key),
            recent,
            self._consumer.wake,
            self._log,
        )

    def _new_health(self) -> Health:
        return Health(
            config=self.config,
            database=self._database,
            intake=self._intake,
            stats=self._stats,
            latencies=self._latencies,
            troubles=self._troubles,
            spool=self._spool,
            consumer=self._consumer,
            ownership=self._ownership,
            query=self.query,
            plugin_states=self.plugins.states,
        )

    # ---- life

    def start(self) -> Monitor:
        """Listen, store, derive. Returns when the dashboard answers. Once for each monitor."""
        self._pid = os.getpid()
        self._running = True
        atexit.register(self.close)
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        self.plugins.call("monitor_started", monitor=self)
        return self

    def _start(self) -> None:
        self._log_file.start()
        if self.config.switch_us:
            self._switch_interval = sys.getswitchinterval()
            sys.setswitchinterval(self.config.switch_us / 1e6)
        for notice in self.notices():
            self._log.error(notice)
        self._door.bind_ingest()
        # Asked before anything can be stored: whoever subscribes from now on misses nothing.
        last_seq = self.query.last_seq()
        self._writer.start()
        self._checkpointer.start()
        self._site.gateway.start()
        self._door.listen()
        if self._ownership.acquire():
            self._door.open()
        else:
            owner = self._runtime.wait_for_owner(ANNOUNCE_SECONDS)
            self._door.open_beside(owner.port if owner is not None else 0)
        self._tail.start()
        self._consumer.start(last_seq)
        self._indexer.start()
        self._drain.start()
        self._recovery.start()

    def close(self, timeout: float = 2.0) -> None:
        """Commit what was taken in, say goodbye to the pages, end every thread (seconds)."""
        with self._lock:
            # In a child of fork() the threads are not there, and the files are the parent's.
            if not self._running or os.getpid() != self._pid:
                return
            self._running = False
        atexit.unregister(self.close)
        self.plugins.call("monitor_stopping", monitor=self)
        owned = self._ownership.held
        for part in (self._chores, self._recovery, self._drain, self._tail, self._indexer):
            part.stop(timeout / 4)
        if not self._writer.stop(timeout / 2):
            self._log.error("not committed in time", deliveries=self._intake.waiting())
        derived = self._consumer.stop(timeout / 2)
        self._checkpointer.stop(timeout / 4)
        self._alerts.stop(timeout / 4)
        self._subscriptions.close(timeout / 4)
        self.query.interrupt()
        self._site.gateway.stop(timeout / 2)
        if owned:
            self._runtime.withdraw()
        if derived:
            # Not before the port is free: the next owner wants it at once.
            self._ownership.release()
        self.plugins.close()
        self.query.close()
        self._database.fold()
        self._log_file.close()
        if self._switch_interval:
            sys.setswitchinterval(self._switch_interval)

    def __enter__(self) -> Monitor:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- addresses

    @property
    def port(self) -> int:
        """The dashboard's port: ours, or that of the process that owns the store's dashboard."""
        if self._door.port:
            return self._door.port
        owner = self._runtime.read()
        return owner.port if owner is not None else self.ingest_port

    @property
    def ingest_port(self) -> int:
        """The port of this process's own listener."""
        if not self._door.ingest_port:
            raise MonitorError("The monitor has no port before it is started.")
        return self._door.ingest_port

    @property
    def url(self) -> str:
        """The dashboard's address, without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def ingest_url(self) -> str:
        """The address of this process's own listener, which no other process can take away."""
        return f"http://127.0.0.1:{self.ingest_port}"

    # ---- taking in

    def emit(
        self,
        kind: str,
        payload: Any = None,
        *,
        session_id: str = "",
        agent_id: str = "",
        tool_use_id: str = "",
        prompt_id: str = "",
        project: str = "",
        summary: str = "",
        at: int | None = None,
        event_id: str = "",
        wait: bool = False,
    ) -> Outcome | None:
        """Store an event of your own; `at` is in microseconds since the epoch, now by default.

        Returns at once, or with ``wait=True`` after the commit, with what became of it. An
        `event_id` of your own makes a second call with it a no-op.
        """
        given = Given(
            kind=kind,
            payload=payload,
            session_id=session_id,
            agent_id=agent_id,
            tool_use_id=tool_use_id,
            prompt_id=prompt_id,
            project=project,
            summary=summary,
            at=at,
            event_id=event_id,
        )
        now = time.time_ns() // 1_000
        body = msgspec.json.encode(given)
        return self.ingest(Raw(dialect="api", body=body, at=now, source="api"), wait=wait)

    def ingest(self, raw: Raw, *, wait: bool = True) -> Outcome | None:
        """Take in one delivery in any dialect; with `wait`, return what became of it."""
        if wait:
            return deliver(self._intake, [raw])[0]
        if not self._intake.put(Delivery(raw=raw)):
            raise MonitorError("The monitor is closed: nothing can be stored any more.")
        return None

    def ingest_many(self, raws: list[Raw]) -> list[Outcome]:
        """Take in many deliveries and return what became of them, after their commit."""
        return deliver(self._intake, raws)

    # ---- giving out

    def subscribe(
        self, callback: Callback, *, kinds: Iterable[str] = (), session_id: str = ""
    ) -> Subscription:
        """Call `callback(event)` for each new event that fits, on a thread of the monitor's."""
        return self._subscriptions.add(callback, kinds, session_id)

    def status(self) -> dict[str, Any]:
        """Return how the monitor is doing, as GET /api/v1/status shows it."""
        now = time.time_ns() // 1_000
        return {
            "version": __version__,
            "api_version": ".".join(map(str, API_VERSION)),
            "server_id": self.server_id,
            "pid": os.getpid(),
            "port": self.port,
            "ingest_port": self.ingest_port,
            "url": self.url,
            "token_demanded": self._door.demands_token,
            "started_at": self.started_at,
            "uptime": round((now - self.started_at) / 1e6, 3),
            "following": self._tail.following(),
            "clients": self._site.clients(),
            **self._health.report(),
        }

    def notices(self) -> list[str]:
        """Return what became of the store as this monitor was started, a sentence each."""
        notes = self._database.exchange.notes()
        return [note.told for note in notes if note.at >= self.started_at]

    # ---- called by the parts

    def _decode(self, raw: Raw) -> list[Event]:
        """Understand a delivery; hooks name the transcripts to follow. Writer thread."""
        events = self.plugins.decode(raw)
        self._tail.heard(raw, events)
        return events

    def _is_derived(self) -> bool:
        return self._consumer.analyzed_seq >= self.query.last_seq()

    def _may_index(self) -> bool:
        return self._ownership.held and not self._intake.waiting() and self._is_derived()

    def _on_events(self, events: list[Event], inode: int) -> None:
        self._site.publish_events(events, inode)
        self._subscriptions.publish(events)

    def _on_changes(self, changes: list[Change]) -> None:
        self._site.publish_changes(changes)
        self._alerts.changed(changes)

    def _on_tick(self) -> None:
        self._site.publish_stats()
        self._alerts.tick()

    def _on_owned(self) -> None:
        """This process owns the store's dashboard now. Consumer thread."""
        self._door.take_over()
        self._tail.pick_up()
        self._alerts.start()
        self._chores.start()
        self._recovery.own()

    def _announce(self, port: int) -> None:
        if self._ownership.held and port:
            self._runtime.announce(
                port=port,
                ingest_port=self.ingest_port,
                started_at=self.started_at,
                server_id=self.server_id,
            )
