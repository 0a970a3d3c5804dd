"""Health: how the monitor is doing, in figures and, where something is wrong, in words."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.pipeline.consumer import Consumer
from claude_mpm_monitor.pipeline.intake import Intake
from claude_mpm_monitor.pipeline.latency import Latency
from claude_mpm_monitor.pipeline.ownership import Ownership
from claude_mpm_monitor.pipeline.spool import Spool
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.pipeline.trouble import Troubles
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query

#: With less than this left on the disk, say so before it is full.
LOW_DISK_BYTES = 500_000_000
#: Analyzers further behind than this are said to lag (events).
LAG = 2_000


class Latencies:
    """From a delivery's arrival to its acknowledgement, and to the telling of the pages."""

    def __init__(self) -> None:
        self.acknowledged = Latency()
        self.shown = Latency()

    def snapshot(self) -> dict[str, dict[str, float]]:
        """Return both, in milliseconds."""
        return {
            "acknowledged": self.acknowledged.snapshot(),
            "shown": self.shown.snapshot(),
        }


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Asks the parts. Any thread."""

    config: Config
    database: Database
    intake: Intake
    stats: Stats
    latencies: Latencies
    troubles: Troubles
    spool: Spool
    consumer: Consumer
    ownership: Ownership
    query: Query
    plugin_states: Callable[[], list[dict[str, Any]]]

    def report(self) -> dict[str, Any]:
        """Return the part of the status that is about the monitor's own work."""
        last_seq, analyzed = self.consumer.seq, self.consumer.analyzed_seq
        owned = self.ownership.held
        plugins = self.plugin_states()
        trouble = self.troubles.current
        body = {
            "last_seq": last_seq,
            "owner": owned,
            "counters": self.stats.snapshot(),
            "waiting": self.intake.waiting(),
            "latency": self.latencies.snapshot(),
            "consumer": {
                "seq": analyzed,
                "lag": max(0, last_seq - analyzed) if owned else 0,
                "plugins": self.consumer.lags(),
            },
            "index": {"lag": max(0, last_seq - self.query.indexed_seq())},
            "store": self._store(),
            "spool": self.spool.backlog(),
            "plugins": _counted(plugins),
            "trouble": None if trouble is None else msgspec.to_builtins(trouble),
        }
        return {**body, "problems": [*problems(body), *_failing(plugins)]}

    def _store(self) -> dict[str, Any]:
        notes = self.database.exchange.notes()
        return {
            "path": str(self.config.database),
            "bytes": self.database.size_bytes(),
            "disk_free": shutil.disk_usage(self.config.home).free,
            "set_aside": [{**msgspec.to_builtins(note), "told": note.told} for note in notes],
        }


def _counted(plugins: list[dict[str, Any]]) -> dict[str, Any]:
    states = [plugin["state"] for plugin in plugins]
    return {
        "loaded": states.count("active"),
        **{state: states.count(state) for state in ("failed", "quarantined", "disabled")},
        "seconds": {plugin["name"]: round(plugin["seconds"], 6) for plugin in plugins},
        "failures": {plugin["name"]: plugin["failures"] for plugin in plugins},
    }


def problems(report: dict[str, Any]) -> list[str]:
    """Return what a person should know about, a sentence each; [] when all is well."""
    found: list[str] = []
    trouble, store = report["trouble"], report["store"]
    if trouble is not None:
        minutes = (time.time_ns() // 1_000 - trouble["since"]) // 60_000_000
        fate = "they wait in the spool" if trouble["spooled"] else "they are refused"
        found.append(
            f"Nothing can be stored: {trouble['what']} ({trouble['detail']}). New events: {fate}, "
            f"for {minutes} minutes now. It goes on by itself once that is mended."
        )
    elif store["disk_free"] < LOW_DISK_BYTES:
        found.append(f"Only {store['disk_free'] // 1_000_000} MB are left on the store's disk.")
    for note in store["set_aside"]:
        if note["state"] in ("waiting", "moving"):
            found.append(f"{note['told']} What can be read of it is being copied back.")
        elif note["lost"] and not note["replaced"]:
            found.append(f"{note['told']} Up to {note['lost']} events could not be read.")
    counters, lag = report["counters"], report["consumer"]["lag"]
    if counters["dropped"]:
        found.append(f"{counters['dropped']} events could be stored nowhere and were refused.")
    if lag > LAG:
        found.append(f"What is derived lags behind by {lag} events; it catches up by itself.")
    if broken := report["plugins"]["failed"] + report["plugins"]["quarantined"]:
        found.append(f"{broken} plugin{'s' * (broken != 1)} failed: see `mpm-monitor plugins`.")
    return found


def _failing(plugins: list[dict[str, Any]]) -> Iterator[str]:
    """Tell of those at work that do not always succeed: the next failure may be their last."""
    for plugin in plugins:
        if plugin["state"] == "active" and plugin["failures"]:
            times = f"{plugin['failures']} time{'s' * (plugin['failures'] != 1)}"
            why = f": {plugin['error']}" if plugin["error"] else ""
            name = plugin["name"]
            yield f"The plugin {name} has failed {times} since the start and goes on{why}."
