"""Routes, metrics and reports of plugins, over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import exchange, get, post

from claude_mpm_monitor import (
    Answer,
    Call,
    Column,
    Counter,
    Counters,
    Finding,
    Findings,
    Line,
    Metric,
    Monitor,
    Question,
    Refused,
    Report,
    RouteSpec,
    Section,
    Series,
    Table,
    hookimpl,
)


class Errands:
    name = "errands"
    title = "Who runs what"

    def run(self, question: Question) -> Iterator[Section]:
        kinds = [event.kind for event in question.events("PreToolUse")]
        calls = list(question.documents("tool_call"))
        yield Counters(title="All", counters=[Counter(label="Calls", value=len(kinds))])
        columns = [Column(field="tool", title="Tool")]
        yield Table(columns=columns, rows=[{"tool": call["tool_name"]} for call in calls])
        yield Series(series=[Line(label="A", points=[(question.now, 1.0)])])
        yield Findings(findings=[Finding(title="Look", session_id=question.session_id)])


class Lying:
    name = "lying"
    title = "No JSON"

    def run(self, question: Question) -> Iterator[Section]:
        yield Table(columns=[Column(field="a", title="A")], rows=[{"a": object()}])  # type: ignore[dict-item]


def hello(call: Call) -> Any:
    if call.parameters.get("who") == "nobody":
        raise Refused("Nobody is no name.", 422)
    return {"hello": call.variables["number"], "events": call.query.totals()["events"]}


class Figure(float):
    """Writes itself with its type, as numpy's do."""

    def __repr__(self) -> str:
        return f"Figure({float(self)!r})"


class Plugin:
    def __init__(self) -> None:
        self.served = 0

    @hookimpl
    def monitor_register_reports(self) -> list[Report]:
        return [Errands(), Lying()]

    @hookimpl
    def monitor_register_routes(self) -> list[RouteSpec]:
        return [
            RouteSpec(path="hello/<int:number>", handler=hello, summary="Greets."),
            RouteSpec(path="plain", handler=self.plain, summary="Text.", method="POST"),
            RouteSpec(path="broken", handler=lambda call: 1 / 0, summary="Fails."),
            RouteSpec(path="wrong", handler=lambda call: object(), summary="Is no JSON."),
        ]

    def plain(self, call: Call) -> Answer:
        self.served += 1
        return Answer(body=call.body.upper(), content_type="text/plain", status=202)

    @hookimpl
    def monitor_register_metrics(self) -> list[Metric]:
        return [
            Metric(name="served_total", help="Served.", kind="counter", read=lambda _: self.served),
            Metric(name="words", help="W.", label="of", read=lambda _: {'a"b\n': 1.5}),
            Metric(name="up", help="U.", read=lambda _: True),
            Metric(name="figure", help="F.", read=lambda _: Figure(0.5)),
            Metric(name="broken", help="Fails.", read=lambda _: float("nan")),
        ]


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    home = tmp_path_factory.mktemp("plugins")
    with Monitor(home=home, port=0, plugins=[Plugin()]) as monitor:
        talk = Talk("s1")
        for payload in (talk.start(), talk.pre("u1", "Bash", command="ls")):
            assert post(monitor.port, "/hooks/claude", payload).status == 204
        last = monitor.query.last_seq()
        eventually(lambda: monitor.status()["consumer"]["seq"] >= last)
        yield monitor


def told(monitor: Monitor, path: str, status: int = 200) -> Any:
    answer = get(monitor.port, path)
    assert answer.status == status, answer.body
    return json.loads(answer.body)


def test_a_route_is_answered_below_its_plugin(monitor: Monitor) -> None:
    answer = told(monitor, "/api/v1/plugins/Plugin/hello/7")

    assert answer["hello"] == 7
    assert answer["events"] >= 2


def test_a_handler_may_refuse_a_call_without_failing(monitor: Monitor) -> None:
    answer = told(monitor, "/api/v1/plugins/Plugin/hello/7?who=nobody", 422)

    assert answer["detail"] == "Nobody is no name."


def test_a_handler_may_answer_anything(monitor: Monitor) -> None:
    answer = post(monitor.port, "/api/v1/plugins/Plugin/plain", {"a": 1})

    assert (answer.status, answer.body) == (202, b'{"A": 1}')


def test_a_body_that_does_not_say_how_long_it_is_is_not_taken_for_an_empty_one(
    monitor: Monitor,
) -> None:
    answer = exchange(
        monitor.port,
        b"POST /api/v1/plugins/Plugin/plain HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    )

    assert answer.startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(("path", "error"), [("broken", "ZeroDivisionError"), ("wrong", "object")])
def test_a_handler_that_fails_is_told_with_its_plugin(
    monitor: Monitor, path: str, error: str
) -> None:
    answer = told(monitor, f"/api/v1/plugins/Plugin/{path}", 500)

    assert answer["detail"].startswith("Plugin: answering GET")
    assert error in answer["detail"]


def test_metrics_are_told_as_prometheus_reads_them(monitor: Monitor) -> None:
    text = get(monitor.port, "/metrics").body.decode()

    assert "# TYPE mpm_Plugin_served_total counter\n" in text
    assert 'mpm_Plugin_words{of="a\\"b\\n"} 1.5\n' in text
    assert "mpm_Plugin_up 1\n" in text
    assert "mpm_Plugin_figure 0.5\n" in text
    assert "mpm_Plugin_broken " not in text
    assert 'mpm_monitor_deliveries_total{outcome="stored"}' in text
    assert 'mpm_monitor_plugin_failures_total{plugin="builtin"} 0\n' in text


def test_a_report_answers_with_sections_about_what_is_asked(monitor: Monitor) -> None:
    answer = told(monitor, "/api/v1/analysis/errands?session=s1&q=tool:Bash")

    assert [section["kind"] for section in answer["sections"]] == [
        *("counters", "table", "series", "findings")
    ]
    assert answer["sections"][0]["counters"][0]["value"] == 1
    assert answer["sections"][1]["rows"] == [{"tool": "Bash"}]
    assert answer["sections"][3]["findings"][0]["session_id"] == "s1"
    assert told(monitor, "/api/v1/analysis/errands?session=s2")["sections"][1]["rows"] == []


def test_a_query_that_is_none_is_the_askers_mistake(monitor: Monitor) -> None:
    assert "position" in told(monitor, "/api/v1/analysis/errands?q=nonsense%3A1", 400)


def test_mistakes_of_who_asks_are_no_failures_of_the_plugin(monitor: Monitor) -> None:
    path = "/api/v1/analysis/errands"
    before = [state["failures"] for state in monitor.plugins.states()]
    for _ in range(12):
        assert get(monitor.port, f"{path}?q=tool:").status == 400

    assert get(monitor.port, path).status == 200
    assert [state["failures"] for state in monitor.plugins.states()] == before


def test_a_report_that_returns_what_is_no_json_is_told_with_its_plugin(monitor: Monitor) -> None:
    answer = told(monitor, "/api/v1/analysis/lying", 500)

    assert answer["detail"].startswith("Plugin: report lying: PluginError")


def test_an_answer_can_be_kept_and_read_again(monitor: Monitor) -> None:
    path = "/api/v1/analysis/errands?session=s1"

    assert post(monitor.port, path, {}).status == 201
    results = "/api/v1/analysis/errands/results"
    eventually(lambda: told(monitor, results)["results"])
    (kept,) = told(monitor, results)["results"]
    assert kept["question"] == {"q": "", "session": "s1", "project": ""}
    assert kept["sections"][1]["rows"] == [{"tool": "Bash"}]


def test_reports_that_are_built_in_are_listed_and_answer(monitor: Monitor) -> None:
    listed = told(monitor, "/api/v1/analysis")["reports"]

    assert [report["name"] for report in listed] == ["tools", "activity", "errands", "lying"]
    tools = told(monitor, "/api/v1/analysis/tools?session=s1")["sections"]
    assert tools[0]["counters"][0] == {"label": "Calls", "value": 1, "unit": "count"}
    activity = told(monitor, "/api/v1/analysis/activity?session=s1")["sections"]
    assert activity[0]["series"][1]["points"][0][1] == 1


def test_a_report_that_is_not_there_is_not_found(monitor: Monitor) -> None:
    assert told(monitor, "/api/v1/analysis/none", 404)["detail"] == "There is no report 'none'."


def test_a_plugin_that_was_switched_off_is_left_alone_until_it_is_switched_on(
    tmp_path: Path,
) -> None:
    with Monitor(home=tmp_path, port=0, plugins=[Plugin()]) as monitor:
        path = "/api/v1/plugins/Plugin/hello/7"
        assert post(monitor.port, "/api/v1/plugins/Plugin/disable", {}).status == 200
        assert "Plugin is disabled" in told(monitor, path, 500)["detail"]
        assert post(monitor.port, "/api/v1/plugins/Plugin/enable", {}).status == 200
        assert told(monitor, path)["hello"] == 7
        assert post(monitor.port, "/api/v1/plugins/none/enable", {}).status == 404
        assert post(monitor.port, "/api/v1/plugins/builtin/disable", {}).status == 409


def test_a_handler_that_hangs_is_given_up_and_others_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_mpm_monitor.server.api.plugins.ROUTE_SECONDS", 0.2)
    release = threading.Event()

    class Hanging:
        @hookimpl
        def monitor_register_routes(self) -> list[RouteSpec]:
            def hang(call: Call) -> None:
                release.wait(20)

            return [RouteSpec(path="hang", handler=hang, summary="Hangs.")]

    try:
        with Monitor(home=tmp_path, port=0, plugins=[Hanging(), Plugin()]) as monitor:
            answer = told(monitor, "/api/v1/plugins/Hanging/hang", 500)
            assert "it did not return within 0.2 s (api/test_plugins.py, line" in answer["detail"]
            assert (
                "Hanging is quarantined"
                in told(monitor, "/api/v1/plugins/Hanging/hang", 500)["detail"]
            )
            assert told(monitor, "/api/v1/plugins/Plugin/hello/7")["hello"] == 7
    finally:
        release.set()
