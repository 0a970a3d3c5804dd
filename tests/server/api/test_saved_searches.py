"""Saved searches over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from testkit.wire import get, post, request

from claude_mpm_monitor import Monitor

PATH = "/api/v1/searches"
SLOW = {"name": "slow", "query": "tool:Bash dur>5s"}


def test_a_search_is_kept_answered_and_deleted(monitor: Monitor) -> None:
    kept = post(monitor.port, PATH, SLOW)

    assert kept.status == 201
    assert {name: kept.json[name] for name in SLOW} == SLOW
    assert get(monitor.port, PATH).json == {"searches": [kept.json]}

    deleted = request(monitor.port, "DELETE", f"{PATH}/{kept.json['id']}")

    assert (deleted.status, deleted.json) == (200, kept.json)
    assert get(monitor.port, PATH).json == {"searches": []}


def test_saving_under_the_same_name_replaces_the_query(monitor: Monitor) -> None:
    first = post(monitor.port, PATH, SLOW).json

    second = post(monitor.port, PATH, {"name": " SLOW\n", "query": " dur>9s "})

    assert (second.status, second.json["query"]) == (200, "dur>9s")
    assert get(monitor.port, PATH).json == {"searches": [{**first, **second.json}]}


@pytest.mark.parametrize(
    ("search", "detail"),
    [
        ([], "a name and a query were expected"),
        ({"name": "slow"}, "missing required field `query`"),
        ({**SLOW, "colour": "red"}, "unknown field `colour`"),
        ({**SLOW, "name": " \n"}, "a name of 1 to 100 letters"),
        ({**SLOW, "name": "x" * 101}, "a name of 1 to 100 letters"),
        ({**SLOW, "query": " "}, "there is no query to keep"),
        ({**SLOW, "query": "x" * 2**16}, "a saved search of at most 65536 bytes"),
        (b'{"name": "\xff", "query": "a"}', "a name and a query were expected"),
    ],
)
def test_what_is_no_search_is_refused(monitor: Monitor, search: Any, detail: str) -> None:
    answer = post(monitor.port, PATH, search)

    assert answer.status == 400
    assert detail in answer.json["detail"]
    assert get(monitor.port, PATH).json == {"searches": []}


@pytest.mark.parametrize("query", ["dur>soon", "(tool:Bash", "x " * 5_000])
def test_what_cannot_be_searched_for_is_not_kept(monitor: Monitor, query: str) -> None:
    answer = post(monitor.port, PATH, {**SLOW, "query": query})

    assert (answer.status, answer.json["title"]) == (400, "Not a query")
    assert get(monitor.port, PATH).json == {"searches": []}


def test_a_search_that_is_not_there_cannot_be_deleted(monitor: Monitor) -> None:
    assert request(monitor.port, "DELETE", f"{PATH}/none").status == 404


def test_foreign_pages_neither_save_nor_delete(monitor: Monitor) -> None:
    kept = post(monitor.port, PATH, SLOW).json
    foreign = {"Origin": "http://evil.example"}

    for method, path in (("POST", PATH), ("DELETE", f"{PATH}/{kept['id']}")):
        body = json.dumps({**SLOW, "name": "theirs"}).encode()
        assert request(monitor.port, method, path, body, foreign).status == 403

    assert get(monitor.port, PATH).json == {"searches": [kept]}
