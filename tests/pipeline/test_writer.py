"""The writer: what is acknowledged is stored, and nothing stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from claude_mpm_monitor.hookspecs import hookimpl
from testkit.events import new_event
from testkit.payloads import Talk

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Delivery
from claude_mpm_monitor.storage.event_filter import EventFilter

from .conftest import NOW, Line

TALK = Talk()


class OddDecoder:
    """A plugin's decoder: returns or raises what the delivery's body says."""

    dialect = "odd"

    def decode(self, raw: Raw) -> Any:
        match raw.body:
            case b"raise":
                raise RuntimeError("a bug")
            case b"refuse":
                raise DecodeError("not for me")
            case b"none":
                return None
            case b"text":
                return ["no event"]
            case b"generator":
                return (new_event(kind=kind) for kind in ("One", "Two"))
            case b"time":
                return [new_event(at=2**80)]
        return [new_event(payload=b"\xff")]


class OddPlugin:
    @hookimpl
    def monitor_register_decoders(self) -> list[Any]:
        return [OddDecoder()]


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "odd", [OddPlugin()])
    yield line
    line.close()


def test_an_outcome_is_told_after_the_commit(line: Line) -> None:
    outcome = line.send(TALK.stop())

    assert (outcome.stored, outcome.settled) == (1, True)
    assert line.kinds() == ["Stop"]


def test_the_same_tool_report_is_stored_once(line: Line) -> None:
    line.send(TALK.post("u-1"))
    outcome = line.send(TALK.post("u-1"), source="command_hook")

    assert (outcome.stored, outcome.duplicate) == (0, 1)
    assert line.stats.snapshot()["duplicate"] == 1


def test_a_repeated_delivery_is_a_no_op_whatever_is_in_it(line: Line) -> None:
    several = json.dumps([{"kind": "a"}, {"kind": "b"}]).encode()
    for _ in range(2):
        line.send(several, dialect="api", delivery_id="d-1")
        line.send(b"no json", delivery_id="d-2")
        line.send(TALK.stop(), delivery_id="d-3")

    assert line.kinds() == ["a", "b", "Stop"]
    assert line.query.totals()["dead_letters"] == 1
    assert line.stats.snapshot() == {
        "received": 8,
        "stored": 3,
        "duplicate": 4,
        "rejected": 1,
        "recovered": 0,
        "dropped": 0,
        "redacted": 0,
    }


def test_a_delivery_whose_events_were_all_known_is_remembered_too(line: Line) -> None:
    line.send(TALK.stop(), source="http_hook")
    assert line.send(TALK.stop(), source="command_hook", delivery_id="d").duplicate == 1

    assert line.send(TALK.stop(), source="command_hook", delivery_id="d").duplicate == 1
    assert line.kinds() == ["Stop"]


def test_what_cannot_be_understood_is_a_dead_letter_with_its_reason(line: Line) -> None:
    outcome = line.send(b'{"no": "event"}')

    assert "hook_event_name" in outcome.error
    assert outcome.settled
    (letter,) = line.query.dead_letters()
    assert letter["body"] == b'{"no": "event"}'
    assert line.stats.snapshot()["rejected"] == 1


@pytest.mark.parametrize("body", [b"raise", b"refuse", b"none", b"text", b"time", b"payload"])
def test_no_plugins_decoder_can_stop_the_writer(odd: Line, body: bytes) -> None:
    outcome = odd.send(body, dialect="odd")

    assert outcome.error
    assert odd.query.totals() == {"events": 0, "dead_letters": 1}
    assert odd.send(TALK.stop()).stored == 1


def test_a_decoder_may_yield_its_events(odd: Line) -> None:
    assert odd.send(b"generator", dialect="odd").stored == 2
    assert odd.kinds() == ["One", "Two"]


def test_a_dialect_nobody_knows_is_a_dead_letter(line: Line) -> None:
    assert "no decoder for 'klingon'" in line.send(b"nuqneH", dialect="klingon").error


def test_what_cannot_be_committed_goes_to_the_spool_and_comes_back(line: Line) -> None:
    line.forbid("Stop")
    outcome = line.send(TALK.stop(), channel="c", source="http hook")

    assert (outcome.stored, outcome.error, outcome.settled) == (0, "", False)
    assert line.spool.backlog() == 1

    line.allow()
    line.drain()
    assert line.kinds() == ["Stop"]
    assert line.spool.backlog() == 0
    assert line.stats.snapshot()["recovered"] == 1
    (event,) = line.query.events(EventFilter())
    assert event.source == "http hook"


def test_what_still_cannot_be_committed_stays_in_the_spool_untouched(line: Line) -> None:
    line.forbid("Stop")
    line.send(TALK.stop())
    (path,) = line.spool.folder.iterdir()
    before = (path.stat().st_ino, path.read_bytes())

    line.drain()

    assert (path.stat().st_ino, path.read_bytes()) == before
    line.allow()


def test_one_poisonous_event_costs_its_batch_a_detour_but_nobody_an_event(line: Line) -> None:
    line.forbid("Stop")
    kinds = ["a", "b", "Stop", "c"]
    for kind in kinds:
        assert not line.send(TALK.say(kind)).error

    line.drain()
    assert sorted(line.kinds()) == ["a", "b", "c"]

    line.allow()
    line.drain()
    assert sorted(line.kinds()) == sorted(kinds)


def test_after_a_rollback_equal_events_are_still_told_apart(line: Line) -> None:
    line.forbid("Notification")
    line.send(TALK.say("Notification", message="waiting"))
    line.allow()
    line.drain()
    for seconds in (60, 120):
        at = NOW + seconds * 1_000_000
        assert line.send(TALK.say("Notification", message="waiting"), at=at).stored == 1

    assert line.kinds() == ["Notification"] * 3


def test_what_neither_store_nor_spool_can_take_is_counted_as_dropped(line: Line) -> None:
    line.forbid("Stop")
    line.spool.folder.rmdir()

    outcome = line.send(TALK.stop())

    assert "neither store" in outcome.error
    assert not outcome.settled
    assert line.stats.snapshot()["dropped"] == 1
    assert line.stats.snapshot()["received"] == 1


def test_what_is_queued_is_committed_before_the_end(tmp_path: Path) -> None:
    line = Line(tmp_path / "ending")
    for number in range(2_000):
        raw = Raw(
            dialect="claude_hook",
            body=json.dumps(TALK.say("Note", number=number)).encode(),
            at=NOW,
            source="http_hook",
        )
        assert line.intake.put(Delivery(raw=raw))
    assert line.writer.stop(10)

    assert line.query.totals()["events"] == 2_000
    line.close()


def test_the_host_telling_a_fact_again_in_its_own_words_adds_nothing(line: Line) -> None:
    line.send(TALK.pre("u-1", command="make"))
    told = {
        "event": "claude_event",
        "data": {
            "subtype": "pre_tool",
            "type": "hook",
            "source": "hook",
            "session_id": "s-1",
            "data": {
                "tool_name": "Bash",
                "session_id": "s-1",
                "tool_parameters": {"command": "make"},
            },
        },
    }

    again = line.send(json.dumps(told).encode(), dialect="mpm", source="claude_mpm")

    assert again.duplicate == 1
    assert line.kinds() == ["PreToolUse"]


def test_what_was_committed_is_handed_over_as_it_is_stored(line: Line) -> None:
    line.send(TALK.prompt())
    line.send(TALK.pre("one"))

    connection = line.database.connect()
    handed = line.recent.after(connection, 0, 10)
    connection.close()

    assert handed == line.query.events(EventFilter(newest_first=False), payloads=True)
    assert [event.data() for event in handed] == [json.loads(event.payload) for event in handed]


def test_a_secret_is_nowhere_in_what_is_kept(line: Line) -> None:
    secret = "ghp_" + "a1B2c3D4e5" * 4
    line.send(TALK.prompt(f"use {secret}"))
    line.send(f"no JSON, but {secret}".encode())
    line.forbid("Stop")
    line.send(TALK.stop(f"used {secret}"))

    line.database.connect().close()
    kept = b"".join(path.read_bytes() for path in line.config.home.rglob("*") if path.is_file())
    events = line.query.events(EventFilter(noise=True), payloads=True)
    assert secret.encode() not in kept
    assert [secret in event.payload.decode() for event in events] == [False]
    assert "[redacted:github-token]" in events[0].summary
    assert line.stats.snapshot()["redacted"] == 3
    line.allow()
