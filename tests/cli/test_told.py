"""What `mpm-monitor show` says of a session's sources and of requests that failed."""

from __future__ import annotations

import pytest
from testkit.usage import event, heard, telemetry

from claude_mpm_monitor.analysis.coverage import CoverageAnalyzer
from claude_mpm_monitor.cli.told import print_errors, print_sources
from claude_mpm_monitor.model.analyzer import Json

Capture = pytest.CaptureFixture[str]


class Documents(dict[tuple[str, str], Json]):
    """The documents of an analyzer, in memory."""

    def put(self, topic: str, key: str, value: Json, **place: str) -> None:
        self[topic, key] = value

    def get(self, topic: str, key: str) -> Json | None:  # type: ignore[override]
        return super().get((topic, key))


def words(capsys: Capture) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_sources_say_what_each_told_and_what_it_alone_knew(capsys: Capture) -> None:
    answer = {"type": "assistant", "requestId": "r1", "message": {"id": "m1"}}
    documents, analyzer = Documents(), CoverageAnalyzer()
    for told in (event(answer), *(heard(telemetry("log.api_request", r)) for r in ("r1", "r2"))):
        analyzer.apply(told, documents)
    analyzer.settle(documents)

    print_sources(documents["coverage", "s1"])

    said = words(capsys)
    assert "transcript 1 0 0 1" in said
    assert "telemetry 2 0 0 2 1 API calls" in said
    assert "hooks" not in said


def test_failed_requests_are_grouped_by_their_reason(capsys: Capture) -> None:
    overloaded = {"error": "Overloaded", "status_code": 529}
    print_errors([overloaded, overloaded, {"error": "", "status_code": None}])

    assert words(capsys) == (
        "Failed requests to the model: 3 - Overloaded (HTTP 529) (2 x) - no reason was given"
    )


def test_nothing_is_said_where_nothing_is_known(capsys: Capture) -> None:
    print_errors([])
    print_sources(None)

    assert words(capsys) == ""
