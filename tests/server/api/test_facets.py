"""The most frequent values of what a query finds: each figure is that of the events it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from testkit.wire import get

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.storage import facets as facets_module
from claude_mpm_monitor.testing.recorded import RECORDED, recorded

Json = dict[str, Any]


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monitor]:
    with Monitor(home=tmp_path_factory.mktemp("home"), port=0) as monitor:
        for name in RECORDED:
            recorded(name).tell(monitor)
        yield monitor


def answer(monitor: Monitor, **asked: str) -> Json:
    found: Json = get(monitor.port, f"/api/v1/search/facets?{urlencode(asked)}").json
    return found


def values(body: Json, field: str) -> list[Json]:
    [facet] = [facet for facet in body["facets"] if facet["field"] == field]
    found: list[Json] = facet["values"]
    return found


def counted(monitor: Monitor, **asked: str) -> int:
    body = get(monitor.port, f"/api/v1/events?{urlencode({**asked, 'count': '1'})}").json
    return int(body["count"])


@pytest.mark.parametrize("query", ["", "price", "tool:Bash", "status:error OR kind:Stop"])
def test_each_figure_is_that_of_the_query_it_leads_to(monitor: Monitor, query: str) -> None:
    body = answer(monitor, q=query)

    assert body["counted"] == counted(monitor, q=query)
    assert body["exact"] is True
    told = [(facet["field"], value) for facet in body["facets"] for value in facet["values"]]
    assert len(told) > 8
    for field, value in told:
        if not value["chosen"]:
            assert counted(monitor, q=value["query"]) == value["count"], (field, value)


def test_the_most_frequent_come_first_and_the_rest_is_counted(monitor: Monitor) -> None:
    counts = [value["count"] for value in values(answer(monitor), "tool")]
    assert counts == sorted(counts, reverse=True)
    [kinds] = [facet for facet in answer(monitor)["facets"] if facet["field"] == "kind"]
    assert (len(kinds["values"]), kinds["others"] > 0) == (5, True)


def test_what_the_query_asks_for_is_told_and_leads_back(monitor: Monitor) -> None:
    [bash] = values(answer(monitor, q="tool:Bash price"), "tool")
    assert (bash["value"], bash["chosen"], bash["query"]) == ("Bash", True, "price")

    [never] = values(answer(monitor, q="tool:Never price"), "tool")
    assert (never["count"], never["chosen"], never["query"]) == (0, True, "price")


def test_only_the_newest_are_counted_and_that_is_said(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets_module, "COUNTED", 10)

    body = answer(monitor)

    assert (body["counted"], body["exact"]) == (10, False)
    assert sum(value["count"] for value in values(body, "agent")) == 10


def test_of_one_session_neither_it_nor_its_project_is_told(monitor: Monitor) -> None:
    session = values(answer(monitor), "session")[0]

    fields = [facet["field"] for facet in answer(monitor, session=session["value"])["facets"]]

    assert fields == ["kind", "tool", "status", "agent"]
    assert answer(monitor, session=session["value"])["counted"] == session["count"]


def test_kinds_of_events_narrow_it_down(monitor: Monitor) -> None:
    assert [one["value"] for one in values(answer(monitor, kind="Stop"), "kind")] == ["Stop"]


def test_what_is_no_query_is_refused_with_what_is_wrong(monitor: Monitor) -> None:
    refused = get(monitor.port, "/api/v1/search/facets?q=stats:ok")

    assert (refused.status, refused.json["suggestion"]) == (400, "status")
