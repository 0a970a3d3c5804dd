"""Spans as a trace: what ui.perfetto.dev and chrome://tracing open.

Format: "Trace Event Format" (Google, JSON object form): complete events ("X") with `ts` and `dur`
in microseconds; agents are its threads.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from claude_mpm_monitor.export.began import began
from claude_mpm_monitor.model.exporter import Recording

Json = dict[str, Any]
_SESSION = 1
_TURNS, _FIRST_AGENT = 1, 2


class Trace:
    """Turns in a row of their own, and a row for each agent's tool calls."""

    name = "trace"
    suffix = ".trace.json"
    media_type = "application/json"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        session = recording.session()
        rows = _rows(recording)
        events = [_named("process_name", _SESSION, 0, session["title"] or session["session_id"])]
        events.append(_named("thread_name", _SESSION, _TURNS, "turns"))
        events += [_named("thread_name", _SESSION, row, name) for row, name in rows.values()]
        end = session["ended_at"] or session["last_at"]
        events += [
            _complete(turn["prompt"] or "turn", _TURNS, turn, end)
            for turn in recording.documents("turn")
        ]
        for call in recording.documents("tool_call"):
            row, _ = rows.get(call["agent_id"], (_FIRST_AGENT, "main"))
            events.append(_complete(call["tool_name"] or "unknown", row, call, end))
        out.write(msgspec.json.encode({"traceEvents": events, "displayTimeUnit": "ms"}))


def _rows(recording: Recording) -> dict[str, tuple[int, str]]:
    """Return the row of each agent and its name, the main agent's first."""
    agents = sorted(recording.documents("agent"), key=began)
    agents.sort(key=lambda agent: agent["agent_id"] != "")
    return {
        agent["agent_id"]: (
            row,
            agent["description"] or agent["agent_type"] or agent["agent_id"] or "main",
        )
        for row, agent in enumerate(agents, _FIRST_AGENT)
    }


def _complete(name: str, row: int, span: Json, end: int) -> Json:
    since = began(span)
    until = span["ended_at"] if span["ended_at"] is not None else max(end, since)
    fields = ("status", "detail", "error", "tool_use_id", "prompt_id")
    return {
        "name": name,
        "ph": "X",
        "pid": _SESSION,
        "tid": row,
        "ts": since,
        "dur": until - since,
        "args": {field: span[field] for field in fields if span.get(field)},
    }


def _named(what: str, process: int, row: int, name: str) -> Json:
    return {"name": what, "ph": "M", "pid": process, "tid": row, "args": {"name": name}}
