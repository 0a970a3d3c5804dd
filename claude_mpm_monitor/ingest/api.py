"""Events that scripts and plugins hand over themselves: `Monitor.emit` and POST /api/v1/events."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.wording import describe
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw, one_line
from claude_mpm_monitor.model.jsontext import canonical, loads


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


class _Received(Given, kw_only=True):
    """The same, with the payload as the caller wrote it, to the letter."""

    payload: msgspec.Raw = msgspec.Raw(b"{}")


_one = msgspec.json.Decoder(_Received)
_many = msgspec.json.Decoder(list[_Received])


class ApiDecoder:
    """Decodes an object, an array of objects, or one object a line (NDJSON). Writer thread."""

    dialect = "api"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, or raise DecodeError: it takes all of them or none."""
        return [event_from_given(given, raw) for given in parse_given(raw.body)]


def parse_given(body: bytes) -> list[_Received]:
    """Read the three forms a body may have."""
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].lstrip()[:1] == b"{":
        # Most bodies of several lines are one object a line, and then they are read in one go.
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = _one.decode_lines(body)
            if len(found) == len(lines):
                return found
    try:
        return _parse(body)
    except DecodeError:
        if len(lines) < 2:
            raise
    return [given for number, line in enumerate(lines, 1) for given in _parse_line(number, line)]


def _parse_line(number: int, line: bytes) -> list[_Received]:
    try:
        return _parse(line)
    except DecodeError as error:
        raise DecodeError(f"line {number} is {error}") from None


def _parse(body: bytes) -> list[_Received]:
    try:
        return _strictly(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if b"\\ud" not in body.lower():
            raise DecodeError(f"not an event: {error}") from None
    try:
        return _strictly(canonical(body))
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"not an event: {error}") from None


def _strictly(body: bytes) -> list[_Received]:
    return _many.decode(body) if body.lstrip()[:1] == b"[" else [_one.decode(body)]


def event_from_given(given: _Received, raw: Raw) -> Event:
    """Build the event; an `event_id` of the caller's own makes a repeated call a no-op."""
    if not given.kind:
        raise DecodeError("an event needs a kind")
    if given.at is not None and not 0 <= given.at <= LATEST_AT:
        raise DecodeError(f"at is {given.at}, microseconds since the epoch were expected")
    payload, fields = _payload(given)
    event = Event(
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
        payload=payload,
    )
    return event.parsed_as(fields)


def _payload(given: _Received) -> tuple[bytes, dict[str, Any]]:
    """Return the payload's text, and its fields when it is an object."""
    text = bytes(given.payload)
    try:
        value = loads(text)
    except ValueError as error:
        raise DecodeError(f"the payload is {error}") from None
    return (b"{}" if value is None else text), (value if isinstance(value, dict) else {})
