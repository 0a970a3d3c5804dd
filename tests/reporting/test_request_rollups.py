"""Costs are the same whether requests are added up for each question or were before."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.reporting.costs import BY, CostReport, Question, costs
from claude_mpm_monitor.storage import requests
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.request_rollups import QUIET_US, RequestRollups

SESSIONS = ("s-0", "s-1", "s-2", "s-3")
HOUR_US = 3_600 * 10**6
START = 1_750_000_000_000_000
Row = tuple[str, str, str, str, dict[str, Any]]


class Store:
    """Documents, what is derived of requests, and the sums of those."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self._database.open()
        self.query = Query(self._database)
        self._seq = 0

    def put(self, documents: list[Row]) -> None:
        """Write documents: topic, key, session, agent, value."""
        self._seq += 1
        texts = [(*row[:4], json.dumps(row[4])) for row in documents]
        with closing(self._database.connect()) as connection, self._database.writing(connection):
            connection.executemany(
                "INSERT OR REPLACE INTO documents "
                "(topic, key, session_id, agent_id, seq, at, value) VALUES (?, ?, ?, ?, ?, 0, ?)",
                [(*row[:4], self._seq, row[4]) for row in texts],
            )
            told = [(topic, session, key, text) for topic, key, session, _, text in texts]
            requests.put(connection, told)

    def delete(self, session_id: str) -> None:
        """Delete all documents of a session."""
        with closing(self._database.connect()) as connection, self._database.writing(connection):
            connection.execute("DELETE FROM documents WHERE session_id = ?", (session_id,))

    def add_up(self, most: int = 100, later: int = 2 * QUIET_US) -> int:
        """Make the sums of so many sessions, a while later (µs); return of how many."""
        for number in range(most):
            made = self.made(later)
            if made is None:
                return number
            self.keep(*made)
        return most

    def made(self, later: int = 2 * QUIET_US) -> tuple[str, int, list[Any]] | None:
        """Return the sums of a session whose sums are to be made, and since when."""
        with closing(self._database.connect()) as connection:
            rollups = RequestRollups(connection)
            found = rollups.next(time.time_ns() // 1_000 + later)
            return found and (*found, rollups.made(found[0]))

    def keep(self, session_id: str, changed_at: int, made: list[Any]) -> None:
        """Keep what was made."""
        with closing(self._database.connect()) as connection, self._database.writing(connection):
            RequestRollups(connection).keep(session_id, changed_at, made)

    def answers(self) -> dict[Question, CostReport]:
        """Return the answers to all questions there are that do not need what is kept otherwise."""
        return {
            question: costs(self.query, question)
            for by, session, days, clock in product(
                sorted(BY.keys() - {"commit", "turn"}),
                ("", "s-0", "s-3"),
                ({}, {"first_day": "2025-06-15", "last_day": "2025-06-16"}),
                ("Asia/Kathmandu", "America/New_York"),
            )
            for question in [Question(by=by, session_id=session, clock=clock, **days)]
            if not (question.ready or (by in ("session", "agent") and question.every_day))
        }


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "monitor.db")
    yield store
    store.query.close()


def drawn(dice: random.Random, count: int, prefix: str, sessions: tuple[str, ...]) -> list[Row]:
    """Return requests, the agents that made some, and notes of who shares them."""
    found: list[Row] = []
    for number in range(count):
        session, agent = dice.choice(sessions), dice.choice(("", "a-1", "a-2", "a-unknown"))
        priced = {
            name: dice.randrange(10**9)
            for name in ("input", "output", "cache_write", "cache_read", "web_search")
        }
        value = {
            "at": START + dice.randrange(60 * HOUR_US),
            "agent_id": agent,
            "model": dice.choice(("opus", "haiku", "other")),
            "same_as": "" if dice.random() < 0.9 else "elsewhere",
            "usage": {"input": dice.randrange(1_000), "output": dice.randrange(100)},
            "cost": dice.choice((priced, None)),
            "confidence": dice.choice(("low", "high")),
            "evidence": dice.sample(["transcript", "telemetry"], dice.randrange(1, 3)),
            "prompt_tokens": dice.choice((None, dice.randrange(1, 2_000))),
            "tools": [["id", name] for name in dice.sample(["Bash", "Read", "Edit"], 2)][
                : dice.randrange(3)
            ],
        }
        key = f"{prefix}-{number}"
        found.append(("api_call", key, session, agent, value))
        if agent in ("a-1", "a-2"):
            agent_type = {"agent_type": dice.choice(("engineer", "qa", ""))}
            found.append(("agent", f"{session}/{agent}", session, agent, agent_type))
        if session == "s-3" and dice.random() < 0.3:  # s-0 is a fork of it
            found.append(("_api_call_of", f"s-0/{key}", "s-0", "", {"call": key}))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_answers_are_the_same_before_and_after_requests_are_added_up(
    store: Store, seed: int
) -> None:
    dice = random.Random(seed)
    store.put(drawn(dice, 120, "first", SESSIONS))
    before = store.answers()

    assert store.add_up(most=2) == 2
    assert store.answers() == before
    assert store.add_up() == 2
    assert store.answers() == before


@pytest.mark.parametrize("seed", range(6))
def test_what_changes_later_is_in_the_answers_at_once(store: Store, seed: int) -> None:
    dice, other = random.Random(seed), random.Random(seed + 100)
    store.put(drawn(dice, 80, "first", SESSIONS))
    store.add_up()

    store.put(drawn(other, 60, "second", ("s-1", "s-3")))
    store.put(drawn(other, 20, "first", ("s-0", "s-2")))  # some of them belong elsewhere now
    store.delete("s-1")
    changed = store.answers()

    assert store.add_up() == 4
    assert store.answers() == changed
    assert store.add_up() == 0


def test_a_session_is_added_up_once_it_is_quiet(store: Store) -> None:
    store.put(drawn(random.Random(1), 10, "first", ("s-0",)))

    assert store.add_up(later=0) == 0
    assert store.add_up() == 1


@pytest.mark.parametrize("change", ["more", "fewer", "none", "renamed"])
def test_sums_of_what_changed_meanwhile_are_not_kept(store: Store, change: str) -> None:
    rows = [row for row in drawn(random.Random(2), 40, "first", ("s-0",)) if row[0] == "api_call"]
    agent: Row = ("agent", "s-0/a-1", "s-0", "a-1", {"agent_type": "engineer"})
    store.put([*rows, agent])
    made = store.made()
    assert made is not None

    if change == "more":
        store.put(drawn(random.Random(3), 40, "second", ("s-0",)))
    elif change == "fewer":
        store.put([(*row[:4], {**row[4], "same_as": "elsewhere"}) for row in rows[:20]])
    elif change == "none":
        store.delete("s-0")
    else:
        store.put([(*agent[:4], {"agent_type": "qa"})])
    changed = store.answers()
    store.keep(*made)

    assert store.answers() == changed
    assert store.add_up() == 1
    assert store.answers() == changed


def test_an_answer_is_of_one_moment(store: Store) -> None:
    store.put(drawn(random.Random(4), 20, "first", SESSIONS))
    with store.query.at_one_moment():
        before = store.query.read("SELECT count(*) FROM requests")
        store.put(drawn(random.Random(5), 20, "second", SESSIONS))
        assert store.query.read("SELECT count(*) FROM requests") == before

    assert store.query.read("SELECT count(*) FROM requests") > before
