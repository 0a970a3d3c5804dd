"""Questions to plugins over Socket.IO: each is answered, whatever the plugin does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from testkit.page import Page
from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import MessageCall, MessageSpec, Monitor, Refused, hookimpl
from claude_mpm_monitor.server import asking
from claude_mpm_monitor.storage.event_filter import EventFilter

Handler = Callable[[MessageCall], Any]


class Plugin:
    def __init__(self, **handlers: Handler) -> None:
        self._handlers = handlers

    @hookimpl
    def monitor_register_messages(self) -> list[MessageSpec]:
        return [
            MessageSpec(name=name, handler=handler, summary=name)
            for name, handler in self._handlers.items()
        ]


class Asked:
    """A monitor with a plugin, and pages that ask it."""

    def __init__(self, monitor: Monitor, stack: ExitStack) -> None:
        self.monitor = monitor
        self._stack = stack

    def page(self) -> Page:
        page = Page(self.monitor.url)
        self._stack.callback(page.close)
        return page

    def state(self) -> dict[str, Any]:
        return next(one for one in self.monitor.plugins.states() if one["name"] == "Plugin")


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Callable[..., Asked]]:
    with ExitStack() as stack:

        def start(**handlers: Handler) -> Asked:
            monitor = Monitor(home=tmp_path, port=0, plugins=[Plugin(**handlers)])
            return Asked(stack.enter_context(monitor), stack)

        yield start


def refuse(call: MessageCall) -> Any:
    raise Refused("There is no such ticket.", 404)


def fail(call: MessageCall) -> Any:
    raise ValueError("no good")


def leave(call: MessageCall) -> Any:
    raise SystemExit(3)


def search(call: MessageCall) -> Any:
    return call.query.events(EventFilter(text="(half"))


def test_a_plugin_answers_with_what_it_was_asked_and_what_is_stored(
    asked: Callable[..., Asked],
) -> None:
    def answer(call: MessageCall) -> Any:
        return {"heard": call.as_type(dict[str, int]), "last": call.query.last_seq()}

    started = asked(answer=answer, nothing=lambda call: None)
    page = started.page()

    told = page.ask("Plugin", "answer", {"a": 1})
    assert told == {"status": 200, "body": {"heard": {"a": 1}, "last": 0}}
    assert page.ask("Plugin", "nothing") == {"status": 200, "body": None}
    wrong = page.ask("Plugin", "answer", ["a"])
    assert wrong["status"] == 400
    assert wrong["detail"].startswith("The data is not what was expected")
    assert started.state()["failures"] == 0


@pytest.mark.parametrize(
    ("name", "status", "detail"),
    [
        ("refuse", 404, "There is no such ticket."),
        ("search", 400, "This parenthesis is not closed."),
        ("fail", 500, "Plugin: answering fail: ValueError: no good"),
        ("leave", 500, "SystemExit: 3"),
        ("wrong", 500, "Plugin: answering wrong: TypeError"),
        ("large", 500, "its answer to large has 8 MiB, 8 at most are sent"),
    ],
)
def test_what_cannot_be_answered_says_why(
    name: str, status: int, detail: str, asked: Callable[..., Asked]
) -> None:
    started = asked(
        refuse=refuse,
        search=search,
        fail=fail,
        leave=leave,
        wrong=lambda call: object(),
        large=lambda call: "x" * asking.ANSWER_BYTES,
    )

    told = started.page().ask("Plugin", name)

    assert told["status"] == status
    assert detail in told["detail"]
    assert "body" not in told
    assert started.state()["failures"] == (status == 500)


def test_who_needs_a_person_is_told_as_by_rest(asked: Callable[..., Asked]) -> None:
    started = asked()
    assert post(started.monitor.port, "/hooks/claude", Talk("s").prompt()).status == 204
    eventually(lambda: started.monitor.query.documents("session"))
    page = started.page()

    whole = page.ask("builtin", "overview")["body"]
    narrowed = page.ask("builtin", "overview", {"project": "/b"})["body"]

    rest = json.loads(get(started.monitor.port, "/api/v1/overview").body)
    assert {**whole, "at": 0} == {**rest, "at": 0}
    assert [session["session_id"] for session in whole["sessions"]] == ["s"]
    assert narrowed["sessions"] == []
    assert page.ask("builtin", "overview", {"project": 7})["status"] == 400


@pytest.mark.parametrize(
    ("plugin", "name", "status"),
    [
        ("Plugin", "other", 404),
        ("nobody", "fail", 404),
        ("builtin", "", 404),
        (5, "fail", 400),
        ("Plugin", None, 400),
        ([], {}, 400),
    ],
)
def test_who_is_not_there_does_not_answer(
    plugin: object, name: object, status: int, asked: Callable[..., Asked]
) -> None:
    told = asked(fail=fail).page().ask(plugin, name)

    assert (told["status"], bool(told["detail"])) == (status, True)


def test_one_that_hangs_holds_up_nothing_and_is_left_alone(
    asked: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ASK_SECONDS", 0.3)
    begun, gate = threading.Event(), threading.Event()

    def hang(call: MessageCall) -> Any:
        begun.set()
        gate.wait(30)

    started = asked(hang=hang, sound=lambda call: "sound")
    page = started.page()
    answers: list[dict[str, Any]] = []
    asker = threading.Thread(target=lambda: answers.append(page.ask("Plugin", "hang")))
    asker.start()
    assert begun.wait(5)
    # The same page, while its question is open.
    assert page.ask("Plugin", "sound") == {"status": 200, "body": "sound"}
    assert not answers
    asker.join(10)
    gate.set()

    assert answers[0]["status"] == 500
    assert "did not return within 0.3 s" in answers[0]["detail"]
    assert page.ask("Plugin", "hang")["detail"].startswith("Plugin is quarantined")
    assert page.ask("Plugin", "sound")["body"] == "sound"


def test_a_page_that_asks_too_much_at_once_is_told(
    asked: Callable[..., Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_ASKED", 1)
    begun, gate = threading.Event(), threading.Event()

    def wait(call: MessageCall) -> str:
        begun.set()
        return "waited" if gate.wait(5) else "never"

    started = asked(wait=wait, sound=lambda call: "sound")
    page, other = started.page(), started.page()
    answers: list[dict[str, Any]] = []
    asker = threading.Thread(target=lambda: answers.append(page.ask("Plugin", "wait")))
    asker.start()
    assert begun.wait(5)

    assert page.ask("Plugin", "sound")["status"] == 503
    assert other.ask("Plugin", "sound")["body"] == "sound"
    gate.set()
    asker.join(10)
    assert answers == [{"status": 200, "body": "waited"}]
    assert page.ask("Plugin", "sound")["body"] == "sound"
