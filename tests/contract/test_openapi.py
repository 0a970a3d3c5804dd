"""The description in OpenAPI says what is served, and whatever it allows is answered."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from testkit.wire import get, request

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.openapi import PATH, describe

DOCS = Path(__file__).resolve().parents[2] / "docs"
#: `MONITOR_FUZZ=2500` looks longer.
EXAMPLES = int(os.environ.get("MONITOR_FUZZ", "60"))
many = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    with Monitor(home=tmp_path_factory.mktemp("described"), port=0) as monitor:
        monitor.emit("UserPromptSubmit", {"prompt": "hello"}, session_id="s", wait=True)
        yield monitor


@pytest.fixture(scope="module")
def description(monitor: Monitor) -> dict[str, Any]:
    found: dict[str, Any] = get(monitor.port, PATH).json
    return found


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_documented_route_is_described_and_no_other(description: dict[str, Any]) -> None:
    text = (DOCS / "rest-api.md").read_text()
    rows = re.findall(r"^\| (GET|POST|PUT|DELETE) \| `(.*?)` \|", text, re.MULTILINE)
    documented = {(method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)) for method, rule in rows}

    assert {(method, path) for method, path, _ in operations(description)} == documented


def test_every_parameter_of_a_list_is_described_and_documented(
    description: dict[str, Any],
) -> None:
    text = (DOCS / "rest-api.md").read_text().split("Parameters of lists:")[1].split("\n\n")[1]
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    documented = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    lists = ("/api/v1/events", "/api/v1/tool-calls", "/api/v1/costs")
    described = {
        parameter["name"]
        for path in lists
        for parameter in description["paths"][path]["get"]["parameters"]
    }

    assert described - {"by"} == documented


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(
    description: dict[str, Any],
) -> None:
    found = [operation for _, _, operation in operations(description)]

    assert len({operation["operationId"] for operation in found}) == len(found)
    assert all(operation["summary"] for operation in found)


def test_variables_of_a_path_are_parameters_of_their_kind() -> None:
    def handler() -> None:
        """Answer it."""

    paths = describe([("GET", "/a/<int:seq>/<any(b,c):name>", handler)])["paths"]
    parameters = paths["/a/{seq}/{name}"]["get"]["parameters"]

    assert [(one["name"], one["schema"]["type"]) for one in parameters] == [
        ("seq", "integer"),
        ("name", "string"),
    ]


texts = st.text(max_size=12) | st.sampled_from(["s", "builtin", "0", "-1", "9" * 30, "..", "%00"])
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """What a schema allows, and now and then something else."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | texts
    if schema.get("type") == "integer":
        return st.integers(0, schema["maximum"]).map(str) | texts
    if schema.get("format") == "date":
        return st.dates().map(str) | texts
    return texts


@many
@given(data=st.data())
def test_no_request_is_a_server_error(
    monitor: Monitor, description: dict[str, Any], data: st.DataObject
) -> None:
    method, path, operation = data.draw(st.sampled_from(operations(description)))
    query = []
    for parameter in operation["parameters"]:
        value = data.draw(fitting(parameter["schema"]))
        if parameter["in"] == "path":
            filled = quote(value, safe="", errors="surrogatepass") or "x"
            path = path.replace(f"{{{parameter['name']}}}", filled)
        elif data.draw(st.booleans()):
            query.append((parameter["name"], value))
    body = None
    if "requestBody" in operation:
        body = data.draw(values.map(lambda value: json.dumps(value).encode()) | st.binary())
    asked = f"{path}?{urlencode(query, errors='surrogatepass')}"

    answer = request(monitor.port, method, asked, body)

    assert answer.status < 500, (method, asked, body, answer.body)


EVENTS = [
    "resume",
    "ask",
    "get_history",
    "request_history",
    "get_status",
    "claude_event",
    "ping",
    "x",
]


def _frame(text: str) -> bytes:
    content = text.encode(errors="replace")
    return b"\x81\xff" + struct.pack("!Q", len(content)) + b"\0\0\0\0" + content


@settings(max_examples=max(20, EXAMPLES // 10), suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.lists(values, max_size=3)), max_size=10))
def test_no_message_is_a_server_error(
    monitor: Monitor,
    caplog: pytest.LogCaptureFixture,
    messages: list[tuple[str, list[Any]]],
) -> None:
    caplog.clear()
    with socket.create_connection(("127.0.0.1", monitor.port), timeout=10) as client:
        client.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b" 101 " in client.recv(4096)
        for name, arguments in messages:
            for place in ("/v1,", ""):
                client.sendall(_frame(f"40{place}"))
                client.sendall(_frame(f"42{place}{json.dumps([name, *arguments])}"))

    assert get(monitor.port, "/health").status == 200
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
