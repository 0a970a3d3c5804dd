"""What requests to the model used in steps of time: as adding up each of them says."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.reporting.timeline.counters import RECENT, STEP, Counters
from claude_mpm_monitor.storage import requests as request_table
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.timeline_rows import TimelineRows

SESSIONS = ("s-0", "s-1", "s-2")
LONGEST = 40 * STEP
Requests = dict[str, dict[str, Any]]


class Store:
    """Documents of requests to the model, with what a timeline shows of them."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._database.open()
        self.query = Query(self._database)
        self.requests: Requests = {}

    def put(self, requests: Requests, seq: int) -> None:
        self.requests.update(requests)
        rows = [
            ("api_call", key, value["session_id"], value["agent_id"], seq, value["at"], text)
            for key, value in requests.items()
            for text in [json.dumps(value)]
        ]
        documents = [("api_call", row[2], row[1], row[6]) for row in rows]
        with closing(self._database.connect()) as connection, self._database.writing(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO documents "
                "(topic, key, session_id, agent_id, seq, at, value) VALUES (?,?,?,?,?,?,?)",
                rows,
            )
            request_table.put(connection, documents)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "monitor.db")
    yield store
    store.query.close()


def drawn(dice: random.Random, count: int, since: int, *, prefix: str) -> Requests:
    times = dice.sample(range(since, LONGEST), count)
    return {
        f"{prefix}-{number:05}": {
            "session_id": dice.choice(SESSIONS),
            "agent_id": dice.choice(("", "", "a-1")),
            "at": at,
            "usage": {"input": dice.randrange(1_000), "output": dice.randrange(100)},
            "cost": {"output": dice.randrange(10**9)},
            "prompt_tokens": dice.choice((None, dice.randrange(1, 200_000))),
        }
        for number, at in enumerate(times)
    }


def added_up(
    requests: Requests, sessions: tuple[str, ...], since: int, until: int, step: int
) -> dict[str, Any]:
    """Say the same from each request by itself."""
    told = sorted((r for r in requests.values() if r["session_id"] in sessions), key=_at)
    first = since // step * step
    starts = range(first, until, step)
    tokens, cost = [0] * len(starts), [0] * len(starts)
    for request in told:
        number = (request["at"] - first) // step
        if 0 <= number < len(starts):
            tokens[number] += sum(request["usage"].values())
            cost[number] += request["cost"]["output"]
    talks = [r for r in told if not r["agent_id"] and r["prompt_tokens"] is not None]
    context = [
        next((r["prompt_tokens"] for r in reversed(talks) if r["at"] < start + step), None)
        for start in starts
    ]
    return {"from": first, "step": step, "tokens": tokens, "cost": cost, "context": context}


def _at(request: dict[str, Any]) -> int:
    at: int = request["at"]
    return at


@pytest.mark.parametrize("count", [0, 1, 300, 3 * RECENT])
def test_steps_of_any_length_say_what_was_used_in_them(store: Store, count: int) -> None:
    dice = random.Random(count)
    store.put(drawn(dice, count, 0, prefix="early"), 1)
    rows = TimelineRows(store.query)
    of_one, of_all = Counters(rows, "s-1"), Counters(rows, "")
    of_some = Counters(rows, "", lambda session_id: session_id != "s-1")

    for round_ in range(20):
        step = 1 << dice.choice((27, 29, 30, 31, 34))
        since = dice.randrange(LONGEST)
        until = since + dice.randrange(1, 60 * step)
        one = added_up(store.requests, ("s-1",), since, until, step)
        every = added_up(store.requests, SESSIONS, since, until, step)
        some = added_up(store.requests, ("s-0", "s-2"), since, until, step)

        assert of_one.steps(since, until, step) == one
        assert of_all.steps(since, until, step) == {**every, "context": None}
        assert of_some.steps(since, until, step) == {**some, "context": None}
        if round_ == 10:
            store.put(drawn(dice, 50, LONGEST - STEP, prefix="late"), 2)
            assert all(each.refresh() for each in (of_one, of_all, of_some))


def test_what_comes_in_among_the_older_ones_has_them_read_anew(store: Store) -> None:
    dice = random.Random(1)
    store.put(drawn(dice, 2 * RECENT, 0, prefix="early"), 1)
    counters = Counters(TimelineRows(store.query), "")

    store.put(drawn(dice, 10, 0, prefix="late"), 2)

    assert not counters.refresh()
