"""Forks, compactions and repetition: what a session owes to others and to itself."""

from __future__ import annotations

from testkit.analysis import SECOND, Told
from testkit.comparing import TOPICS
from testkit.payloads import Talk
from testkit.scene import Scene

TALK = Talk()


def told_of(*scenes: Scene) -> Told:
    told = Told()
    for scene in scenes:
        for event in sorted([*scene.hooks, *scene.lines], key=lambda event: event.at):
            told.seq += 1
            told.apply(event)
    return told


def forked() -> tuple[Scene, Scene]:
    """A session with two turns, and another that goes on from there."""
    scene = Scene("s-1")
    scene.start()
    scene.prompt("One")
    scene.done(scene.call("Write", file_path="/f", content="1"))
    scene.answer()
    scene.prompt("Two")
    scene.failed(scene.call())
    scene.answer()
    fork = scene.fork("s-2")
    fork.prompt("Three")
    fork.done(fork.call("Read", file_path="/g"))
    fork.answer("Read.")
    fork.end()
    return scene, fork


def test_a_fork_counts_its_own_work_only() -> None:
    told = told_of(*forked())

    fork, origin = told.session("s-2"), told.session("s-1")
    assert fork["forked_from"] == "s-1"
    assert (fork["turns"], fork["tool_calls"], fork["errors"], fork["files"]) == (1, 1, 0, 1)
    assert (origin["turns"], origin["tool_calls"], origin["errors"]) == (2, 2, 1)
    copies = [call["copied"] for key, call in told.all("tool_call").items() if "s-2/" in key]
    assert sorted(copies) == [False, True, True]
    assert fork["started_at"] > origin["started_at"] + SECOND


def test_a_fork_is_the_same_whichever_of_its_lines_comes_first() -> None:
    _, fork = forked()
    there, back = Told(), Told()
    for told, events in ((there, fork.lines), (back, fork.lines[::-1])):
        for event in events:
            told.seq += 1
            told.apply(event)

    for topic in ("session", "turn", "agent", "file"):
        for key, value in there.all(topic).items():
            other = back.all(topic)[key]
            for name in value.keys() - {"basis", "last_seq"}:
                assert value[name] == other[name], (topic, name)


def test_compactions_are_counted_once_whoever_tells_of_them() -> None:
    scene = Scene()
    scene.start()
    scene.prompt()
    scene.compact()
    scene.answer()

    assert told_of(scene).session()["compactions"] == 1


def test_a_call_made_again_and_again_is_noticed() -> None:
    told = Told([TALK.prompt()])
    for number in range(20):
        told.tell(TALK.pre(f"u-{number}", command="make"), TALK.failure(f"u-{number}"))
    assert (told.agent("")["repeats"], told.agent("")["repeated"]) == (16, "Bash: make")

    told.tell(TALK.pre("other"))
    assert (told.agent("")["repeats"], told.agent("")["repeated"]) == (1, "")


def test_agents_in_the_background_keep_a_session_from_being_idle() -> None:
    scene = Scene()
    scene.start()
    scene.prompt()
    scene.agent("b-1", background=True)
    scene.answer()
    assert told_of(scene).session()["status"] == "background"

    scene.agent_done("b-1")
    session = told_of(scene).session()
    assert (session["status"], session["running_agents"]) == ("idle", [])
    assert session["idle_since"] == told_of(scene).turn("s-1-p-1")["ended_at"]


def test_an_error_that_ended_the_turn_is_the_sessions_until_the_next_prompt() -> None:
    told = Told([TALK.prompt(), TALK.stop_failure()])
    assert (told.session()["status"], told.session()["error"]) == ("failed", "500")
    assert told.turn()["error"] == "500"

    told.tell(TALK.prompt("Again", "p-2"))
    assert (told.session()["status"], told.session()["error"]) == ("running", "")


def test_a_stuck_session_is_told_by_when_it_last_acted() -> None:
    told = Told([TALK.prompt(), TALK.pre("u"), TALK.say("ConfigChange")])

    session = told.session()
    assert session["status"] == "running"
    assert session["acted_at"] == session["last_at"] - SECOND


def test_no_document_grows_with_the_session() -> None:
    def largest(calls: int) -> dict[str, int]:
        told = Told([TALK.start()])
        for number in range(calls):
            use, prompt = f"u-{number}", f"p-{number // 50}"
            if number % 50 == 0:
                told.tell(TALK.prompt("Go", prompt))
            told.tell(TALK.pre(use, "Read", file_path="/f"), TALK.post(use, "Read", file_path="/f"))
        hidden = ("_agent", "_origins", "_turn_calls", "_waits", "_child")
        return {
            topic: max((len(str(value)) for value in told.all(topic).values()), default=0)
            for topic in (*TOPICS, *hidden)
        }

    few, many = largest(200), largest(1_000)
    assert all(many[topic] <= few[topic] + 100 for topic in few), (few, many)
