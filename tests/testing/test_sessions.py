"""Made-up sessions are taken in by a real monitor like real ones."""

from __future__ import annotations

import pytest

from claude_mpm_monitor import Monitor
from claude_mpm_monitor.testing import RECORDED, Clock, Session, recorded


def test_what_a_session_tells_becomes_its_documents(monitor: Monitor) -> None:
    session = Session(directory="/work/shop").start().prompt("Mend it").bash("make", seconds=2)
    session.failing("Bash", {"command": "make test"}, "Exit code 2").stop("Not yet.").tell(monitor)

    shown = monitor.query.document("session", session.session_id)
    assert shown is not None
    assert (shown.value["tool_calls"], shown.value["errors"]) == (2, 1)
    calls = [found.value for found in monitor.query.documents("tool_call")]
    assert {(call["detail"], call["status"]) for call in calls} == {
        ("make", "ok"),
        ("make test", "error"),
    }


def test_a_session_is_told_as_it_goes_on(monitor: Monitor) -> None:
    session = Session().start().prompt("Mend it").tell(monitor)
    before = monitor.query.last_seq()
    session.bash("make").tell(monitor)

    assert (before, monitor.query.last_seq()) == (2, 4)


def test_a_permission_that_nobody_gives_has_the_session_wait(monitor: Monitor) -> None:
    session = recorded("waiting").tell(monitor)

    shown = monitor.query.document("session", session.session_id)
    assert shown is not None
    assert shown.value["status"] == "waiting"
    assert shown.value["waiting"]["tool_name"] == "Bash"


def test_transcript_lines_and_telemetry_bring_their_figures(monitor: Monitor) -> None:
    session = Session().start().prompt("Explain").answer(input_tokens=1_000, output_tokens=20)
    session.telemetry("api_request", request_id="req_1", duration_ms=1_200).tell(monitor)

    (usage,) = [found.value for found in monitor.query.documents("usage")][:1]
    assert usage["calls"] >= 1
    assert monitor.query.totals()["events"] == 4
    assert monitor.query.dead_letters() == []


def test_time_passes_only_as_the_session_says() -> None:
    clock = Clock()
    session = Session(began=clock.now).start().wait(90).prompt("Go on")

    first, second = session.events()
    assert (first.at, second.at) == (clock.now, clock.advance(90))


@pytest.mark.parametrize("name", RECORDED)
def test_a_monitor_understands_every_recorded_session(monitor: Monitor, name: str) -> None:
    session = recorded(name).tell(monitor)

    assert monitor.query.document("session", session.session_id) is not None
    assert monitor.query.dead_letters() == []


def test_a_recorded_session_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(LookupError, match="no recorded session 'rain', only recipes, loop"):
        recorded("rain")
