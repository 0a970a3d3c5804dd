"""Claude Code's telemetry: every record an event, each of them once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.wire import get, post, request

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.errors import DecodeError, PartlyUnderstood
from claude_mpm_monitor.ingest.otlp import OtlpDecoder
from claude_mpm_monitor.model.event import Event, Raw, is_noise

NOW = 1_700_000_000_000_000
NANOS = NOW * 1_000
SAMPLES = next(
    (
        folder
        for parent in Path(__file__).resolve().parents
        if (folder := parent / "shared" / "data" / "cli-hooks").is_dir()
    ),
    None,
)


def value(plain: Any) -> dict[str, Any]:
    names = {str: "stringValue", bool: "boolValue", int: "intValue", float: "doubleValue"}
    return {names[type(plain)]: plain}


def pairs(**attributes: Any) -> list[dict[str, Any]]:
    dotted = {name.replace("__", "."): plain for name, plain in attributes.items()}
    return [{"key": name, "value": value(plain)} for name, plain in dotted.items()]


def about(**attributes: Any) -> list[dict[str, Any]]:
    return pairs(session__id="s-1", prompt__id="p-1", **attributes)


RESOURCE = {"attributes": pairs(service__name="claude-code")}


def logs(*records: Any) -> dict[str, Any]:
    scope = {"scope": {"name": "events"}, "logRecords": list(records)}
    return {"resourceLogs": [{"resource": RESOURCE, "scopeLogs": [scope]}]}


def log(name: str = "api_request", number: int = 7, **attributes: Any) -> dict[str, Any]:
    return {
        "timeUnixNano": str(NANOS),
        "body": {"stringValue": f"claude_code.{name}"},
        "attributes": about(event__name=name, event__sequence=number, **attributes),
    }


def metrics(*points: dict[str, Any]) -> dict[str, Any]:
    series = {"aggregationTemporality": 1, "dataPoints": list(points)}
    metric = {"name": "claude_code.token.usage", "unit": "tokens", "sum": series}
    return {"resourceMetrics": [{"resource": RESOURCE, "scopeMetrics": [{"metrics": [metric]}]}]}


def point(kind: str, **fields: Any) -> dict[str, Any]:
    times = {"startTimeUnixNano": str(NANOS), "timeUnixNano": str(NANOS + 5_000_000_000)}
    return {"attributes": about(type=kind, model="opus"), "asDouble": 12, **times, **fields}


def spans(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"resource": RESOURCE, "scopeSpans": [{"spans": list(entries)}]}]}


def span(span_id: str = "b1", **fields: Any) -> dict[str, Any]:
    return {
        "traceId": "a1",
        "spanId": span_id,
        "name": "claude_code.tool",
        "startTimeUnixNano": str(NANOS),
        "endTimeUnixNano": str(NANOS + 40_000_000),
        "attributes": about(tool_name="Bash", tool_use_id="toolu_1", agent_id="a9"),
        **fields,
    }


def decode(body: Any) -> list[Event]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return OtlpDecoder().decode(Raw(dialect="otlp", body=content, at=1, source="otel"))


def test_a_log_record_is_an_event_of_its_session_at_its_own_time() -> None:
    (event,) = decode(logs(log(model="opus", input_tokens=12, output_tokens=3, cost_usd=0.5)))

    assert (event.kind, event.session_id, event.prompt_id) == ("otel.log.api_request", "s-1", "p-1")
    assert (event.at, event.source) == (NOW, "otel")
    assert event.summary == "opus · 12 in · 3 out · $0.5000"
    data = event.data()
    assert data["attributes"]["input_tokens"] == 12
    assert data["resource"] == {"service.name": "claude-code"}
    assert (data["signal"], data["name"], data["scope"]) == ("log", "api_request", "events")


def test_a_data_point_is_an_event_with_its_value() -> None:
    first, second = decode(metrics(point("input"), point("output", asDouble=None, asInt="7")))

    assert first.kind == second.kind == "otel.metric.token.usage"
    assert (first.data()["value"], second.data()["value"]) == (12, 7)
    assert (first.data()["temporality"], first.data()["unit"]) == (1, "tokens")
    assert first.at == NOW + 5_000_000
    assert first.event_id != second.event_id


def test_a_span_is_an_event_of_its_call_when_it_ended() -> None:
    (event,) = decode(spans(span()))

    assert (event.kind, event.tool_use_id, event.agent_id) == ("otel.span.tool", "toolu_1", "a9")
    assert (event.tool_name, event.at) == ("Bash", NOW + 40_000)
    assert event.summary == "Bash · 40 ms"


def test_all_kinds_of_values_become_plain_ones() -> None:
    array = {"arrayValue": {"values": [value("a"), {"intValue": "5"}]}}
    table = {"kvlistValue": {"values": pairs(inner=True)}}
    record = log()
    record["attributes"] += [{"key": "array", "value": array}, {"key": "table", "value": table}]
    record["attributes"] += [{"key": "odd", "value": 3}, {"value": value("no key")}, "no pair"]

    attributes = decode(logs(record))[0].data()["attributes"]

    assert attributes["array"] == ["a", 5]
    assert attributes["table"] == {"inner": True}
    assert attributes["odd"] is None


@pytest.mark.parametrize("body", [logs(log()), metrics(point("input")), spans(span())])
def test_a_record_sent_again_is_the_same_fact(body: dict[str, Any]) -> None:
    first, again = decode(body), decode(json.dumps(body, indent=2).encode())

    assert [event.event_id for event in first] == [event.event_id for event in again]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (logs(log(number=1)), logs(log(number=2))),
        (logs(log("tool_result")), logs(log("tool_decision"))),
        (metrics(point("input")), metrics(point("input", timeUnixNano=str(NANOS + 9_000_000_000)))),
        (spans(span("b1")), spans(span("b2"))),
    ],
)
def test_different_records_are_different_facts(one: Any, other: Any) -> None:
    assert decode(one)[0].event_id != decode(other)[0].event_id


@pytest.mark.parametrize("stamp", [None, "0", "soon", "9" * 24, -5, True, "9" * 5_000])
def test_a_record_without_a_usable_time_has_the_time_of_its_arrival(stamp: Any) -> None:
    (event,) = decode(logs({**log(), "timeUnixNano": stamp}))

    assert event.at == 1


def test_the_readable_records_of_a_delivery_are_kept_beside_unreadable_ones() -> None:
    with pytest.raises(PartlyUnderstood) as caught:
        decode(logs(log(), {"attributes": []}, {"body": {"stringValue": ""}}))

    assert [event.kind for event in caught.value.events] == ["otel.log.api_request"]
    assert caught.value.lost == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"spans": []}', b'"text"', b"[" * 9_000])
def test_what_is_no_export_request_is_refused(body: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(body)


def test_an_empty_export_request_is_one_without_events() -> None:
    assert decode({}) == decode({"resourceLogs": []}) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "attributes",
                    "key",
                    "value",
                    "sum",
                    "dataPoints",
                    "name",
                    "spanId",
                    "timeUnixNano",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(record=st.lists(JSON, max_size=3), field=st.sampled_from([logs, metrics, spans]))
def test_whatever_stands_in_a_record_is_an_event_or_refused(record: Any, field: Any) -> None:
    body = field(*record)
    for metric in body.get("resourceMetrics", ()):
        metric["scopeMetrics"][0]["metrics"] = record
    with suppress(DecodeError):
        assert all(len(event.event_id) == 32 for event in decode(body))


@pytest.mark.parametrize(
    ("kind", "noise"),
    [
        ("otel.metric.token.usage", True),
        ("otel.span.tool", True),
        ("otel.log.hook_registered", True),
        ("otel.log.api_request", False),
        ("otel.log.tool_result", False),
        ("PreToolUse", False),
    ],
)
def test_what_comes_in_masses_is_noise(kind: str, noise: bool) -> None:
    event = Event(kind=kind, session_id="s", at=0, source="otel", payload=b"{}")

    assert is_noise(event) is noise


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Monitor]:
    with Monitor(home=tmp_path / "home", port=0) as monitor:
        yield monitor


def test_an_exporter_is_answered_as_it_expects(monitor: Monitor) -> None:
    for path, body in (("logs", logs(log())), ("metrics", metrics(point("x")))):
        answer = post(monitor.port, f"/v1/{path}", body)
        assert (answer.status, answer.json) == (200, {})
    answer = post(monitor.port, "/v1/traces", spans(span(), {"name": "no id"}))
    assert answer.status == 200
    rejected = answer.json["partialSuccess"]
    assert rejected["rejectedSpans"] == "1"
    assert "spanId" in rejected["errorMessage"]
    assert post(monitor.port, "/v1/traces", b"no json").status == 400
    assert monitor.query.totals() == {"events": 3, "dead_letters": 2}


def test_a_repeated_export_changes_nothing(monitor: Monitor) -> None:
    for _ in range(3):
        assert post(monitor.port, "/v1/logs", logs(log(), log(number=8))).status == 200

    assert monitor.query.totals()["events"] == 2


def test_a_packed_body_is_unpacked_and_a_bomb_is_not(monitor: Monitor) -> None:
    packed = gzip.compress(json.dumps(logs(log())).encode())
    bomb = gzip.compress(b" " * (33 * 1024 * 1024))

    assert post(monitor.port, "/v1/logs", packed, Content_Encoding="gzip").status == 200
    assert post(monitor.port, "/v1/logs", bomb, Content_Encoding="gzip").status == 413
    assert post(monitor.port, "/v1/logs", b"no gzip", Content_Encoding="gzip").status == 400
    assert post(monitor.port, "/v1/logs", packed, Content_Encoding="br").status == 415
    assert monitor.query.totals()["events"] == 1


def test_protobuf_is_refused_with_a_sentence_that_says_what_to_do(monitor: Monitor) -> None:
    headers = {"Content-Type": "application/x-protobuf"}
    answer = request(monitor.port, "POST", "/v1/traces", b"\x0a\x00", headers)

    assert answer.status == 415
    assert "OTEL_EXPORTER_OTLP_PROTOCOL=http/json" in answer.json["detail"]


def test_lists_show_telemetry_but_its_masses_only_when_asked(monitor: Monitor) -> None:
    post(monitor.port, "/v1/logs", logs(log(), log("hook_registered", 8)))
    post(monitor.port, "/v1/traces", spans(span()))

    shown = get(monitor.port, "/api/v1/events").json["events"]
    everything = get(monitor.port, "/api/v1/events?noise=1").json["events"]
    assert [event["kind"] for event in shown] == ["otel.log.api_request"]
    assert len(everything) == 3


@pytest.mark.skipif(SAMPLES is None, reason="no recorded telemetry beside the project")
def test_every_recorded_record_is_an_event_of_its_own() -> None:
    assert SAMPLES is not None
    events: list[Event] = []
    for path in sorted(SAMPLES.glob("otel-*.jsonl")):
        for row in path.read_text().splitlines():
            events += decode(json.loads(row)["body"])

    assert len(events) == len({event.event_id for event in events}) > 600
    assert all(event.session_id and event.at > NOW for event in events)
    calls = {event.tool_use_id for event in events if event.kind == "otel.log.tool_result"}
    assert calls == {event.tool_use_id for event in events if event.kind == "otel.span.tool"}
    assert "" not in calls
