"""The host's Socket.IO events, with a real client against a running monitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claude_mpm_monitor.monitor import Monitor
from claude_mpm_monitor.server.host_contract import namespace
from claude_mpm_monitor.storage.event_filter import EventFilter

from .conftest import HostClient, Post, hook, tool

Connect = Callable[[], HostClient]


def test_a_client_is_greeted_in_the_words_of_every_version_and_sent_the_history(
    post: Post, connect: Connect
) -> None:
    post(hook("UserPromptSubmit", prompt="hello"))
    post(tool("PreToolUse"))
    client = connect()

    names = client.names_until("event_history")

    assert {"dashboard:welcome", "dashboard:client:count", "status", "welcome"} <= set(names)
    assert names[-2:] == ["history", "event_history"]


def test_history_is_oldest_first_and_says_how_much_there_is(post: Post, connect: Connect) -> None:
    post(hook("UserPromptSubmit", prompt="hello"))
    post(tool("PreToolUse"))

    history = connect().next("event_history")

    assert (history["count"], history["total_available"]) == (2, 2)
    assert [event["subtype"] for event in history["events"]] == ["user_prompt", "pre_tool"]


def test_new_events_come_live_under_their_category(post: Post, connect: Connect) -> None:
    client = connect().live()

    post(tool("PreToolUse"))
    post(hook("SessionEnd", reason="exit"))

    assert client.next("tool_event")["data"]["tool_name"] == "Bash"
    assert client.next("session_event")["subtype"] == "session_end"


def test_nothing_is_told_twice_and_nothing_is_missed_while_a_client_connects(
    post: Post, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(namespace, "GREETING_DELAY", 0.3)
    post(tool("PreToolUse", 1))
    client = connect()
    for number in (2, 3):
        post(tool("PreToolUse", number))
    history = client.next("event_history")["events"]
    post(tool("PreToolUse", 4))

    told = [event["correlation_id"] for event in history]
    while told[-1] != "toolu_4":
        told.append(client.next("tool_event")["correlation_id"])
    assert told == ["toolu_1", "toolu_2", "toolu_3", "toolu_4"]


def test_an_event_of_a_client_is_stored_and_handed_on(monitor: Monitor, connect: Connect) -> None:
    sender, other = connect().live(), connect().live()

    sender.say("claude_event", {"type": "hook", "subtype": "pre_tool", "session_id": "s9"})

    told = other.next("hook:event")
    assert (told["session_id"], told["subtype"], told["type"]) == ("s9", "pre_tool", "hook")
    assert other.next("claude_event") == sender.next("claude_event")
    (event,) = monitor.query.events(EventFilter(session_id="s9"))
    assert event.kind == "PreToolUse"


def test_version_3s_handler_is_understood(monitor: Monitor, connect: Connect) -> None:
    client = connect().live()
    data = {"tool_name": "Bash", "session_id": "s3", "working_directory": "/p"}

    client.say("claude_event", {"type": "hook.pre_tool", "timestamp": "2026", "data": data})

    assert client.next("claude_event")["type"] == "hook.pre_tool"
    (event,) = monitor.query.events(EventFilter(session_id="s3"))
    assert (event.kind, event.tool_name, event.project) == ("PreToolUse", "Bash", "/p")


def test_a_client_of_version_3_is_told_everything_as_claude_event(
    post: Post, connect: Connect
) -> None:
    client = connect().live()
    client.ask("subscribe", {"channels": ["*"]}, "subscribed")

    post(tool("PreToolUse"))

    assert client.next("claude_event")["type"] == "hook.pre_tool"


@pytest.mark.parametrize("asked", ["get_history", "request_history", "request.history"])
def test_version_3s_ways_to_ask_for_history(post: Post, connect: Connect, asked: str) -> None:
    post(hook("UserPromptSubmit", prompt="hello"))
    post(tool("PreToolUse"))
    client = connect().live()

    answer = client.ask(asked, {"event_types": ["hook.user_prompt"]}, "history")

    assert [event["type"] for event in answer["events"]] == ["hook.user_prompt"]


def test_history_can_be_had_by_type_session_and_number(post: Post, connect: Connect) -> None:
    for number in (1, 2, 3):
        post(tool("PreToolUse", number))
    post({**hook("Stop"), "session_id": "s2"})
    client = connect().live()

    of_type = client.ask("hook:history:get", {"type": "tool_event"}, "hook:history:response")
    newest = client.ask("hook:history:get", {"limit": 2}, "hook:history:response")
    of_session = client.ask("hook:history:get", {"session_id": "s2"}, "hook:history:response")

    assert of_type["total"] == 3
    assert [event["subtype"] for event in newest["events"]] == ["pre_tool", "stop"]
    assert newest["filters"] == {"type": None, "session_id": None, "limit": 2}
    assert [event["session_id"] for event in of_session["events"]] == ["s2"]


def test_a_session_is_replayed_event_by_event(post: Post, connect: Connect) -> None:
    post(tool("PreToolUse"))
    post(tool("PostToolUse"))
    client = connect().live()

    client.say("hook:replay:start", {"session_id": "s1", "speed": 100})

    assert client.next("hook:replay:started")["event_count"] == 2
    assert client.next("hook:replay:event")["event"]["subtype"] == "pre_tool"
    assert client.next("hook:replay:event")["index"] == 1
    assert client.next("hook:replay:completed") == {"event_count": 2}


def test_a_session_told_by_a_client_begins_and_ends(monitor: Monitor, connect: Connect) -> None:
    client = connect().live()

    client.say("hook:session:start", {"session_id": "n1"})
    assert client.next("hook:session:started")["session_id"] == "n1"
    assert client.next("claude_event")["type"] == "session.started"

    client.say("hook:session:end", {"session_id": "n1"})
    assert client.next("hook:session:ended")["status"] == "ended"
    assert client.next("claude_event")["type"] == "session.ended"

    kinds = [event.kind for event in monitor.query.events(EventFilter(session_id="n1"))]
    assert kinds == ["mpm.session.ended", "mpm.session.started"]


@pytest.mark.parametrize(
    ("name", "data", "answer", "expected"),
    [
        ("dashboard:status", {}, "dashboard:status:response", {"status": "running"}),
        ("dashboard:info", {}, "dashboard:info:response", {"service_name": "claude-mpm-monitor"}),
        ("dashboard:ping", {"timestamp": 7}, "dashboard:pong", {"timestamp": 7}),
        ("client:register", {"name": "x"}, "client:registered", {"name": "x"}),
        ("client:list", {}, "client:list:response", {"total": 1}),
        ("get_status", None, "status", {"server": "claude-mpm-python-socketio"}),
        ("read_file", {"file_path": "/etc/passwd"}, "file_content_response", {"success": False}),
        ("code:get:tree", {}, "code:error", {}),
        ("code:clear:cache", {}, "code:cache:cleared", {"type": "all"}),
        ("hook:sessions:list", {}, "hook:sessions:response", {"sessions": [], "total": 0}),
    ],
)
def test_the_hosts_questions_are_answered(
    connect: Connect, name: str, data: object, answer: str, expected: dict[str, Any]
) -> None:
    told = connect().live().ask(name, data, answer)

    assert expected.items() <= told.items()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("claude_event", {}, "names neither subtype nor type"),
        ("claude_event", "text", "an object was expected, not str"),
        ("claude_event", [1], "an object was expected, not list"),
        ("claude_event", {"subtype": "stop", "session_id": 5}, "session_id is a number"),
        ("hook:ingest", {"type": "hook"}, "Invalid hook data format"),
        ("hook:session:start", {}, "No session ID provided"),
        ("hook:session:info", {"session_id": "?"}, "Session not found: ?"),
        ("hook:replay:start", {"session_id": "?"}, "No events found for session: ?"),
    ],
)
def test_what_a_client_gets_wrong_it_is_told_in_a_sentence(
    connect: Connect, name: str, data: object, sentence: str
) -> None:
    told = connect().live().ask(name, data, "hook:error")

    assert sentence in told["error"]


def test_half_an_emoji_from_a_browser_is_stored(monitor: Monitor, connect: Connect) -> None:
    client = connect().live()

    client.say("claude_event", {"type": "hook", "subtype": "stop", "session_id": "\ud83d"})

    assert client.next("claude_event")["session_id"] == "?"


def test_a_client_slower_than_the_events_gets_them_all_in_order(
    monitor: Monitor, connect: Connect
) -> None:
    client = connect().live()
    count = 1_500

    for number in range(count):
        monitor.emit("PreToolUse", {"n": number}, session_id="s1")

    told = [client.next("tool_event")["data"]["n"] for _ in range(count)]
    assert told == list(range(count))
