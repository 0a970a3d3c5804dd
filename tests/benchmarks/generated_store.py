"""A store as months of work leave it, made through the whole pipeline, the same every time.

    python -m tests.benchmarks.generated_store HOME [EVENTS]      # 1,000,000 unless said otherwise

One session in it has a fifth of all events; the others are of sizes as people's are. What tools say
is drawn from a vocabulary with common and rare words, so that searches have something to find.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.cli.importing import wait_for_documents
from claude_mpm_monitor.model.event import LIVE_TRANSCRIPT

SESSIONS = 2_000
BATCH = 2_000
DAY = 86_400_000_000
BEGINNING = 1_780_000_000_000_000
PROJECTS = [f"/work/project-{number:02}" for number in range(20)]
TOOLS = ("Bash", "Read", "Edit", "Grep", "Glob", "Write", "WebFetch", "mcp__docs__lookup")
MODELS = ("claude-opus-4-5", "claude-opus-4-5", "claude-haiku-4-5")
AGENTS = ("", "", "", "engineer", "tester", "explorer")
#: Agents work for so many steps of their session; so many of them (of one) tell that they are done.
STEPS_OF_AGENTS, TOLD_ENDS = 50, 0.95
#: Every eighth word is the most common one, and so on down to words said once in 50,000.
WORDS = [f"word{number}" for number in range(400)]
WEIGHTS = [1 / (number + 1) for number in range(400)]


def generate(home: Path, events: int) -> None:
    """Fill a store with so many events, and work out its documents."""
    done = 0
    with Monitor(home=home, port=0) as monitor:
        stream = deliveries(events)
        while batch := list(islice(stream, BATCH)):
            monitor.ingest_many(batch)
            done += len(batch)
            if done % 50_000 < BATCH:
                print(f"{done:,} of {events:,} events", flush=True)
        wait_for_documents(monitor, threading.Event())
        while monitor.status()["index"]["lag"]:
            threading.Event().wait(0.5)


def deliveries(events: int) -> Iterator[Raw]:
    """Yield so many hook payloads, session by session."""
    dice = random.Random(8765)
    large = events // 5
    left = events - large
    sizes = [large]
    count = max(1, min(SESSIONS - 1, left // 20))
    shares = [dice.paretovariate(1.3) for _ in range(count)]
    sizes += [max(4, int(left * share / sum(shares))) for share in shares]
    told = 0
    for number, size in enumerate(sizes):
        for raw in session(dice, number, size):
            if told == events:
                return
            told += 1
            yield raw


def session(dice: random.Random, number: int, size: int, *, lines: bool = False) -> Iterator[Raw]:
    """Yield about so many hook payloads of one session, and the lines of its transcript if wanted.

    All its ids have `token_of(number)` in them.
    """
    for payload, at in _session(dice, number, size):
        yield Raw(dialect="claude_hook", body=_encoded(payload), at=at, source="http_hook")
        if lines and payload["hook_event_name"] == "PreToolUse":
            body = _encoded(_line(dice, payload, at))
            origin = f"{payload['transcript_path']}#{at}"
            yield Raw(dialect="transcript", body=body, at=at, source=LIVE_TRANSCRIPT, origin=origin)


def token_of(number: int) -> str:
    """Return what the ids of a session have in common, and nothing else has in it."""
    return f"{0x5E500000 + number:08x}"


def _encoded(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, separators=(",", ":")).encode()


def _line(dice: random.Random, call: dict[str, Any], at: int) -> dict[str, Any]:
    """Return the line of the answer that asked for a tool call; every fourth says something."""
    use = call["tool_use_id"]
    asked: dict[str, Any] = {"type": "tool_use", "id": use, "name": call["tool_name"], "input": {}}
    usage = {
        "input_tokens": dice.randrange(1, 3_000),
        "cache_read_input_tokens": dice.randrange(10_000, 150_000),
        "cache_creation_input_tokens": dice.randrange(8_000),
        "output_tokens": int(dice.lognormvariate(5, 1.2)) + 1,
    }
    said = {"type": "text", "text": _said(dice, 20)}
    message = {
        "id": f"msg_{use}",
        "model": dice.choice(MODELS),
        "role": "assistant",
        "usage": usage,
        "content": [said if dice.random() < 0.25 else asked],
        "stop_reason": "tool_use",
    }
    line = {
        "uuid": f"line-{use}",
        "sessionId": call["session_id"],
        "timestamp": datetime.fromtimestamp(at / 1e6, UTC).isoformat().replace("+00:00", "Z"),
        "cwd": call["cwd"],
        "version": "2.1.330",
        "type": "assistant",
        "requestId": f"req_{use}",
        "message": message,
    }
    return line | ({"agentId": call["agent_id"]} if "agent_id" in call else {})


def _session(dice: random.Random, number: int, size: int) -> Iterator[tuple[dict[str, Any], int]]:
    at = BEGINNING + number * DAY // 20
    token = token_of(number)
    common = {
        "session_id": f"{token}-0000-4000-8000-000000000000",
        "transcript_path": f"/home/dev/.claude/projects/-work/{token}.jsonl",
        "cwd": dice.choice(PROJECTS),
        "permission_mode": "default",
    }
    yield {**common, "hook_event_name": "SessionStart", "source": "startup"}, at
    turn, in_turn = 0, 0
    for step in range((size - 2) // 2):
        at += dice.randrange(200_000, 20_000_000)
        if in_turn == 0:
            turn, in_turn = turn + 1, dice.randrange(3, 40)
            prompt = {"prompt_id": f"p-{token}-{turn}", "prompt": _said(dice, 12)}
            yield {**common, "hook_event_name": "UserPromptSubmit", **prompt}, at
        in_turn -= 1
        of_turn = {**common, "prompt_id": f"p-{token}-{turn}"}
        yield from _call(dice, of_turn, token, step, at)
        if step % STEPS_OF_AGENTS == STEPS_OF_AGENTS - 1:
            yield from _ends(dice, of_turn, token, step // STEPS_OF_AGENTS, at)
    yield {**common, "hook_event_name": "SessionEnd", "reason": "other"}, at + 1


def _call(
    dice: random.Random, common: dict[str, Any], token: str, step: int, at: int
) -> Iterator[tuple[dict[str, Any], int]]:
    tool, agent = dice.choice(TOOLS), dice.choice(AGENTS)
    given: dict[str, Any] = {"command": _said(dice, 8), "description": _said(dice, 4)}
    if tool in ("Read", "Edit", "Write"):
        given = {"file_path": f"{common['cwd']}/src/module_{dice.randrange(300)}.py"}
    call = {**common, "tool_name": tool, "tool_input": given, "tool_use_id": f"t-{token}-{step}"}
    if agent:
        agent_id = f"{agent}-{token}-{step // STEPS_OF_AGENTS}"
        call |= {"agent_id": agent_id, "agent_type": agent}
    yield {**call, "hook_event_name": "PreToolUse"}, at
    duration = int(dice.lognormvariate(6, 1.5))
    ended = at + duration * 1_000
    if dice.random() < 0.05:
        failed = {"error": _said(dice, 10), "is_interrupt": False, "duration_ms": duration}
        yield {**call, "hook_event_name": "PostToolUseFailure", **failed}, ended
        return
    response = {"stdout": _said(dice, dice.randrange(5, 120)), "stderr": "", "interrupted": False}
    done = {"tool_response": response, "duration_ms": duration}
    yield {**call, "hook_event_name": "PostToolUse", **done}, ended


def _ends(
    dice: random.Random, common: dict[str, Any], token: str, number: int, at: int
) -> Iterator[tuple[dict[str, Any], int]]:
    """Have most agents of some steps tell that they are done; of the others nobody hears again."""
    for agent in dict.fromkeys(filter(None, AGENTS)):
        if dice.random() < TOLD_ENDS:
            ended = {"agent_id": f"{agent}-{token}-{number}", "agent_type": agent}
            yield {**common, "hook_event_name": "SubagentStop", **ended}, at + 10**8


def _said(dice: random.Random, count: int) -> str:
    rare = f" rare{dice.randrange(50_000)}" if dice.random() < 0.2 else ""
    return " ".join(dice.choices(WORDS, WEIGHTS, k=count)) + rare


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
