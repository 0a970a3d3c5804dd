"""Tool calls: each call once, with its true status and times.

A call is told several times: before, after, in a batch, in the transcript. What each source said
is kept under `basis`; the best evidence decides the status, whatever the order of arrival, and the
rest only fills in what is missing. Times are the transcript's where it has them: Claude Code's own
clock, while a hook's time is when it reached us.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import msgspec

from claude_mpm_monitor.analysis import waits
from claude_mpm_monitor.analysis.edits import intended, patched
from claude_mpm_monitor.analysis.facts import EVIDENCE, SEVERITY, ToolEnd, ToolStart
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event, one_line
from claude_mpm_monitor.model.tools import AGENT_TOOLS, MASKED_TOOL, tool_detail

TOPIC = "tool_call"
#: The agent of a line whose version of Claude Code did not say which: better than none only.
_UNKNOWN_AGENT = "sidechain"

#: Worth of what a source says of a call's input and turn.
_TRANSCRIPT, _BEFORE, _AFTER, _BATCH = 3, 2, 1, 0
_WORTH = {"PreToolUse": _BEFORE, "PostToolBatch": _BATCH}

#: The same input may be written down in another order.
_inputs = msgspec.json.Encoder(order="deterministic")


def new(session_id: str, tool_use_id: str) -> Json:
    """Return a call of which nothing is known yet."""
    return {
        "session_id": session_id,
        "tool_use_id": tool_use_id,
        "tool_name": "",
        "is_mcp": False,
        "agent_id": "",
        "agent_type": "",
        "prompt_id": "",
        "status": "",
        "evidence": "",
        "copied": False,
        "started_at": None,
        "ended_at": None,
        "duration_us": None,
        "measured_us": None,
        "waited_us": 0,
        "busy_us": None,
        "waits": [],
        "detail": "",
        "file": None,
        "error": "",
        "decided_by": "",
        "child_agent_id": "",
        "input_seq": None,
        "result_seq": None,
        "basis": {"begun": [None, None], "ends": {}, "said": -1, "prompt": [-1, ""]},
    }


def note_start(call: Json, event: Event, fact: ToolStart) -> None:
    """Take in that the call was made."""
    begun = call["basis"]["begun"]
    source = 0 if _is_line(event) else 1
    if begun[source] is None or event.at < begun[source]:
        begun[source] = event.at
    if call["input_seq"] is None:
        call["input_seq"] = event.seq
    _describe(call, event, fact.tool_name, fact.tool_input)


def note_end(call: Json, event: Event, fact: ToolEnd) -> None:
    """Take in how the call ended, as one source has it."""
    _describe(call, event, fact.tool_name, fact.tool_input)
    basis = call["basis"]
    told = [fact.status, event.at, fact.error]
    known = basis["ends"].get(fact.evidence)
    if known is None or _order(told) > _order(known):
        basis["ends"][fact.evidence] = told
        call["result_seq"] = event.seq
    if fact.duration_us is not None:
        call["measured_us"] = max(fact.duration_us, call["measured_us"] or 0)
    if isinstance(fact.response, dict) and fact.evidence != "batch":
        # A batch repeats a result in other words, in which a launch looks like an end.
        lines = patched(fact.response)
        if lines is not None:
            basis["patch"] = max(list(lines), basis.get("patch", []))
        if fact.response.get("status") == "async_launched":
            basis["launched"] = True
        if _text(fact.response.get("agentId")):
            basis["names"] = max(fact.response["agentId"], basis.get("names", ""))


def note_decision(call: Json, event: Event, by: str) -> None:
    """Take in who allowed or refused the call."""
    _describe(call, event, event.tool_name, None)
    call["decided_by"] = max(call["decided_by"], by)


def settle(call: Json, closed: tuple[str, int] | None, going: str) -> None:
    """Derive status and times.

    `closed` is what its turn's or agent's end makes of an open call, `going` what it is otherwise.
    """
    basis = call["basis"]
    started = call["started_at"] = begun(call)
    best: tuple[int, int] = (0, 0)
    status, evidence, ended, error = going, "", None, ""
    for source, (told, at, text) in basis["ends"].items():
        # A batch closes calls that got no hook after them: those were refused.
        meant = "denied" if (source, told) == ("batch", "unknown") and started is not None else told
        weight = (EVIDENCE[source], SEVERITY[meant])
        if weight > best:
            best, status, evidence, ended, error = weight, meant, source, at, text
    line = basis["ends"].get("transcript")
    if line is not None:
        ended = line[1]
        if line[0] == status:
            error = line[2]
    if not evidence and closed is not None:
        status, ended = closed
        evidence = "inferred"
    call["status"], call["evidence"], call["ended_at"] = status, evidence, ended
    call["error"] = "" if status == "ok" else error
    known = started is not None and ended is not None
    call["duration_us"] = max(0, (ended or 0) - (started or 0)) if known else call["measured_us"]
    waits.settle(call)


def begun(call: Json) -> int | None:
    """Return when the call was made, by the best source that tells; None if none does."""
    line_at, hook_at = call["basis"]["begun"]
    at: int | None = hook_at if line_at is None else line_at
    return at


def time_of(call: Json) -> int:
    """Return when the call was made, or was first said to be over; 0 if nothing tells."""
    at = begun(call)
    return min((end[1] for end in call["basis"]["ends"].values()), default=0) if at is None else at


def touches(call: Json) -> tuple[str, str, int, int] | None:
    """Return (path, operation, added, removed) of a call that did something to a file."""
    file = call["file"]
    if file is None or call["status"] != "ok" or call["copied"]:
        return None
    added, removed = call["basis"].get("patch") or (file["added"], file["removed"])
    return file["path"], file["operation"], added, removed


def likeness(tool_name: str, tool_input: Any) -> int:
    """Return a number that calls of the same tool with the same input share."""
    try:
        return crc32(_inputs.encode(tool_input), crc32(tool_name.encode()))
    except (TypeError, ValueError, RecursionError):
        return 0


def _describe(call: Json, event: Event, name: str, tool_input: Any) -> None:
    basis = call["basis"]
    worth = _TRANSCRIPT if _is_line(event) else _WORTH.get(event.kind, _AFTER)
    if name:
        call["tool_name"] = max(name, call["tool_name"], key=_worth_of_name)
        call["is_mcp"] = call["tool_name"].startswith("mcp__")
    if tool_input is not None and worth > basis["said"]:
        basis["said"] = worth
        call["detail"] = tool_detail(call["tool_name"], tool_input)
        call["file"] = intended(call["tool_name"], tool_input)
        basis["likeness"] = likeness(call["tool_name"], tool_input)
        if call["tool_name"] in AGENT_TOOLS and isinstance(tool_input, dict):
            basis["agent"] = [
                _text(tool_input.get("subagent_type")),
                one_line(tool_input.get("description")),
                tool_input.get("run_in_background") is True,
            ]
    if event.prompt_id:
        basis["prompt"] = max(basis["prompt"], [worth, event.prompt_id])
    if event.agent_id and (call["agent_id"] in ("", _UNKNOWN_AGENT)):
        call["agent_id"] = event.agent_id
    if event.agent_id and not call["agent_type"]:
        call["agent_type"] = _text(event.data().get("agent_type"))


def _worth_of_name(name: str) -> tuple[bool, str]:
    return name not in ("", MASKED_TOOL), name


def _order(told: list[Any]) -> tuple[int, int, str]:
    """Order what one source says of an end: the worse, the earlier counts; the rest is a tie."""
    status, at, error = told
    return SEVERITY[status], -at, error


def _is_line(event: Event) -> bool:
    return event.kind.startswith("transcript.")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
