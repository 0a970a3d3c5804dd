"""Site: puts the server's parts together and stands between the gateway and the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog

from claude_mpm_monitor.access import Token
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.pipeline.health import Latencies
from claude_mpm_monitor.pipeline.intake import Intake, Outcome
from claude_mpm_monitor.pipeline.recent import Recent
from claude_mpm_monitor.pipeline.spool import Spool
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.server import openapi
from claude_mpm_monitor.server.api.parts import PARTS
from claude_mpm_monitor.server.api.plugins import PluginRoutes
from claude_mpm_monitor.server.deliveries import PlainDeliveries
from claude_mpm_monitor.server.entrance import Entrance
from claude_mpm_monitor.server.gateway import Gateway, new_socketio
from claude_mpm_monitor.server.handover import NO_ROOM, Handover
from claude_mpm_monitor.server.host_contract import HostContract
from claude_mpm_monitor.server.http import Busy
from claude_mpm_monitor.server.ingest import IngestRoutes
from claude_mpm_monitor.server.live import LiveNamespace, changes_of
from claude_mpm_monitor.server.pages import Pages
from claude_mpm_monitor.server.security import UsersOnly
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.server.telling import Telling
from claude_mpm_monitor.server.wsgi import Application
from claude_mpm_monitor.storage.board import BoardFile
from claude_mpm_monitor.storage.kept_sessions import KeptSessions
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.saved_searches import SavedSearches

#: Claude waits two seconds for a hook at most; a commit takes a thousandth of that.
COMMIT_SECONDS = 5.0
STATS_SECONDS = 1.0


class Site:
    """The gateway with everything it serves. Any thread, unless a method says otherwise."""

    def __init__(
        self,
        *,
        query: Query,
        kept: KeptSessions,
        registry: Registry,
        stats: Stats,
        intake: Intake,
        recent: Recent,
        spool: Spool,
        latencies: Latencies,
        status: Callable[[], dict[str, Any]],
        server_id: str,
        config: Config,
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._spool = spool
        self._latencies = latencies
        self._status = status
        self._told: dict[str, Any] = {}
        self._told_at = 0.0
        services = Services(
            query=query,
            kept=kept,
            board=BoardFile(config.board),
            searches=SavedSearches(config.searches),
            registry=registry,
            stats=stats,
            submit=self._submit,
            take=self._take,
            offload=self._offload,
            expect=lambda: self.gateway.expect(),
            status=status,
            server_id=server_id,
        )
        self._live = LiveNamespace(services)
        server = new_socketio()
        server.register_namespace(self._live)
        self._host = HostContract(services)
        self._host.register(server)
        ingest = IngestRoutes(services)
        api = [*(part(services) for part in PARTS), PluginRoutes(services)]
        reading = [route for part in api for route in part.routes()]
        pages = [route for part in (Pages(services), self._host) for route in part.routes()]
        described = openapi.route_of([*ingest.routes(), *reading])
        application = Application(ingest, [*reading, described, *pages], log)
        self.gateway = Gateway(
            application,
            server,
            log,
            around=partial(Entrance, token=Token(config.token), shared=config.is_shared),
            admit=UsersOnly(log, shared=config.is_shared),
            deliveries=PlainDeliveries(ingest, shared=config.is_shared),
        )
        self._telling = Telling(recent, self._live, self._host, latencies.shown, self.gateway.later)
        self._handover = Handover(self.gateway, intake, self._telling.committed)

    def publish_events(self, events: list[Event], inode: int) -> None:
        """Tell live viewers about new events, read from a file. Consumer thread."""
        self.gateway.call(lambda: self._telling.read(events, inode))

    def publish_changes(self, changes: list[Change]) -> None:
        """Tell live viewers about changed documents. Consumer thread."""
        told = changes_of(changes) if self._live.clients() else []
        if told:
            self.gateway.call(lambda: self._live.publish_changes(told))

    def publish_exchange(self, last_seq: int) -> None:
        """Tell live viewers to read anew what they show: another file is the store.

        Consumer thread.
        """
        self.gateway.call(lambda: self._telling.exchanged(last_seq))

    def publish_derived_anew(self) -> None:
        """Tell live viewers to read documents anew. Consumer thread."""
        self.gateway.call(self._telling.derived_anew)

    def publish_stats(self) -> None:
        """Tell live viewers about the monitor itself, once a second at most. Consumer thread.

        Those too slow to listen are let go, whether there is news or not.
        """
        now = time.monotonic()
        if now - self._told_at < STATS_SECONDS:
            return
        self._told_at = now
        self.gateway.call(self._live.let_slow_go)
        status = self._status()
        stats = {name: status[name] for name in ("counters", "clients", "consumer")}
        if stats != self._told:
            self._told = stats
            self.gateway.call(lambda: self._live.publish_stats(stats))

    def clients(self) -> int:
        """How many pages are connected."""
        return self._live.clients() + self._host.clients()

    def _offload(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.gateway.offload(function, *arguments)

    def _submit(self, raw: Raw) -> Outcome | None:
        """Hand a delivery over and wait for its commit. Green threads only."""
        answered = self.gateway.expect()
        self._take(raw, answered.bring)
        outcome: Outcome | None = answered.wait(float("inf"))  # `_take` is answered in any case
        return outcome

    def _take(self, raw: Raw, done: Callable[[Outcome | None], None]) -> None:
        """Hand a delivery over and call `done` after its commit. Gateway thread."""
        began = time.monotonic()

        def arrived(outcome: Outcome | None) -> None:
            if outcome is NO_ROOM:
                self.gateway.spawn(lambda: done(self._set_aside_elsewhere(raw)))
                return
            self._latencies.acknowledged.add(time.monotonic() - began)
            done(outcome)

        self._handover.take(raw, COMMIT_SECONDS, arrived)

    def _set_aside_elsewhere(self, raw: Raw) -> Outcome:
        """Keep a delivery where the drain will find it. Green threads only."""
        try:
            outcome: Outcome = self.gateway.offload(self._set_aside, raw)
        except Busy:
            outcome = Outcome(error="the queue is full and so are all readers", settled=False)
        return outcome

    def _set_aside(self, raw: Raw) -> Outcome:
        try:
            self._spool.save(raw)
        except OSError as error:
            problem = f"the queue is full and the spool cannot be written: {error}"
            return Outcome(error=problem, settled=False)
        return Outcome(settled=False)
