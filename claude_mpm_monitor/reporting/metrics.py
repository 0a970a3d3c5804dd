"""The monitor's own metrics, read from what it tells of itself."""

from __future__ import annotations

from claude_mpm_monitor.model.metric import Metric


def own_metrics() -> list[Metric]:
    """Return what is told at ``/metrics`` of the monitor itself."""
    return [
        Metric(
            name="deliveries_total",
            kind="counter",
            label="outcome",
            help="What became of what arrived, since the monitor started.",
            read=lambda status: status["counters"],
        ),
        Metric(
            name="deliveries_waiting",
            help="Deliveries that are not committed yet.",
            read=lambda status: status["waiting"],
        ),
        Metric(
            name="lag_events",
            help="Events that are stored and not yet derived from.",
            read=lambda status: status["consumer"]["lag"],
        ),
        Metric(
            name="store_bytes",
            help="How large the store is.",
            read=lambda status: status["store"]["bytes"],
        ),
        Metric(
            name="pages", help="Pages that are connected.", read=lambda status: status["clients"]
        ),
        Metric(
            name="plugin_seconds_total",
            kind="counter",
            label="plugin",
            help="How long each plugin's code has run.",
            read=lambda status: status["plugins"]["seconds"],
        ),
        Metric(
            name="plugin_failures_total",
            kind="counter",
            label="plugin",
            help="How often each plugin's code has failed.",
            read=lambda status: status["plugins"]["failures"],
        ),
    ]
