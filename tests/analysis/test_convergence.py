"""The same facts make the same documents, in whatever order, however often and by whom told."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from testkit.analysis import Told
from testkit.comparing import TOPICS, Documents, differences, knowable, without_reports
from testkit.scene import Improviser, Scene

from claude_mpm_monitor.model.event import Event


def documents_of(events: Iterable[Event]) -> Documents:
    told = Told()
    for event in events:
        told.seq += 1
        told.apply(event)
    return {
        f"{topic} {key}": without_reports(value)
        for topic in TOPICS
        for key, value in told.all(topic).items()
    }


def plain(scene: Scene) -> None:
    scene.start()
    scene.prompt()
    first, second = scene.call("Read", file_path="/f"), scene.call("Read", file_path="/f")
    scene.done(second)
    scene.done(first)
    scene.failed(scene.call())
    edit = scene.call("Edit", file_path="/f", old_string="a", new_string="b\nc")
    scene.ask(edit)
    scene.done(edit)
    refused = scene.call("Write", file_path="/g", content="x")
    scene.ask(refused)
    scene.denied(refused)
    scene.answer()
    scene.prompt("And then?")
    scene.answer("Nothing.")
    scene.end()


def agents(scene: Scene) -> None:
    scene.start()
    scene.prompt()
    one = scene.agent("a-1")
    other = scene.agent("a-2")
    inner = scene.agent("a-3", "inner", "a-1")
    scene.done(scene.call("Write", "a-3", file_path="/f", content="1\n"))
    scene.agent_done("a-3", inner)
    scene.failed(scene.call("Bash", "a-2"))
    scene.agent_done("a-2", other)
    scene.agent_done("a-1", one)
    doomed = scene.agent("a-4")
    scene.agent_killed("a-4", doomed)
    scene.answer()
    scene.end()


def background(scene: Scene) -> None:
    scene.start()
    scene.prompt()
    scene.agent("b-1", background=True)
    scene.done(scene.call("Bash", "b-1"))
    scene.answer("It runs.")
    scene.prompt("Next")
    scene.done(scene.call("Read", "b-1", file_path="/f"))
    scene.agent_done("b-1")
    scene.notice("b-1")
    scene.answer("All done.")
    scene.end()


def interrupted(scene: Scene) -> None:
    scene.start()
    scene.prompt()
    scene.agent("a-1")
    scene.call("Bash", "a-1")
    scene.call("Bash")
    scene.interrupt()
    scene.prompt("Something else")
    scene.answer()
    scene.prompt("Fail")
    scene.api_error()
    scene.end()
    scene.start("resume")
    scene.prompt("Again")
    scene.compact()
    scene.done(scene.call())
    scene.answer()
    scene.end()


STORIES: list[Callable[[Scene], None]] = [plain, agents, background, interrupted]


@pytest.mark.parametrize("story", STORIES)
@given(st.data())
def test_any_order_and_any_repetition_make_the_same_documents(
    story: Callable[[Scene], None], data: st.DataObject
) -> None:
    scene = Scene()
    story(scene)
    told = data.draw(st.sampled_from(["hooks", "lines", "both"]))

    assert not differences(*in_two_orders(events_of(scene, told), data))


@given(st.lists(st.sampled_from(Improviser.STEPS), max_size=14), st.booleans(), st.data())
def test_any_session_makes_the_same_documents_in_any_order(
    steps: list[str], reasons: bool, data: st.DataObject
) -> None:
    scene = Improviser(Scene(reasons=reasons)).play(steps)
    told = data.draw(st.sampled_from(["hooks", "lines", "both"]))

    assert not differences(*in_two_orders(events_of(scene, told), data))


#: A hook without a number does not say that a notice came within a turn and began none.
TYPED = [step for step in Improviser.STEPS if step != "notice"]


@given(st.lists(st.sampled_from(TYPED), max_size=14), st.data())
def test_hooks_that_number_no_prompt_tell_of_the_same_turns_as_lines_that_do(
    steps: list[str], data: st.DataObject
) -> None:
    scene = Improviser(Scene(hooks_numbered=False)).play(["prompt", *steps])

    live, shuffled = in_two_orders(events_of(scene, "both"), data)

    assert not differences(knowable(live), knowable(shuffled))
    assert not differences(knowable(live), knowable(documents_of(scene.lines)))


def events_of(scene: Scene, told: str) -> list[Event]:
    events = {"hooks": scene.hooks, "lines": scene.lines, "both": scene.hooks + scene.lines}[told]
    return sorted(events, key=lambda event: event.at)


def in_two_orders(events: list[Event], data: st.DataObject) -> tuple[Documents, Documents]:
    """What comes of the events in order, and shuffled, with some of them told again."""
    numbers = range(len(events))
    again = data.draw(st.lists(st.sampled_from(numbers), max_size=10)) if events else []
    order = data.draw(st.permutations([*numbers, *again]))
    return documents_of(events), documents_of(events[number] for number in order)


@pytest.mark.parametrize("story", STORIES)
def test_what_is_seen_live_is_what_is_imported_later(story: Callable[[Scene], None]) -> None:
    scene = Scene()
    story(scene)

    live, later = documents_of(events_of(scene, "both")), documents_of(scene.lines)

    assert not differences(knowable(live), knowable(later))


@given(st.lists(st.sampled_from(Improviser.STEPS), max_size=14))
def test_any_session_seen_live_is_what_is_imported_later(steps: list[str]) -> None:
    scene = Improviser(Scene()).play(["prompt", *steps])

    live, later = documents_of(events_of(scene, "both")), documents_of(scene.lines)

    assert not differences(knowable(live), knowable(later))
