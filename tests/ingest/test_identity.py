"""The same fact has the same id; another fact has another."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from claude_mpm_monitor.ingest.identity import (
    REMEMBERED,
    SAME_FACT_WINDOW_US,
    Occurrences,
    content_key,
    fact_id,
)
from claude_mpm_monitor.model.event import Event

SECOND = 1_000_000
START = 1_700_000_000 * SECOND


class Log:
    """What a store knows of ids: when each was stored."""

    def __init__(self) -> None:
        self.stored: dict[str, int] = {}
        self.occurrences = Occurrences(self.stored.get)

    def restart(self) -> None:
        self.occurrences = Occurrences(self.stored.get)

    def tell(self, channel: str, at: float, text: str = "waiting") -> bool:
        """Tell a notification, `at` seconds from the start; True when it is a new fact."""
        event = notification(text, START + int(at * SECOND))
        event_id = self.occurrences.event_id(event, channel)
        self.occurrences.keep()
        new = event_id not in self.stored
        self.stored.setdefault(event_id, event.at)
        return new


def notification(text: str, at: int = START) -> Event:
    payload = json.dumps({"message": text}).encode()
    return Event(kind="Notification", session_id="s", at=at, source="http_hook", payload=payload)


@given(st.text(), st.text(), st.text())
def test_a_fact_id_is_32_hex_digits(session_id: str, kind: str, key: str) -> None:
    found = fact_id(session_id, kind, key)

    assert len(bytes.fromhex(found)) == 16
    assert found == fact_id(session_id, kind, key)


@given(st.lists(st.text(st.characters(exclude_characters="\x1f")), min_size=6, max_size=6))
def test_different_facts_have_different_ids(words: list[str]) -> None:
    one, other = tuple(words[:3]), tuple(words[3:])

    assert (fact_id(*one) == fact_id(*other)) == (one == other)


@given(st.dictionaries(st.text(), st.integers() | st.text(), max_size=5), st.randoms())
def test_content_is_the_same_in_any_key_order(fields: dict[str, Any], random: Any) -> None:
    names = list(fields)
    random.shuffle(names)
    shuffled = json.dumps({name: fields[name] for name in names}, indent=1).encode()
    told = Event(kind="k", session_id="s", at=1, source="x", payload=json.dumps(fields).encode())
    other = Event(kind="k", session_id="s", at=1, source="x", payload=shuffled)

    assert content_key(told) == content_key(other)


def test_the_second_telling_on_one_channel_is_another_fact() -> None:
    log = Log()

    assert log.tell("http", 0)
    assert log.tell("http", 1)


def test_the_first_telling_on_a_second_channel_is_the_same_fact() -> None:
    log = Log()

    assert log.tell("http", 0)
    assert not log.tell("host", 0.5)
    assert log.tell("host", 1)
    assert not log.tell("http", 1.2)


def test_after_a_restart_an_equal_content_is_another_fact() -> None:
    log = Log()
    log.tell("http", 0)
    log.tell("http", 20)
    log.restart()

    assert log.tell("http", 60)
    assert not log.tell("host", 61)


def test_what_another_process_stored_in_between_is_not_taken_for_ours() -> None:
    log = Log()
    other = Occurrences(log.stored.get)
    log.tell("command", 0)
    drained = notification("waiting", START + 60 * SECOND)
    log.stored[other.event_id(drained, "command")] = drained.at

    assert log.tell("command", 120)


def test_one_that_comes_late_is_not_taken_for_a_newer_one() -> None:
    log = Log()
    log.tell("http", 0)
    log.restart()

    assert log.tell("command", -60)


def test_a_channel_that_missed_one_does_not_lag_for_ever() -> None:
    log = Log()
    log.tell("http", 0)
    log.tell("http", 60)
    log.tell("http", 120)

    assert not log.tell("host", 121)
    assert log.tell("host", 180)
    assert not log.tell("http", 181)


def test_what_was_rolled_back_is_counted_again() -> None:
    log = Log()
    log.occurrences.event_id(notification("waiting"), "http")
    log.occurrences.undo()

    assert log.tell("http", 1)
    log.restart()
    assert log.tell("http", 30)
    assert log.tell("http", 60)


def test_memory_is_bounded() -> None:
    log = Log()
    for number in range(REMEMBERED + 100):
        log.tell("http", 0, text=str(number))

    assert len(log.occurrences._told) == REMEMBERED


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 100)), max_size=30),
)
def test_no_channel_alone_ever_loses_a_fact(tellings: list[tuple[str, int]]) -> None:
    """However channels and restarts mix, there are at least as many facts as one channel told."""
    log = Log()
    told = {"a": 0, "b": 0}
    at = 0.0
    for channel, pause in tellings:
        at += pause / 10 + SAME_FACT_WINDOW_US / SECOND * (pause % 2) * 2
        log.tell(channel, at)
        told[channel] += 1

    assert len(log.stored) >= max(told.values())


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.text(max_size=2)), max_size=20))
def test_the_likely_id_is_the_one_given_while_the_store_has_nothing_older(
    tellings: list[tuple[str, str]],
) -> None:
    log = Log()
    for channel, text in tellings:
        event = notification(text)
        likely = log.occurrences.likely(event, channel)

        assert log.occurrences.event_id(event, channel) == likely
