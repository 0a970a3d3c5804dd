"""The overview over HTTP, from the hooks of sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from testkit.payloads import Talk
from testkit.waiting import eventually
from testkit.wire import get, post

from claude_mpm_monitor import Monitor

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
