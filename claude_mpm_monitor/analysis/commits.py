"""CommitAnalyzer: the commits that sessions made, as git itself announced them.

What a `git commit` in a Bash call prints begins with ``[branch sha] subject`` and goes on with what
changed; both have to be there, so that text which merely looks like the first is no commit.
"""

from __future__ import annotations

import re
from typing import Any

from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event, one_line
from claude_mpm_monitor.model.transcript import transcript_tool_calls

TOPIC = "commit"
_ANNOUNCED = re.compile(
    r"^\[(?P<branch>[^\s\]]+|detached HEAD)(?: \(root-commit\))? (?P<sha>[0-9a-f]{7,40})\] "
    r"(?P<subject>.+)$(?=(?:\n (?:Author|Date): .+)*\n \d+ files? changed)",
    re.MULTILINE,
)
#: Most events are nothing of the kind: one look at the text tells.
_HINT = b" changed"


class CommitAnalyzer:
    """Commits, each once, whoever told of it. Consumer thread only."""

    name = "monitor.commits"
    version = 1
    topics: tuple[str, ...] = (TOPIC,)

    def apply(self, event: Event, documents: Documents) -> None:
        """Keep what the event tells of commits."""
        reader = _READERS.get(event.kind)
        if reader is None or _HINT not in event.payload:
            return
        for tool_use_id, printed in reader(event.data()):
            for found in _ANNOUNCED.finditer(printed):
                _keep(event, tool_use_id, found, documents)


def _keep(event: Event, tool_use_id: str, found: re.Match[str], documents: Documents) -> None:
    sha = found["sha"]
    key = f"{event.session_id}/{sha}"
    value: Json = {
        "session_id": event.session_id,
        "sha": sha,
        "branch": found["branch"],
        "subject": one_line(found["subject"]),
        "at": event.at,
        "agent_id": event.agent_id,
        "prompt_id": event.prompt_id,
        "tool_use_id": tool_use_id,
        "project": event.project,
        "events": [event.event_id],
    }
    known = documents.get(TOPIC, key)
    if known is not None:
        texts = ("branch", "subject", "agent_id", "prompt_id", "tool_use_id", "project")
        value |= {name: max(known[name], value[name]) for name in texts}
        value["at"] = min(known["at"], event.at)
        value["events"] = sorted({*known["events"], event.event_id})
    documents.put(TOPIC, key, value, agent_id=value["agent_id"])


def _of_hook(data: Json) -> list[tuple[str, str]]:
    if data.get("tool_name") != "Bash" or not isinstance(data.get("tool_use_id"), str):
        return []
    return [(data["tool_use_id"], _printed(data.get("tool_response")))]


def _of_line(data: Json) -> list[tuple[str, str]]:
    return [(call.tool_use_id, _printed(call.result)) for call in transcript_tool_calls(data)]


def _printed(result: Any) -> str:
    printed = result.get("stdout") if isinstance(result, dict) else result
    return printed if isinstance(printed, str) else ""


_READERS = {"PostToolUse": _of_hook, "transcript.user": _of_line}
