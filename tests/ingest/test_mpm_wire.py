"""Requests recorded from the hook handlers of three released versions of the host."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from claude_mpm_monitor.ingest.hooks import event_from_hook
from claude_mpm_monitor.ingest.likeness import loose_key
from claude_mpm_monitor.ingest.mpm import decode_mpm
from claude_mpm_monitor.model.event import Event, Raw, is_noise

WIRE = Path(__file__).parents[3] / "shared" / "data" / "mpm-wire"
HANDLERS = ["3.2.1-hook_handler", "5.9.10-claude-hook", "6.5.83-claude-hook"]
FAST = ["5.9.10-fast-sh", "6.5.83-fast-sh"]

pytestmark = pytest.mark.skipif(not WIRE.is_dir(), reason="no recorded requests beside the project")


def recorded(folder: str) -> list[tuple[str, bytes]]:
    """(what triggered it, body) of every request that carries an event."""
    requests = []
    for path in sorted((WIRE / folder).glob("req_*.json")):
        request = json.loads(path.read_bytes())
        body = request.get("body_raw") or request.get("data")
        if body:
            text = body if isinstance(body, str) else json.dumps(body)
            requests.append((request["trigger"], text.encode()))
    return requests


def decode(body: bytes) -> Event:
    (event,) = decode_mpm(Raw(dialect="mpm", body=body, at=1, source="host_http"))
    return event


def inputs() -> dict[str, dict[str, Any]]:
    """The hook JSON each recorded handler was given, by what triggered it."""
    spec = importlib.util.spec_from_file_location("inputs", WIRE / "inputs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    session = "7c1f0e7a-3b8e-4a55-9d7c-0f2f6f3c1a11"
    transcript = f"/home/dev/.claude/projects/proj/{session}.jsonl"
    return dict(module.events("/home/dev/proj", transcript))


def rich(payload: dict[str, Any]) -> Event:
    body = json.dumps(payload).encode()
    return event_from_hook(payload, Raw(dialect="claude_hook", body=body, at=1, source="http_hook"))


@pytest.mark.parametrize("folder", HANDLERS + FAST)
def test_every_recorded_request_becomes_one_event_of_its_session(folder: str) -> None:
    events = [(trigger, decode(body)) for trigger, body in recorded(folder)]

    assert events
    for trigger, event in events:
        assert is_noise(event) or event.kind.startswith("mpm.") or (trigger.startswith(event.kind))
        assert event.session_id or event.kind == "mpm.command_acknowledged"
        assert event.source in ("hook", "fast_hook", "claude_mpm")


@pytest.mark.parametrize("folder", FAST)
def test_the_fast_hook_delivers_the_hook_json_that_claude_code_wrote(folder: str) -> None:
    given = inputs()

    for trigger, body in recorded(folder):
        event = decode(body)
        assert json.loads(event.payload) == given[trigger]
        assert event.event_id == rich(given[trigger]).event_id
        assert loose_key(event) == loose_key(rich(given[trigger]))


@pytest.mark.parametrize("folder", HANDLERS)
def test_every_report_of_a_handler_is_recognised_as_the_hook_event_behind_it(folder: str) -> None:
    given = inputs()

    for trigger, body in recorded(folder):
        event = decode(body)
        if event.kind.startswith("mpm."):
            assert loose_key(event) is None
        else:
            assert loose_key(event) == loose_key(rich(given[trigger])), trigger


@pytest.mark.parametrize("folder", HANDLERS)
def test_one_report_answers_to_one_hook_event_parallel_calls_included(folder: str) -> None:
    rich_keys = Counter(loose_key(rich(payload)) for payload in inputs().values())
    poor_keys = Counter(loose_key(decode(body)) for _, body in recorded(folder))

    del poor_keys[None]
    assert all(poor_keys[key] <= rich_keys[key] for key in poor_keys)


def test_calls_on_different_things_are_not_alike() -> None:
    keys = defaultdict(list)
    for trigger, payload in inputs().items():
        if trigger.startswith("PreToolUse"):
            keys[loose_key(rich(payload))].append(trigger)

    assert all(len(triggers) == 1 for triggers in keys.values())
