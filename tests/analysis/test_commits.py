"""Commits are known from what git prints, and cost what was spent since the one before."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec
import pytest
from testkit.usage import START, Documents, answer, applied, event

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.analysis.commits import CommitAnalyzer
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.reporting.commits import by_commit

Json = dict[str, Any]
PRINTED = "[main 1a2b3c4] Mend the lock\n 2 files changed, 3 insertions(+)\n"
SAMPLES = next(
    (
        folder
        for parent in Path(__file__).parents
        if (folder := parent / "shared" / "data" / "transcripts").is_dir()
    ),
    None,
)


def hook(printed: Any = PRINTED, tool: str = "Bash", **fields: Any) -> Event:
    response = {"stdout": printed}
    line = {"type": "x", "tool_name": tool, "tool_use_id": "u1", "tool_response": response}
    return msgspec.structs.replace(event(line, **fields), kind="PostToolUse")


def line(printed: Any = PRINTED, **fields: Any) -> Event:
    content = [{"type": "tool_result", "tool_use_id": "u1", "content": printed}]
    result = {"toolUseResult": {"stdout": printed}}
    return event({"type": "user", "message": {"content": content}, **result}, **fields)


def commits(*events: Event) -> list[Json]:
    documents, analyzer = Documents(), CommitAnalyzer()
    for each in events:
        analyzer.apply(each, documents)
    return list(documents.of("commit").values())


def test_a_commit_is_known_by_what_git_printed() -> None:
    (commit,) = commits(hook(agent_id="a1", prompt_id="p1"))

    told = {"sha": "1a2b3c4", "branch": "main", "subject": "Mend the lock", "tool_use_id": "u1"}
    assert commit.items() >= {**told, "agent_id": "a1", "prompt_id": "p1", "at": START}.items()


def test_a_hook_and_a_line_tell_of_one_commit_in_any_order() -> None:
    told = [hook(at=START + 5), line(at=START + 3), line(at=START + 4, prompt_id="p1")]
    found = [commits(*order) for order in permutations(told)]

    assert all(each == found[0] for each in found)
    ((commit,),) = found[:1]
    assert (commit["at"], commit["prompt_id"], len(commit["events"])) == (START + 3, "p1", 3)


@pytest.mark.parametrize(
    ("printed", "sha", "branch"),
    [
        ("[main (root-commit) abcdef0] First\n 1 file changed", "abcdef0", "main"),
        ("[detached HEAD 1234567] x\n 1 file changed", "1234567", "detached HEAD"),
        ("hooks ran\n[a/b 1234567] x\n Date: now\n 9 files changed", "1234567", "a/b"),
        ("[m 1234567] x\n Author: A\n Date: now\n 1 file changed", "1234567", "m"),
    ],
)
def test_git_announces_commits_in_several_ways(printed: str, sha: str, branch: str) -> None:
    (commit,) = commits(hook(printed))

    assert (commit["sha"], commit["branch"]) == (sha, branch)


@pytest.mark.parametrize(
    "told",
    [
        hook("[INFO 1234567] nothing changed"),
        hook("see [main 1a2b3c4] Mend\n 1 file changed"),
        hook(" 2 files changed"),
        hook(None),
        hook({"changed": " changed"}),
        hook(tool="Read"),
        line([{"type": "text", "text": " changed"}]),
    ],
    ids=["log line", "quotation", "statistics", "nothing", "object", "other tool", "blocks"],
)
def test_what_git_did_not_announce_is_no_commit(told: Event) -> None:
    assert commits(told) == []


def test_a_commit_costs_what_its_session_spent_since_the_one_before() -> None:
    calls = list(
        applied(event(answer(f"m{at}"), at=START + at) for at in (1, 2, 4, 9))
        .of("api_call")
        .values()
    )
    made = commits(
        hook(at=START + 2),
        hook(PRINTED.replace("1a2b3c4", "fffffff"), at=START + 5),
    )

    rows = {row["sha"]: row for row in by_commit(calls, made)}

    assert {sha: row["calls"] for sha, row in rows.items()} == {"1a2b3c4": 2, "fffffff": 1, "": 1}
    assert all(row["estimate"] for row in rows.values())
    total = sums.empty()
    for row in rows.values():
        sums.merge(total, row)
    assert total["cost"]["total"] == 4 * 175_000_000


@pytest.mark.skipif(SAMPLES is None, reason="no real sessions beside the project")
def test_real_sessions_made_the_commits_that_their_outputs_show() -> None:
    assert SAMPLES is not None
    found = set()
    for path in SAMPLES.rglob("*.jsonl"):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if " changed" not in text or '"type":"user"' not in text:
                continue
            told = Event(
                event_id="e",
                kind="transcript.user",
                session_id="s1",
                at=START,
                source="transcript",
                payload=text.encode(),
            )
            found |= {commit["sha"] for commit in commits(told)}

    assert len(found) > 50
    assert all(re.fullmatch("[0-9a-f]{7,12}", sha) for sha in found)
