"""Sessions: where each stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from testkit.analysis import SECOND, START, Told
from testkit.payloads import Payload, Talk, body
from testkit.scene import Scene

from claude_mpm_monitor import Event, Monitor, Raw, hookimpl
from claude_mpm_monitor.testing import settled

TALK = Talk()


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (TALK.prompt(), "running"),
        (TALK.pre("u"), "running"),
        (TALK.say("PermissionRequest", tool_name="Bash"), "waiting"),
        (TALK.say("Notification", notification_type="permission_prompt"), "waiting"),
        (TALK.say("Notification", notification_type="idle_prompt"), "idle"),
        (TALK.say("Elicitation", message="?"), "waiting"),
        (TALK.stop(), "idle"),
        (TALK.stop_failure(), "failed"),
        (TALK.end(), "ended"),
        (TALK.say("ConfigChange"), "running"),
    ],
)
def test_the_last_event_that_says_so_tells_where_a_session_stands(
    last: Payload, status: str
) -> None:
    assert Told([TALK.start(), TALK.prompt(), last]).session()["status"] == status


def test_an_answer_ends_the_waiting() -> None:
    waiting = [TALK.prompt(), TALK.pre("u"), TALK.say("PermissionRequest")]

    assert Told([*waiting, TALK.post("u")]).session()["status"] == "running"


def test_an_ended_session_is_not_revived_by_what_arrives_late() -> None:
    session = Told([TALK.prompt(), TALK.pre("u"), TALK.end(), TALK.post("u")]).session()

    assert session["status"] == "ended"
    assert session["ended_at"] == START + 3 * SECOND


def test_a_prompt_revives_a_session_whose_start_was_not_told() -> None:
    session = Told([TALK.prompt(), TALK.end(), TALK.prompt("Again", "p-2")]).session()

    assert (session["status"], session["ended_at"]) == ("running", None)


def test_a_session_takes_over_what_its_events_tell() -> None:
    session = Told(
        [
            TALK.start(),
            TALK.say("UserPromptSubmit", prompt="Fix it\nplease", permission_mode="plan"),
            TALK.say("PostModelSwitch", to_model="haiku"),
        ]
    ).session()

    assert (session["model"], session["permission_mode"]) == ("haiku", "plan")
    assert (session["title"], session["cwd"]) == ("Fix it please", "/nowhere/work")
    assert session["events"] == 3
    assert (session["started_at"], session["last_at"]) == (START + SECOND, START + 3 * SECOND)


class Elsewhere:
    """Puts all events down to one project."""

    name = "elsewhere"

    def enrich(self, event: Event) -> Event:
        return msgspec.structs.replace(event, project="/repository")

    @hookimpl
    def monitor_register_enrichers(self) -> list[Elsewhere]:
        return [self]


def test_a_session_that_counts_for_another_project_is_where_it_is(tmp_path: Path) -> None:
    prompt = Raw(dialect="claude_hook", body=body(TALK.prompt()), at=START, source="hook")
    with Monitor(home=tmp_path, port=0, plugins=[Elsewhere()]) as monitor:
        monitor.ingest_many([prompt])
        settled(monitor)
        session = monitor.query.document("session", TALK.session_id)

    assert session is not None
    assert (session.value["project"], session.value["cwd"]) == ("/repository", "/nowhere/work")


def test_the_hosts_own_words_before_a_prompt_are_no_title() -> None:
    told = Told([TALK.prompt("You are Claude Code running in Claude MPM (…).\n\nRules.\n\nfix it")])

    assert told.session()["title"] == "fix it"


def test_a_title_of_claudes_own_replaces_the_first_prompt() -> None:
    told = Told([TALK.prompt("fix it"), TALK.say("UserPromptSubmit", session_title="The fix")])

    assert told.session()["title"] == "The fix"


def test_an_event_without_a_session_makes_none() -> None:
    assert Told([{"hook_event_name": "Setup"}]).all("session") == {}


def cut_off(scene: Scene) -> None:
    """A session in the midst of its work, of which no more is known."""
    scene.start()
    scene.prompt()
    scene.answer()
    scene.prompt("And then?")
    scene.agent("a-1")
    scene.call("Bash", "a-1")
    scene.call("Read", file_path="/f")


def test_what_only_a_transcript_tells_of_does_not_run_for_ever() -> None:
    scene = Scene()
    cut_off(scene)
    later, live = Told(), Told()
    for event in scene.lines:
        later.apply(event)
    for event in sorted((*scene.hooks, *scene.lines), key=lambda event: event.at):
        live.apply(event)

    for told, status in ((later, "unknown"), (live, "running")):
        assert [turn["status"] for turn in told.all("turn").values()] == ["ok", status]
        assert {agent["status"] for agent in told.all("agent").values()} == {status}
        assert {call["status"] for call in told.all("tool_call").values()} == {status}


def test_last_words_end_what_only_a_transcript_tells_of() -> None:
    scene = Scene(reasons=False)
    scene.prompt()
    scene.done(scene.call())
    scene.answer("Done.")
    told = Told()
    for event in scene.lines:
        told.apply(event)

    assert [turn["status"] for turn in told.all("turn").values()] == ["ok"]
    assert told.session()["busy_us"] > 0

    for event in scene.hooks[:-1]:
        told.apply(event)
    assert [turn["status"] for turn in told.all("turn").values()] == ["running"]


def test_a_transcript_says_nothing_about_now() -> None:
    told = Told([TALK.prompt(), TALK.stop(), TALK.end()])
    told.transcript(_line("user", "2026-01-01T00:00:00Z", "Do it.", promptId="p-1"))

    assert told.session()["status"] == "ended"


@pytest.mark.parametrize("odd", [None, 5, [], {}, "", {"a": []}])
def test_fields_of_a_wrong_type_are_passed_over(odd: Any) -> None:
    names = ("model", "source", "permission_mode", "session_title", "transcript_path", "reason")
    told = Told([TALK.start(), TALK.prompt("Title")])
    for kind in ("SessionStart", "Notification", "PostModelSwitch", "UserPromptSubmit", "Stop"):
        told.tell({**TALK.say(kind), **dict.fromkeys(names, odd), "notification_type": odd})

    assert told.session()["model"] == "claude-opus-4-5"
    assert told.session()["title"] == "Title"


def _line(kind: str, at: str, text: str, **fields: Any) -> Payload:
    message = {"role": kind, "content": text}
    return {
        "type": kind,
        "sessionId": "s-1",
        "uuid": f"{kind}-{text}",
        "timestamp": at,
        "message": message,
        **fields,
    }
