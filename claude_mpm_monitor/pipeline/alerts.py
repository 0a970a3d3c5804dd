"""Alerts: has rules look at what changes, stores the alerts they bring about, has them delivered.

Only in the process that owns the dashboard. Rules run on its consumer thread, sinks on a thread of
their own. An alert is an event before it is delivered, and what it is about is its identity: after
a restart or a takeover the same alert is not delivered again.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable

import msgspec
import structlog

from claude_mpm_monitor.alerting.watch import Watch
from claude_mpm_monitor.analysis.alerts import KIND, TOPIC
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.ingest.api import Given
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.model.alert import Alert, Condition, Rule
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Outcome
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.plugins.shelves import Shelves
from claude_mpm_monitor.storage.event_filter import MAX_LIMIT
from claude_mpm_monitor.storage.query import Query

#: Alerts that may wait for slow sinks; further ones are neither stored nor delivered, but logged.
WAITING_ALERTS = 256
#: What a document says of longer ago (µs) fires no alert: an import brings in last month, too.
STALE_US = 3_600_000_000
#: How long others' rules, and a delivery of others' sinks, may take (seconds).
RULE_SECONDS, SINK_SECONDS = 1.0, 60.0


class Alerts:
    """From documents to sinks. `start`, `changed` and `tick` on the consumer thread only."""

    def __init__(
        self,
        query: Query,
        shelves: Shelves,
        ingest: Callable[[Raw], Outcome | None],
        base_url: Callable[[], str],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._query = query
        self._rules = shelves.rules
        self._sinks = shelves.sinks
        self._ingest = ingest
        self._base_url = base_url
        self._log = log
        self._watch = Watch()
        self._started = False
        self._waiting: queue.Queue[Alert | None] = queue.Queue(WAITING_ALERTS)
        self._thread = threading.Thread(target=self._run, name="mpm-monitor-alerts", daemon=True)

    def start(self) -> None:
        """Begin to watch: this process owns the dashboard now.

        Goes on with the alerts that fired before, and looks at the newest documents of each topic.
        May be called again when it raised: the store may turn out to be damaged as it is read.
        """
        self._started = True
        for found in self._query.every_document(TOPIC):
            if found.value["state"] == "firing":
                self._watch.resume(_alert_in(found.value))
        if self._thread.ident is None:
            self._thread.start()
        for topic in sorted({topic for rule in self._rules for topic in rule.topics}):
            self.changed(
                Change(
                    topic=topic,
                    key=found.key,
                    session_id=found.session_id,
                    agent_id=found.agent_id,
                    seq=found.seq,
                    at=found.at,
                    text=msgspec.json.encode(found.value).decode(),
                )
                for found in self._query.documents(topic, limit=MAX_LIMIT)
            )

    def changed(self, changes: Iterable[Change]) -> None:
        """Have the rules look at documents that changed."""
        if not self._started:
            return
        now = time.time_ns() // 1_000
        for change in changes:
            for rule in self._rules.working():
                if change.topic in rule.item.topics:
                    conditions = self._conditions(rule, change, now)
                    self._put(self._watch.look(rule.item.name, conditions, now))

    def tick(self) -> None:
        """Notice that time has passed."""
        self._put(self._watch.tick(time.time_ns() // 1_000))

    def stop(self, timeout: float) -> None:
        """Store and deliver what waits, as far as time allows (seconds). Any thread."""
        if self._thread.ident is None:
            return
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
            self._thread.join(timeout)

    def _conditions(self, rule: Contribution[Rule], change: Change, now: int) -> list[Condition]:
        conditions: list[Condition] = []
        with rule.guard.running(f"{rule.item.name}, {change.topic} {change.key}"):
            conditions = rule.call(RULE_SECONDS, _listed, rule.item, change)
        stale = now - change.at > STALE_US
        return [one for one in conditions if not (stale and one.holds)]

    def _put(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            try:
                self._waiting.put_nowait(alert)
            except queue.Full:
                self._log.error("alert lost, sinks are too slow", alert=alert.title)

    # ---- below: the alerts' own thread

    def _run(self) -> None:
        while (alert := self._waiting.get()) is not None:
            try:
                outcome = self._ingest(_delivery(alert))
            except MonitorError as error:
                self._log.warning("alert not stored", alert=alert.title, reason=str(error))
                return  # the monitor is closed
            if outcome is not None and outcome.stored:
                self._deliver(alert)

    def _deliver(self, alert: Alert) -> None:
        url = f"{self._base_url()}/dashboard#/events?session={alert.session_id}"
        told = msgspec.structs.replace(alert, url=url)
        for sink in self._sinks.working():
            with sink.guard.running(f"{sink.item.name}, {alert.rule} {alert.key}"):
                sink.call(SINK_SECONDS, sink.item.deliver, told)


def _listed(rule: Rule, change: Change) -> list[Condition]:
    return list(rule.conditions(change))


def _delivery(alert: Alert) -> Raw:
    what = "/".join((alert.rule, alert.key, str(alert.since), alert.state))
    given = Given(
        kind=KIND,
        payload=msgspec.to_builtins(alert),
        summary=alert.title,
        at=alert.at,
        event_id=fact_id("", KIND, what),
    )
    return Raw(dialect="api", body=msgspec.json.encode(given), at=alert.at, source="monitor")


def _alert_in(value: dict[str, object]) -> Alert:
    names = Alert.__struct_fields__
    return msgspec.convert({name: value[name] for name in names if name in value}, Alert)
