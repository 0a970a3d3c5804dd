"""Turns, tool calls and API calls as OpenTelemetry spans, sent as each turn ends.

Where to is said as everywhere with OpenTelemetry: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or
OTEL_EXPORTER_OTLP_ENDPOINT without the path; without either nothing is sent. A collector, Jaeger,
Tempo, Honeycomb and others take OTLP over HTTP in JSON. Names are those of the GenAI conventions.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from typing import Any
from urllib.request import Request, urlopen

from claude_mpm_monitor import Event, Monitor, hookimpl
from otel_export.spans import spans_of_turn

SECONDS = 10.0


def endpoint() -> str:
    """Return where spans go, "" when nobody said."""
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
    usual = f"{base}/v1/traces" if base else ""
    return os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", usual)


class Exporting:
    """Sends each turn when it has ended, on a thread of its own."""

    def __init__(self, monitor: Monitor, url: str) -> None:
        self._monitor = monitor
        self._url = url
        self._ended: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="otel-export", daemon=True)
        self._thread.start()
        self._subscription = monitor.subscribe(self._ended.put, kinds=["Stop", "StopFailure"])

    def close(self) -> None:
        """Send what waits."""
        self._subscription.close()
        self._ended.put(None)
        self._thread.join(SECONDS)

    def _run(self) -> None:
        while (event := self._ended.get()) is not None:
            self._wait_until_derived(event.seq)
            spans = spans_of_turn(self._monitor.query, event.session_id, event.prompt_id)
            if spans:
                self._send(spans)

    def _wait_until_derived(self, seq: int) -> None:
        """Events are told of as they are stored; what they mean is known a moment later."""
        until = time.monotonic() + SECONDS
        while self._monitor.status()["consumer"]["seq"] < seq and time.monotonic() < until:
            time.sleep(0.02)

    def _send(self, spans: list[dict[str, Any]]) -> None:
        name = {"key": "service.name", "value": {"stringValue": "claude-code"}}
        scope = {"scope": {"name": "claude-mpm-monitor"}, "spans": spans}
        body = {"resourceSpans": [{"resource": {"attributes": [name]}, "scopeSpans": [scope]}]}
        headers = {"Content-Type": "application/json"}
        try:
            with urlopen(Request(self._url, json.dumps(body).encode(), headers), timeout=SECONDS):
                pass
        except OSError as error:
            # What cannot be sent is told in the monitor itself, where the user looks.
            self._monitor.emit("otel_export.failed", {"error": str(error)}, summary=str(error))


class OtelExport:
    """The plugin as an object: it has to end what it has begun."""

    def __init__(self) -> None:
        self._exporting: dict[int, Exporting] = {}

    @hookimpl
    def monitor_started(self, monitor: Monitor) -> None:
        """Begin, if somebody said where to."""
        if url := endpoint():
            self._exporting[id(monitor)] = Exporting(monitor, url)

    @hookimpl
    def monitor_stopping(self, monitor: Monitor) -> None:
        """Send what waits and end."""
        if exporting := self._exporting.pop(id(monitor), None):
            exporting.close()


plugin = OtelExport()
