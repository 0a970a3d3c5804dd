"""Ingest routes: hooks, the host's wire and our own API. They answer after the commit.

They stand before the router and build no request object: Claude waits for every one of them.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Outcome
from claude_mpm_monitor.server.http import json_response, problem
from claude_mpm_monitor.server.security import WsgiApp
from claude_mpm_monitor.server.services import Services

_DIALECTS = {
    "/hooks/claude": "claude_hook",
    "/api/events": "mpm",
    "/api/v1/events": "api",
    "/v1/logs": "otlp",
    "/v1/metrics": "otlp",
    "/v1/traces": "otlp",
}
#: What OTLP calls the records of each of its routes that were not taken.
_REJECTED = {
    "/v1/logs": "rejectedLogRecords",
    "/v1/metrics": "rejectedDataPoints",
    "/v1/traces": "rejectedSpans",
}
YEAR_US = 366 * 86_400 * 1_000_000
_SOURCES = {"claude_hook": "http_hook", "mpm": "claude_mpm", "api": "api", "otlp": "otel"}

Start = Callable[..., Any]


def is_delivery(environ: dict[str, Any]) -> bool:
    """Tell whether a request delivers something."""
    return environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] in _DIALECTS


class IngestRoutes:
    """Takes deliveries. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[tuple[str, str, WsgiApp]]:
        """Return method, path and what answers; it does so before any route is looked for."""
        return [("POST", path, self) for path in _DIALECTS]

    def handles(self, environ: dict[str, Any]) -> bool:
        """Tell whether the request delivers something."""
        return is_delivery(environ)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Take one delivery."""
        at = time.time_ns() // 1_000
        dialect = _DIALECTS[environ["PATH_INFO"]]
        try:
            body = _read_body(environ)
        except (OSError, ValueError) as error:
            # The sender went, dawdled, or cannot count; it may come again.
            return self._refuse(problem(400, "Cut off", f"{error}."))(environ, start_response)
        if body is not None and dialect == "otlp":
            refusal = _refusal(environ)
            if refusal is not None:
                return refusal(environ, start_response)
            if environ.get("HTTP_CONTENT_ENCODING", "").lower() == "gzip":
                body = self._services.offload(_unpacked, body)
        if body is None:
            limit = MAX_BODY_BYTES // 2**20
            answer = problem(413, "Too large", f"A delivery may have {limit} MiB at most.")
            return self._refuse(answer)(environ, start_response)
        outcome = self._services.submit(_raw(environ, dialect, body, at))
        return _answer(outcome, dialect, environ["PATH_INFO"])(environ, start_response)

    def takes_at_once(self, environ: dict[str, Any]) -> bool:
        """Tell whether a request can be taken as it is: telemetry may have to be unpacked."""
        return is_delivery(environ) and _DIALECTS[environ["PATH_INFO"]] != "otlp"

    def take(self, environ: dict[str, Any], body: bytes, done: Callable[[WsgiApp], None]) -> None:
        """Take such a delivery, whose body is there; after its commit call `done` with the answer.

        Gateway thread; does not wait.
        """
        at, path = time.time_ns() // 1_000, environ["PATH_INFO"]
        dialect = _DIALECTS[path]
        self._services.take(
            _raw(environ, dialect, body, at),
            lambda outcome: done(_answer(outcome, dialect, path)),
        )

    def _refuse(self, answer: Response) -> Response:
        self._services.stats.add(received=1, rejected=1)
        # What is left of the body is not read, so the connection cannot be used again.
        answer.headers["Connection"] = "close"
        return answer


def _raw(environ: dict[str, Any], dialect: str, body: bytes, at: int) -> Raw:
    delivery_id = environ.get("HTTP_X_EVENT_ID", "")
    sent_at = _number(environ.get("HTTP_X_EVENT_AT", ""))
    return Raw(
        dialect=dialect,
        body=body,
        # A clock that is a year off is no clock.
        at=sent_at if abs(sent_at - at) < YEAR_US else at,
        source="command_hook" if delivery_id and dialect == "claude_hook" else _SOURCES[dialect],
        channel=environ.get("QUERY_STRING", ""),
        delivery_id=delivery_id,
    )


def _answer(outcome: Outcome | None, dialect: str, path: str) -> WsgiApp:
    if outcome is None:
        return problem(503, "Busy", "The event is queued but was not committed in time.")
    if outcome.error and not outcome.settled:
        return problem(503, "Not stored", f"{outcome.error}.")
    if dialect == "otlp" and not (outcome.error and not outcome.lost):
        return json_response(_partial_success(outcome, path))
    if outcome.error:
        return problem(400, "Not understood", f"{outcome.error}. It is kept as a dead letter.")
    if dialect == "api":
        return json_response({"stored": outcome.stored, "duplicate": outcome.duplicate})
    # Claude Code writes an attachment into the transcript for any answer that has a body.
    return _no_content


def _partial_success(outcome: Outcome, path: str) -> dict[str, Any]:
    if not outcome.lost:
        return {}
    rejected = {_REJECTED[path]: str(outcome.lost), "errorMessage": outcome.error}
    return {"partialSuccess": rejected}


def _refusal(environ: dict[str, Any]) -> WsgiApp | None:
    """Return what to answer to telemetry in another form than JSON, plain or packed by gzip."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind not in ("", "application/json"):
        detail = (
            f"Telemetry is taken as JSON, not {kind}: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json."
        )
        return problem(415, "Not JSON", detail)
    packing = environ.get("HTTP_CONTENT_ENCODING", "").lower()
    if packing not in ("", "identity", "gzip"):
        return problem(415, "Unknown encoding", f"A body may be packed by gzip, not by {packing}.")
    return None


def _unpacked(body: bytes) -> bytes | None:
    """Return what was packed by gzip, None when it is larger than allowed.

    What is no gzip stays as it is: it cannot be decoded, and is kept for whoever wonders why.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BODY_BYTES + 1)
    except zlib.error:
        return body
    return plain if len(plain) <= MAX_BODY_BYTES else None


def _no_content(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return ()


def _read_body(environ: dict[str, Any]) -> bytes | None:
    """Return the body, or None when it is larger than allowed.

    Raises OSError or ValueError when it does not come to its end.
    """
    length = _number(environ.get("CONTENT_LENGTH") or "")
    if length > MAX_BODY_BYTES:
        return None
    body: bytes = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    if len(body) < length:
        raise ValueError(f"Only {len(body)} of {length} bytes came")
    return body if len(body) <= MAX_BODY_BYTES else None


def _number(text: str) -> int:
    """Return a header's whole number, 0 when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
