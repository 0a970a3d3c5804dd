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
from itertools import islice
from pathlib import Path
from typing import Any

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.cli.importing import wait_for_documents

SESSIONS = 2_000
BATCH = 2_000
DAY = 86_400_000_000
BEGINNING = 1_780_000_000_000_000
PROJECTS = [f"/work/project-{number:02}" for number in range(20)]
TOOLS = ("Bash", "Read", "Edit", "Grep", "Glob", "Write", "WebFetch", "mcp__docs__lookup")
AGENTS = ("", "", "", "engineer", "tester", "explorer")
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
        for payload, at in _session(dice, number, size):
            if told == events:
                return
            told += 1
            body = json.dumps(payload, separators=(",", ":")).encode()
            yield Raw(dialect="claude_hook", body=body, at=at, source="http_hook")


def _session(dice: random.Random, number: int, size: int) -> Iterator[tuple[dict[str, Any], int]]:
    at = BEGINNING + number * DAY // 20
    common = {
        "session_id": f"{number:08x}-0000-4000-8000-000000000000",
        "transcript_path": f"/home/dev/.claude/projects/-work/{number:08x}.jsonl",
        "cwd": dice.choice(PROJECTS),
        "permission_mode": "default",
    }
    yield {**common, "hook_event_name": "SessionStart", "source": "startup"}, at
    turn, in_turn = 0, 0
    for step in range((size - 2) // 2):
        at += dice.randrange(200_000, 20_000_000)
        if in_turn == 0:
            turn, in_turn = turn + 1, dice.randrange(3, 40)
            prompt = {"prompt_id": f"p-{number}-{turn}", "prompt": _said(dice, 12)}
            yield {**common, "hook_event_name": "UserPromptSubmit", **prompt}, at
        in_turn -= 1
        yield from _call(dice, {**common, "prompt_id": f"p-{number}-{turn}"}, number, step, at)
    yield {**common, "hook_event_name": "SessionEnd", "reason": "other"}, at + 1


def _call(
    dice: random.Random, common: dict[str, Any], number: int, step: int, at: int
) -> Iterator[tuple[dict[str, Any], int]]:
    tool, agent = dice.choice(TOOLS), dice.choice(AGENTS)
    given: dict[str, Any] = {"command": _said(dice, 8), "description": _said(dice, 4)}
    if tool in ("Read", "Edit", "Write"):
        given = {"file_path": f"{common['cwd']}/src/module_{dice.randrange(300)}.py"}
    call = {**common, "tool_name": tool, "tool_input": given, "tool_use_id": f"t-{number}-{step}"}
    if agent:
        call |= {"agent_id": f"{agent}-{step // 50}", "agent_type": agent}
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


def _said(dice: random.Random, count: int) -> str:
    rare = f" rare{dice.randrange(50_000)}" if dice.random() < 0.2 else ""
    return " ".join(dice.choices(WORDS, WEIGHTS, k=count)) + rare


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
