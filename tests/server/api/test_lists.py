"""What the page's lists ask for: search, order and project of documents, and documents by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor.monitor import Monitor

COMMANDS = ("pytest -q", "ls", "git diff 100%", "ls")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    """Two sessions in two projects, each with the same four commands."""
    with Monitor(home=tmp_path_factory.mktemp("lists"), port=0) as monitor:
        for session, project in (("one", "/w/one"), ("two", "/w/two")):
            talk = Talk(session)
            for number, command in enumerate(COMMANDS):
                about: dict[str, Any] = {
                    "cwd": project,
                    "tool_name": "Bash" if number else "Grep",
                    "tool_input": {"command": command, "pattern": command},
                    "tool_use_id": f"{session}{number}",
                }
                before = talk.say("PreToolUse", **about)
                after = talk.say("PostToolUse", **about, tool_response={}, duration_ms=9 - number)
                for payload in (before, after):
                    assert post(monitor.port, "/hooks/claude", payload).status == 204
        eventually(lambda: monitor.status()["consumer"]["seq"] >= monitor.query.last_seq())
        yield monitor


def calls(monitor: Monitor, query: str) -> list[str]:
    """Follow all pages; return the ids."""
    found: list[str] = []
    more: str | None = query
    while more is not None:
        answer = get(monitor.port, f"/api/v1/tool-calls?{more}")
        assert answer.status == 200, answer.body
        found += [call["tool_use_id"] for call in answer.json["tool_calls"]]
        more = answer.json["next"]
    return found


def test_tool_calls_are_found_as_their_events_are(running: Monitor) -> None:
    assert calls(running, "session=one&q=diff") == ["one2"]
    assert calls(running, "session=one&q=diff+tool:Grep") == []
    assert sorted(calls(running, "q=tool:Grep&sort=started_at")) == ["one0", "two0"]
    refused = get(running.port, "/api/v1/tool-calls?q=dur%3Elong")
    assert (refused.status, "position" in refused.json) == (400, True)


def test_sessions_are_found_by_a_text_taken_as_it_stands(running: Monitor) -> None:
    for text, found in (("/w/one", ["one"]), ("/w/%25", [])):
        answer = get(running.port, f"/api/v1/sessions?q={text}")
        assert [session["session_id"] for session in answer.json["sessions"]] == found


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["duration_us", "started_at", "detail", "tool_name", "status"])
def test_an_order_is_kept_over_pages_and_turned_round_exactly(
    running: Monitor, sort: str, order: str
) -> None:
    whole = calls(running, f"sort={sort}&order={order}&limit=1000")

    assert calls(running, f"sort={sort}&order={order}&limit=3") == whole
    assert len(whole) == 2 * len(COMMANDS)
    other = "desc" if order == "asc" else "asc"
    assert calls(running, f"sort={sort}&order={other}&limit=1000") == whole[::-1]


def test_calls_are_ordered_by_what_was_asked_for(running: Monitor) -> None:
    query = "session=one&sort=duration_us&order=asc"
    found = get(running.port, f"/api/v1/tool-calls?{query}").json["tool_calls"]
    lengths = [call["duration_us"] for call in found]

    assert lengths == sorted(lengths)
    assert calls(running, "session=two&sort=tool_name&order=asc&limit=1000")[-1] == "two0"


def test_nothing_of_one_project_is_listed_under_another(running: Monitor) -> None:
    for path, name in (("events", "events"), ("tool-calls", "tool_calls"), ("agents", "agents"),
                       ("sessions", "sessions")):  # fmt: skip
        rows = get(running.port, f"/api/v1/{path}?project=/w/two&limit=1000").json[name]
        assert {row["session_id"] for row in rows} == {"two"}, path
    counts = get(running.port, "/api/v1/counts?project=/w/two").json
    assert (counts["sessions"], counts["tool_calls"]) == (1, 4)


def test_projects_are_listed_with_their_sessions(running: Monitor) -> None:
    projects = get(running.port, "/api/v1/projects").json["projects"]

    assert [(row["project"], row["sessions"]) for row in projects] == [("/w/two", 1), ("/w/one", 1)]


def test_several_values_of_a_field_can_be_asked_for(running: Monitor) -> None:
    assert len(calls(running, "session=one&tool_name=Grep,Bash&status=ok,error")) == 4
    assert calls(running, "session=one&tool_name=Grep") == ["one0"]


def test_an_order_that_is_not_offered_is_refused(running: Monitor) -> None:
    for query in ("sort=value", "sort=duration_us&past=long"):
        assert get(running.port, f"/api/v1/tool-calls?{query}").status == 400


def test_documents_are_looked_up_by_key_and_what_is_missing_is_left_out(running: Monitor) -> None:
    wanted = {"tool_call": ["one/one0", "one/none"], "session": ["two"], "_own": ["a"], "x": []}
    found = post(running.port, "/api/v1/lookup", wanted).json

    assert list(found["tool_call"]) == ["one/one0"]
    assert found["tool_call"]["one/one0"]["value"]["tool_name"] == "Grep"
    assert found["session"]["two"]["value"]["project"] == "/w/two"
    assert "_own" not in found


def test_a_lookup_that_is_none_is_refused(running: Monitor) -> None:
    many = {"tool_call": [str(n) for n in range(1001)]}
    for body in ([], {"tool_call": "one"}, many, b'{"tool_call": ["\xff"]}'):
        assert post(running.port, "/api/v1/lookup", body).status == 400


@pytest.mark.parametrize(
    "sort", ["title", "project", "busy_us", "turns", "tool_calls", "errors", "context_tokens"]
)
def test_sessions_are_ordered_by_each_of_their_columns(running: Monitor, sort: str) -> None:
    first = get(running.port, f"/api/v1/sessions?sort={sort}&order=asc&limit=1").json
    rest = get(running.port, f"/api/v1/sessions?{first['next']}").json
    turned = get(running.port, f"/api/v1/sessions?sort={sort}&order=desc").json

    found = [session["session_id"] for session in (*first["sessions"], *rest["sessions"])]
    assert sorted(found) == ["one", "two"]
    assert [session["session_id"] for session in turned["sessions"]] == found[::-1]
