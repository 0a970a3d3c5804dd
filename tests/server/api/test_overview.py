"""The overview over HTTP, from the hooks of sessions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Monitor, Raw
from claude_mpm_monitor.testing import settled

BASH: dict[str, Any] = {"tool_name": "Bash", "tool_input": {"command": "make"}}


def test_who_waits_who_works_and_what_went_wrong(tmp_path: Path) -> None:
    with Monitor(home=tmp_path, port=0) as monitor:

        def say(talk: Talk, name: str, **about: Any) -> None:
            payload = talk.say(name, cwd=f"/w/{talk.session_id}", **about)
            assert post(monitor.port, "/hooks/claude", payload).status == 204

        waits, works = Talk("waits"), Talk("works")
        for talk in (waits, works):
            say(talk, "UserPromptSubmit", prompt=f"Do it, {talk.session_id}")
            say(talk, "PreToolUse", **BASH, tool_use_id=f"{talk.session_id}1")
        say(waits, "PermissionRequest", **BASH)
        say(works, "PostToolUseFailure", **BASH, tool_use_id="works1", error="Exit code 2")
        say(works, "PreToolUse", **BASH, tool_use_id="works2")
        eventually(lambda: monitor.status()["consumer"]["seq"] >= monitor.query.last_seq())

        answer = get(monitor.port, "/api/v1/overview").json
        other = get(monitor.port, "/api/v1/overview?project=/w/works").json

    states = [(row["session_id"], row["state"]) for row in answer["sessions"]]
    assert states == [("waits", "permission"), ("works", "running")]
    assert answer["sessions"][0]["detail"] == "Bash"
    (at_work,) = answer["work"]  # who waits is not at work
    assert at_work["session_id"] == "works"
    assert [call["tool_use_id"] for call in at_work["calls"]] == ["works2"]
    (error,) = answer["errors"]
    assert (error["key"], error["what"], error["error"]) == ("works/works1", "Bash", "Exit code 2")
    assert error["title"] == "Do it, works"
    assert [row["session_id"] for row in other["sessions"]] == ["works"]
    assert {row["session_id"] for row in other["work"]} == {"works"}


def test_the_latest_of_those_that_are_over_are_told_however_late_they_came(tmp_path: Path) -> None:
    def prompt_of(month: int) -> Raw:
        line = {
            "type": "user",
            "uuid": f"u-{month}",
            "sessionId": f"month-{month:02}",
            "timestamp": f"2026-{month:02}-01T10:00:00.000Z",
            "message": {"role": "user", "content": "Do it"},
        }
        return Raw(dialect="transcript", body=json.dumps(line).encode(), at=1, source="transcript")

    with Monitor(home=tmp_path, port=0) as monitor:
        for month in range(12, 0, -1):
            monitor.ingest_many([prompt_of(month)])
        settled(monitor)
        told = get(monitor.port, "/api/v1/overview").json["sessions"]

    assert [row["session_id"] for row in told] == [f"month-{m:02}" for m in range(12, 2, -1)]
