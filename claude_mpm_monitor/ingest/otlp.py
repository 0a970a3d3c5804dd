"""Claude Code's own telemetry, as its OTLP/HTTP exporters send it in JSON.

One delivery holds many log records, data points or spans; each becomes one event. A request that
the exporter repeats changes nothing: a record is known by its time and number, a span by its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b

import msgspec

from claude_mpm_monitor.errors import DecodeError, PartlyUnderstood
from claude_mpm_monitor.ingest.hooks import text
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.otlp_values import Json, attributes_of, moment
from claude_mpm_monitor.ingest.otlp_wording import describe_record
from claude_mpm_monitor.model.event import Event, Raw, one_line
from claude_mpm_monitor.model.jsontext import loads

KIND_LIMIT = 80
_PREFIX = "claude_code."
#: What a metric's points stand under, by the form of the metric.
_FORMS = ("sum", "gauge", "histogram", "exponentialHistogram", "summary")

#: What one record is about: its attributes, and those of the program that reported it.
Context = tuple[Json, str]
Reader = Callable[[Json, Context, Raw], Iterator[Event]]


class OtlpDecoder:
    """Decodes the body of one export request of any of the three signals. Writer thread."""

    dialect = "otlp"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events in `raw`, or raise DecodeError.

        Raises PartlyUnderstood, which has the events that could be read, when some could not.
        """
        body = _object(raw.body)
        events: list[Event] = []
        problems: list[str] = []
        for field, (group, reader) in _SIGNALS.items():
            for entry, context in _entries(body, field, group):
                try:
                    events += reader(entry, context, raw)
                except (DecodeError, msgspec.EncodeError, ValueError, TypeError) as error:
                    problems.append(str(error))
        if problems:
            raise PartlyUnderstood(problems[0], events, len(problems))
        return events


def _log(entry: Json, context: Context, raw: Raw) -> Iterator[Event]:
    attributes, body = attributes_of(entry), entry.get("body")
    told = text(body, "stringValue") if isinstance(body, dict) else ""
    name = text(attributes, "event.name") or told.removeprefix(_PREFIX)
    if not name:
        raise DecodeError("a log record without event.name")
    at = moment(entry, "timeUnixNano") or moment(entry, "observedTimeUnixNano")
    number = attributes.get("event.sequence")
    digest = "" if number is not None else _digest(attributes)
    record = {"body": told, "severity": text(entry, "severityText")}
    key = f"{at}/{number}/{digest}"
    yield _event("log", name, key, at, record, attributes, context, raw)


def _metric(entry: Json, context: Context, raw: Raw) -> Iterator[Event]:
    name = text(entry, "name")
    form = next((form for form in _FORMS if isinstance(entry.get(form), dict)), "")
    if not name or not form:
        raise DecodeError("a metric without name or points")
    series = entry[form]
    shape = {
        "unit": text(entry, "unit"),
        "form": form,
        "temporality": series.get("aggregationTemporality"),
    }
    for point in _objects(series, "dataPoints"):
        attributes = attributes_of(point)
        started, at = moment(point, "startTimeUnixNano"), moment(point, "timeUnixNano")
        value = point.get("asInt") if point.get("asDouble") is None else point["asDouble"]
        if isinstance(value, str):
            value = int(value)
        record = {**shape, "started_at": started, "value": value}
        if value is None:
            record |= {k: v for k, v in point.items() if k != "attributes"}
        key = f"{started}/{at}/{_digest({**context[0], **attributes})}"
        yield _event("metric", name, key, at, record, attributes, context, raw)


def _span(entry: Json, context: Context, raw: Raw) -> Iterator[Event]:
    name, span_id = text(entry, "name"), text(entry, "spanId")
    if not name or not span_id:
        raise DecodeError("a span without name or spanId")
    attributes = attributes_of(entry)
    trace_id = text(entry, "traceId")
    status = entry.get("status")
    started, ended = moment(entry, "startTimeUnixNano"), moment(entry, "endTimeUnixNano")
    record = {
        "trace_id": trace_id,
        "span_id": span_id,
        "parent_span_id": text(entry, "parentSpanId"),
        "started_at": started,
        "ended_at": ended,
        "status": status if isinstance(status, dict) else {},
        "events": [
            {"name": text(e, "name"), "at": moment(e, "timeUnixNano"), **attributes_of(e)}
            for e in _objects(entry, "events")
        ],
    }
    key = f"{trace_id}/{span_id}"
    yield _event("span", name, key, ended or started, record, attributes, context, raw)


_SIGNALS: dict[str, tuple[tuple[str, str], Reader]] = {
    "resourceLogs": (("scopeLogs", "logRecords"), _log),
    "resourceMetrics": (("scopeMetrics", "metrics"), _metric),
    "resourceSpans": (("scopeSpans", "spans"), _span),
}


def _event(
    signal: str,
    name: str,
    key: str,
    at: int,
    record: Json,
    attributes: Json,
    context: Context,
    raw: Raw,
) -> Event:
    resource, scope = context
    name = one_line(name.removeprefix(_PREFIX), KIND_LIMIT)
    kind = f"otel.{signal}.{name}"
    named = {**resource, **attributes}
    session_id = text(named, "session.id")
    payload = {
        "signal": signal,
        "name": name,
        **record,
        "attributes": attributes,
        "resource": resource,
        "scope": scope,
    }
    return Event(
        event_id=fact_id(session_id, kind, key),
        kind=kind,
        session_id=session_id,
        at=at or raw.at,
        source=raw.source,
        agent_id=text(named, "agent_id") or text(named, "agent.id"),
        tool_use_id=text(named, "tool_use_id") or text(named, "gen_ai.tool.call.id"),
        prompt_id=text(named, "prompt.id"),
        tool_name=text(named, "tool_name"),
        summary=describe_record(signal, name, record, named),
        payload=msgspec.json.encode(payload),
    )


def _entries(body: Json, field: str, group: tuple[str, str]) -> Iterator[tuple[Json, Context]]:
    """Yield every record of a signal with what it is about."""
    scopes, entries = group
    for source in _objects(body, field):
        resource = source.get("resource")
        about = attributes_of(resource) if isinstance(resource, dict) else {}
        for scope in _objects(source, scopes):
            library = scope.get("scope")
            name = text(library, "name") if isinstance(library, dict) else ""
            for entry in _objects(scope, entries):
                yield entry, (about, name)


def _objects(holder: Json, field: str) -> Iterator[Json]:
    value = holder.get(field)
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict):
            yield entry


def _digest(value: Json) -> str:
    return blake2b(msgspec.json.encode(value, order="sorted"), digest_size=16).hexdigest()


def _object(body: bytes) -> Json:
    try:
        value = loads(body)
    except ValueError as error:
        raise DecodeError(str(error)) from None
    if not isinstance(value, dict):
        raise DecodeError("an export request that is no object")
    if value and not any(field in value for field in _SIGNALS):
        raise DecodeError("an export request without resourceLogs, resourceMetrics, resourceSpans")
    return value
