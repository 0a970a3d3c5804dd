"""Turns, tool calls and API calls as OpenTelemetry spans, sent as each turn ends.

Where to is said as everywhere with OpenTelemetry: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, or
OTEL_EXPORTER_OTLP_ENDPOINT without the path; without either nothing is sent. A collector, Jaeger,
Tempo, Honeycomb and others take OTLP over HTTP in JSON. Names are those of the GenAI conventions.

A session of the past is written to a file, to be sent to such an endpoint or looked at offline:

    mpm-monitor export SESSION --format otlp
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from http.client import HTTPException
from typing import Any, BinaryIO
from urllib.request import Request, urlopen

from claude_mpm_monitor import Event, Exporter, Monitor, Recording, hookimpl
from otel_export.spans import request_of, spans_of_turn

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
            query, session_id = self._monitor.query, event.session_id
            turn = query.document("turn", f"{session_id}/{self._prompt_of(event)}")
            if turn is not None:
                calls = (
                    [each.value for each in query.every_document(topic, session_id=session_id)]
                    for topic in ("tool_call", "api_call")
                )
                self._send(spans_of_turn(turn.value, *calls))

    def _prompt_of(self, event: Event) -> str:
        """Hooks of an older Claude Code do not say it: it is the session's present one."""
        if event.prompt_id:
            return event.prompt_id
        session = self._monitor.query.document("session", event.session_id)
        return session.value["prompt_id"] if session else ""

    def _wait_until_derived(self, seq: int) -> None:
        """Events are told of as they are stored; what they mean is known a moment later."""
        until = time.monotonic() + SECONDS
        while self._monitor.status()["consumer"]["seq"] < seq and time.monotonic() < until:
            time.sleep(0.02)

    def _send(self, spans: list[dict[str, Any]]) -> None:
        body = request_of(spans)
        headers = {"Content-Type": "application/json"}
        try:
            with urlopen(Request(self._url, json.dumps(body).encode(), headers), timeout=SECONDS):
                pass
        except (OSError, ValueError, HTTPException) as error:
            # What cannot be sent is told in the monitor itself, where the user looks.
            self._monitor.emit("otel_export.failed", {"error": str(error)}, summary=str(error))


class OtlpFile:
    """Writes the spans of a session's turns as one request in OTLP's JSON form."""

    name = "otlp"
    suffix = ".otlp.json"
    media_type = "application/json"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        calls = [list(recording.documents(topic)) for topic in ("tool_call", "api_call")]
        turns = recording.documents("turn")
        spans = [span for turn in turns for span in spans_of_turn(turn, *calls)]
        out.write(json.dumps(request_of(spans)).encode())


class OtelExport:
    """The plugin as an object: it has to end what it has begun."""

    def __init__(self) -> None:
        self._exporting: dict[int, Exporting] = {}

    @hookimpl
    def monitor_register_exporters(self) -> list[Exporter]:
        """For what is over."""
        return [OtlpFile()]

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
