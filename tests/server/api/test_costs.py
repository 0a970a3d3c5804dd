"""Costs and API calls over HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.cli.importing import wait_for_documents
from claude_mpm_monitor.model.event import Raw

Json = dict[str, Any]
Get = Callable[[str], Json]


def answer(
    session: str, name: str, day: int, *, model: str = "claude-opus-5", **fields: Any
) -> Json:
    usage = {"input_tokens": 1_000, "output_tokens": 10, "cache_read_input_tokens": 3_000}
    return {
        "type": "assistant",
        "uuid": f"{session}-{name}",
        "sessionId": session,
        "timestamp": f"2026-07-{day:02}T12:00:00.000Z",
        "cwd": f"/work/{session[0]}",
        "message": {"id": name, "model": model, "usage": usage},
        **fields,
    }


LINES = [
    {
        "type": "user",
        "uuid": "prompt-1",
        "promptId": "p1",
        "sessionId": "a1",
        "timestamp": "2026-07-01T11:00:00.000Z",
        "cwd": "/work/a",
        "message": {"role": "user", "content": "Mend it"},
    },
    answer("a1", "m1", 1),
    answer("a1", "m2", 2, model="unheard-of"),
    answer("a1", "m3", 2, agentId="helper", isSidechain=True),
    answer("a2", "m1", 1, requestSessionId="a1"),
    answer("b1", "m4", 3),
    {
        "type": "system",
        "subtype": "compact_boundary",
        "uuid": "c1",
        "sessionId": "a1",
        "timestamp": "2026-07-02T13:00:00.000Z",
        "compactMetadata": {"trigger": "auto", "preTokens": 4_000},
    },
]
#: 1,000 input, 10 output and 3,000 cached tokens of Opus 5: 5, 25 and 0.5 USD per million.
ONE_CALL = "0.00675"
DAYS = {"2026-07-01", "2026-07-02", "2026-07-03"}


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    with Monitor(home=tmp_path_factory.mktemp("monitor"), port=0) as running:
        now = time.time_ns() // 1_000
        running.ingest_many(
            [
                Raw(dialect="transcript", body=json.dumps(line).encode(), at=now, source="test")
                for line in LINES
            ]
        )
        wait_for_documents(running, threading.Event())
        yield running


@pytest.fixture
def get(monitor: Monitor) -> Iterator[Get]:
    connection = HTTPConnection("127.0.0.1", monitor.port, timeout=10)

    def ask(path: str) -> Json:
        connection.request("GET", f"/api/v1/{path}")
        answered: Json = json.loads(connection.getresponse().read())
        return answered

    yield ask
    connection.close()


def named(rows: list[Json], *fields: str) -> dict[str, Json]:
    return {"/".join(row[field] for field in fields): row for row in rows}


def test_sessions_say_what_they_cost_exactly_and_what_has_no_price(get: Get) -> None:
    report = get("costs")
    rows = named(report["costs"], "session_id")

    assert rows.keys() == {"a1", "a2", "b1"}
    assert rows["b1"]["usd"] == {
        "input": "0.005",
        "output": "0.00025",
        "cache_write": "0",
        "cache_read": "0.0015",
        "web_search": "0",
        "total": ONE_CALL,
    }
    assert rows["b1"]["cost"]["total"] == 6_750_000_000
    assert rows["b1"]["cache_hit_ratio"] == 0.75
    assert (rows["a1"]["calls"], rows["a1"]["unpriced"]) == (3, 1)
    assert rows["a1"]["unpriced_models"] == {"unheard-of": 1}
    assert rows["a1"]["usd"]["total"] == "0.0135"
    assert (rows["a1"]["title"], rows["a1"]["project"]) == ("Mend it", "/work/a")
    assert rows["a1"]["sources"] == {"transcript": 3}


def test_the_total_counts_what_a_fork_shares_once(get: Get) -> None:
    report = get("costs?by=session")

    assert sum(row["calls"] for row in report["costs"]) == 5
    assert report["total"]["calls"] == 4
    assert report["total"]["usd"]["total"] == "0.02025"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("by=model", {"claude-opus-5": 3, "unheard-of": 1}),
        ("by=project", {"/work/a": 3, "/work/b": 1}),
        ("by=day", {"2026-07-03": 1, "2026-07-02": 2, "2026-07-01": 1}),
        ("by=agent_type", {"main": 3, "": 1}),
        ("by=model&session=a1", {"claude-opus-5": 2, "unheard-of": 1}),
        ("by=model&session=a2", {"claude-opus-5": 1}),
        ("by=model&project=/work/a&to=2026-07-01", {"claude-opus-5": 1}),
        ("by=project&from=2026-07-02", {"/work/a": 2, "/work/b": 1}),
        ("by=day&from=2026-07-02&to=2026-07-02", {"2026-07-02": 2}),
        ("by=session&project=/work/a", {"a1": 3, "a2": 1}),
        ("by=session&from=2026-07-02", {"a1": 2, "b1": 1}),
        ("by=session&session=a2", {"a2": 1}),
    ],
)
def test_costs_are_by_what_is_asked(get: Get, question: str, expected: dict[str, int]) -> None:
    by = question.partition("&")[0].removeprefix("by=")
    field = "session_id" if by == "session" else by

    rows = get(f"costs?{question}")["costs"]

    assert {row[field]: row["calls"] for row in rows} == expected


def test_agents_and_turns_have_their_names(get: Get) -> None:
    agents = named(get("costs?by=agent&session=a1")["costs"], "session_id", "agent_id")
    turns = named(get("costs?by=turn&session=a1")["costs"], "session_id", "prompt_id")

    assert {key: row["calls"] for key, row in agents.items()} == {"a1/": 2, "a1/helper": 1}
    assert agents["a1/"]["agent_type"] == "main"
    assert turns["a1/p1"]["calls"] == 3
    assert turns["a1/p1"]["prompt"] == "Mend it"


@pytest.mark.parametrize("by", ["session", "agent", "turn", "model", "day"])
@pytest.mark.parametrize("narrowed", ["", "&session=a1", "&from=2026-07-02"])
def test_every_figure_leads_to_the_calls_it_rests_on(get: Get, by: str, narrowed: str) -> None:
    rows = get(f"costs?by={by}{narrowed}")["costs"]

    assert rows
    for row in rows:
        calls = get(f"api-calls?{row['links']['api-calls']}")["api_calls"]
        assert len(calls) == row["calls"], row
        amounts = [call["cost"]["total"] for call in calls if call["cost"] is not None]
        assert sum(amounts) == row["cost"]["total"]


def test_every_project_leads_to_its_sessions_and_every_session_to_its_events(get: Get) -> None:
    (project,) = [row for row in get("costs?by=project")["costs"] if row["project"] == "/work/b"]

    (session,) = get(f"costs?{project['links']['costs']}")["costs"]
    (event,) = get(f"events?{session['links']['events']}")["events"]

    assert (session["session_id"], event["kind"]) == ("b1", "transcript.assistant")


def test_a_call_names_its_prices_and_the_events_it_is_known_from(get: Get) -> None:
    (call,) = get("api-calls?session=b1")["api_calls"]
    events = get(f"events?event_id={','.join(call['events'])}")["events"]

    assert call["cost"]["price"]["model"] == "claude-opus-5"
    assert call["confidence"] == "high"
    assert [event["session_id"] for event in events] == ["b1"]
    assert get("events?event_id=no-such-id")["events"] == []


def test_calls_of_a_fork_include_what_it_shares(get: Get) -> None:
    (call,) = get("api-calls?session=a2")["api_calls"]

    assert (call["message_id"], call["session_id"]) == ("m1", "a1")
    assert call["seen_in"] == ["a1", "a2"]


def test_calls_can_be_paged_through(get: Get) -> None:
    seen: list[str] = []
    more: str | None = "limit=1&session=a1"
    while more is not None:
        page = get(f"api-calls?{more}")
        seen += [call["message_id"] for call in page["api_calls"]]
        more = page["next"]

    assert sorted(seen) == ["m1", "m2", "m3"]


def test_the_context_is_told_call_by_call_with_its_compactions(get: Get) -> None:
    told = get("context?session=a1")

    assert [point["message_id"] for point in told["points"]] == ["m1", "m2"]
    assert (told["largest"], told["last"]) == (4_000, 4_000)
    assert [each["tokens_before"] for each in told["compactions"]] == [4_000]
    assert get("context?session=a1&agent=helper")["compactions"] == []
    assert get("context?session=none")["largest"] is None


def test_rows_beyond_the_limit_are_counted(get: Get) -> None:
    report = get("costs?by=day&limit=1")

    assert [row["day"] for row in report["costs"]] == ["2026-07-03"]
    assert report["left_out"] == 2


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("costs?by=weather", "by must be one of"),
        ("costs?by=day&tz=Mars", "is no time zone"),
        ("costs?from=yesterday", "from must be a date"),
        ("api-calls?to=2026-13-01", "to must be a date"),
        ("context", "session is missing"),
    ],
)
def test_what_cannot_be_asked_is_said(get: Get, path: str, problem: str) -> None:
    answered = get(path)

    assert answered["status"] == 400
    assert problem in answered["detail"]


def test_prices_of_ones_own_count_from_the_next_start(tmp_path: Path) -> None:
    body = json.dumps(LINES[1]).encode()
    raw = Raw(dialect="transcript", body=body, at=1, source="test")
    totals = []
    for prices in (
        "",
        '{"models": {"claude-opus-5": {"input": 1, "output": 0, "cache_read": 0}}}',
        "{",
    ):
        if prices:
            (tmp_path / "prices.json").write_text(prices)
        with Monitor(home=tmp_path, port=0) as monitor:
            monitor.ingest(raw)
            wait_for_documents(monitor, threading.Event())
            found = monitor.query.document("usage", "session/a1")
            assert found is not None
            totals.append(found.value["cost"]["total"])

    assert totals == [6_750_000_000, 1_000_000_000, 6_750_000_000]
    assert "cannot be read" in (tmp_path / "logs" / "monitor.log").read_text()


@pytest.mark.parametrize("by", ["session", "agent", "turn", "model", "day"])
@pytest.mark.parametrize("narrowed", ["", "&session=a1", "&from=2026-07-02&to=2026-07-02"])
def test_the_links_of_a_figure_lead_to_its_calls_and_their_events(
    get: Get, by: str, narrowed: str
) -> None:
    rows = get(f"costs?by={by}{narrowed}")["costs"]

    assert rows
    for row in rows:
        calls = get(f"api-calls?{row['links']['api-calls']}")["api_calls"]
        told = {event for call in calls for event in call["events"]}
        events = get(f"events?event_id={','.join(told)}&noise=1")["events"]
        sources = [source for call in calls for source in call["evidence"]]

        assert len(calls) == row["calls"]
        assert {source: sources.count(source) for source in sources} == row["sources"]
        assert {event["event_id"] for event in events} == told
        if "events" in row["links"]:
            listed = get(f"events?{row['links']['events']}&noise=1")["events"]
            assert {event["event_id"] for event in listed} <= told


def test_a_day_is_that_of_the_clock_asked_for(get: Get) -> None:
    assert set(named(get("costs?by=day")["costs"], "day")) == DAYS
    later = get("costs?by=day&tz=%2B13:00")["costs"]

    assert set(named(later, "day")) == {"2026-07-02", "2026-07-03", "2026-07-04"}
    (row,) = get("costs?by=day&tz=%2B13:00&from=2026-07-04")["costs"]
    assert row["calls"] == len(get(f"api-calls?{row['links']['api-calls']}")["api_calls"]) == 1


def test_tools_come_to_the_total_and_say_that_they_are_estimates(get: Get) -> None:
    report = get("costs?by=tool")
    (row,) = report["costs"]

    assert (row["tool_name"], row["estimate"], row["tool_calls"]) == ("", True, 0)
    assert row["cost"] == report["total"]["cost"]
