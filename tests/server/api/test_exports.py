"""Exports over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import post

from claude_mpm_monitor import Monitor, hookimpl
from claude_mpm_monitor.server.api import exports

Get = Callable[[str], tuple[HTTPResponse, bytes]]


class Broken:
    name = "broken"
    suffix = ".broken"
    media_type = "text/plain"

    @hookimpl
    def monitor_register_exporters(self) -> list[object]:
        return [self]

    def export(self, recording: object, out: object) -> None:
        raise ValueError("not today")


@pytest.fixture
def get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Get]:
    monkeypatch.setattr(exports, "IN_MEMORY", 100)  # what is larger goes through a file
    with Monitor(home=tmp_path, port=0, plugins=[Broken()]) as monitor:
        talk = Talk("s 1")
        for payload in (talk.start(), talk.prompt("Ünder"), talk.stop()):
            assert post(monitor.port, "/hooks/claude", payload).status == 204
        eventually(lambda: monitor.query.document("session", "s 1"))

        def get(path: str) -> tuple[HTTPResponse, bytes]:
            connection = HTTPConnection("127.0.0.1", monitor.port, timeout=10)
            connection.request("GET", f"/api/v1/{path}")
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            return answer, body

        yield get


def test_the_formats_are_listed(get: Get) -> None:
    _, body = get("exporters")

    names = [one["name"] for one in json.loads(body)["exporters"]]
    assert names == ["jsonl", "csv", "markdown", "trace", "broken"]


def test_a_session_comes_as_a_file(get: Get) -> None:
    answer, body = get("sessions/s%201/export")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert "filename*=UTF-8''s%201.jsonl" in answer.headers["Content-Disposition"]
    assert json.loads(body.splitlines()[1])["payload"]["prompt"] == "Ünder"


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("sessions/nobody/export", 404, "no session 'nobody'"),
        ("sessions/s%201/export?format=pdf", 400, "one of jsonl, csv"),
        ("sessions/s%201/export?format=broken", 500, "Broken: exporting s 1"),
    ],
)
def test_what_cannot_be_exported_is_said(get: Get, path: str, status: int, sentence: str) -> None:
    answer, body = get(path)

    assert answer.status == status
    assert sentence in json.loads(body)["detail"]
