"""Events that scripts and plugins hand over themselves: `Monitor.emit` and POST /api/v1/events."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.wording import describe
from claude_mpm_monitor.model.event import Event, Raw, one_line


class Given(msgspec.Struct, kw_only=True):
    """One event as a caller writes it; only `kind` is required. `at` is µs since the epoch."""

    kind: str
    session_id: str = ""
    payload: Any = None
    at: int | None = None
    event_id: str = ""
    agent_id: str = ""
    tool_use_id: str = ""
    prompt_id: str = ""
    project: str = ""
    tool_name: str = ""
    summary: str = ""
    source: str = ""


_one = msgspec.json.Decoder(Given)
_many = msgspec.json.Decoder(list[Given])


class ApiDecoder:
    """Decodes an object, an array of objects, or one object a line (NDJSON). Writer thread."""

    dialect = "api"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, or raise DecodeError: it takes all of them or none."""
        return [event_from_given(given, raw) for given in parse_given(raw.body)]


def parse_given(body: bytes) -> list[Given]:
    """Read the three forms a body may have."""
    try:
        return _many.decode(body) if body.lstrip()[:1] == b"[" else [_one.decode(body)]
    except msgspec.DecodeError as error:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2:
            raise DecodeError(f"not an event: {error}") from None
    return [_parse_line(number, line) for number, line in enumerate(lines, start=1)]


def _parse_line(number: int, line: bytes) -> Given:
    try:
        return _one.decode(line)
    except msgspec.DecodeError as error:
        raise DecodeError(f"line {number} is not an event: {error}") from None


def event_from_given(given: Given, raw: Raw) -> Event:
    """Build the event; an `event_id` of the caller's own makes a repeated call a no-op."""
    if not given.kind:
        raise DecodeError("an event needs a kind")
    payload = {} if given.payload is None else given.payload
    fields = payload if isinstance(payload, dict) else {}
    return Event(
        event_id=fact_id(given.session_id, given.kind, given.event_id) if given.event_id else "",
        kind=given.kind,
        session_id=given.session_id,
        at=raw.at if given.at is None else given.at,
        source=given.source or raw.source,
        agent_id=given.agent_id,
        tool_use_id=given.tool_use_id,
        prompt_id=given.prompt_id,
        project=given.project,
        tool_name=given.tool_name,
        summary=one_line(given.summary) or describe(given.kind, fields),
        payload=msgspec.json.encode(payload),
    )
