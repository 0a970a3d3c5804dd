"""From the gateway to the writer and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.pipeline import intake
from claude_mpm_monitor.storage.event_filter import EventFilter


def stored(monitor: Monitor, talk: Talk) -> int:
    return len(monitor.query.events(EventFilter(session_id=talk.session_id)))


def test_pages_are_served_while_a_commit_has_to_wait(running: Monitor, talk: Talk) -> None:
    with ThreadPoolExecutor(4) as pool:
        with running._database.write_turn:
            waiting = [
                pool.submit(post, running.port, "/hooks/claude", talk.say("Note", n=number))
                for number in range(4)
            ]
            for _ in range(5):
                assert get(running.port, "/health").status == 200
            assert not any(answer.done() for answer in waiting)
            assert stored(running, talk) == 0

        assert [answer.result().status for answer in waiting] == [204] * 4
    assert stored(running, talk) == 4


def test_what_finds_the_queue_full_is_kept_and_stored_when_there_is_room(
    running: Monitor, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(intake, "CAPACITY", 0)
        assert post(running.port, "/hooks/claude", talk.stop()).status == 204
        assert stored(running, talk) == 0

    eventually(lambda: stored(running, talk) == 1)
