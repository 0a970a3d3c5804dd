"""Agents: the main one of each session and the subagents it hands work to.

What is reported of an agent is kept in its notes; `settle` derives its document from them, from the
call that started it and from what ended its turn or session. An agent is stated to come from a call
by its meta file or by the call's result; until then it is a guess (see `origins`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.analysis import recent
from claude_mpm_monitor.analysis.endings import End, as_end, choose, end_in, remember, worse
from claude_mpm_monitor.analysis.facts import whole
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import Event, one_line

Change = Callable[[Json], Any]

TOPIC = "agent"
#: What is known of each agent, whether it is shown yet or not; not shown.
NOTES = "_agent"

#: Worth of what says which call started an agent.
GUESSED, BY_RESULT, BY_META = 1, 2, 3
#: Claude Code 2.0 starts these without having them do anything: not shown before they do.
_WARMED_UP = frozenset({"Explore", "Plan"})
_OWN_WORDS, _META_WORDS = 1, 2


def new(session_id: str, agent_id: str) -> Json:
    """Return the document of an agent of which nothing is known yet."""
    return {
        "session_id": session_id,
        "agent_id": agent_id,
        "agent_type": "" if agent_id else "main",
        "description": "",
        "parent_agent_id": None,
        "depth": None if agent_id else 0,
        "tool_use_id": "",
        "prompt_id": "",
        "background": False,
        "status": "running",
        "error": "",
        "answer": "",
        "started_at": None,
        "ended_at": None,
        "acted_at": None,
        "duration_us": None,
        "waited_us": 0,
        "busy_us": None,
        "tool_calls": 0,
        "errors": 0,
        "denied": 0,
        "repeats": 0,
        "repeated": "",
    }


def new_notes() -> Json:
    """Return the notes on an agent never heard of."""
    return {
        "since": [None, None],
        "acted": 0,
        "answered": 0,
        "works": False,
        "started": False,
        "ends": [],
        "reported": None,
        "type": [0, ""],
        "meta": None,
        "meta_at": None,
        "origin": [0, ""],
        "prompt": [-1, ""],
        "waited": 0,
        "recent": [],
        "open": {},
        "asked": [],
    }


def is_news(notes: Json | None, event: Event, *, from_line: bool) -> bool:
    """Tell whether hearing of an agent changes its notes; what it says mostly does not."""
    if notes is None or not (notes["works"] or event.kind == "SubagentStart"):
        return True
    known = notes["since"][0 if from_line else 1]
    if known is None or event.at < known:
        return True
    if not event.agent_id:
        return False  # the main agent works when its turns do
    prompt = [1 if from_line else 0, event.prompt_id]
    return (
        (event.at > notes["acted"] and _begins_work(event))
        or (bool(event.prompt_id) and prompt > notes["prompt"])
        or (not from_line and not notes["type"][0])
        or (event.kind == "SubagentStart" and not notes["started"])
    )


def heard_at(notes: Json) -> int:
    """Return when the agent last began something or came to its end, 0 if nobody told."""
    at = max(notes["acted"], recent.last_act(notes), notes["since"][0] or 0, notes["since"][1] or 0)
    return int(max(at, notes["ends"][-1][0]) if notes["ends"] else at)


def note_heard(notes: Json, event: Event, *, from_line: bool) -> None:
    """Take in that the agent was heard of, and whether it went to work on something then."""
    if event.kind == "SubagentStart":
        notes["started"] = True
    else:
        notes["works"] = True
    if event.agent_id and _begins_work(event):
        notes["acted"] = max(notes["acted"], event.at)
    source = 0 if from_line else 1
    since = notes["since"]
    if since[source] is None or event.at < since[source]:
        since[source] = event.at
    if event.agent_id:
        agent_type = event.data().get("agent_type")
        if isinstance(agent_type, str) and agent_type:
            notes["type"] = max(notes["type"], [_OWN_WORDS, agent_type])
        if event.prompt_id:
            notes["prompt"] = max(notes["prompt"], [1 if from_line else 0, event.prompt_id])


def works(notes: Json) -> None:
    """Take in that the agent did something, whatever it was."""
    notes["works"] = True


def note_end(notes: Json, end: End) -> None:
    """Take in a report of the agent's end."""
    notes["ends"] = remember(notes["ends"], end)


def note_waited(notes: Json, waited: int) -> None:
    """Take in how long calls of the agent waited for a person (µs)."""
    notes["waited"] = waited


def note_report(notes: Json, at: int, status: str) -> None:
    """Take in that Claude Code told its model how the agent ended."""
    notes["reported"] = max_of(notes["reported"], [at, status])


def note_meta(notes: Json, event: Event) -> None:
    """Take over what Claude Code itself wrote down about the agent."""
    data = event.data()
    meta = {
        "description": one_line(data.get("description")),
        "parent": _text(data.get("parentAgentId")),
        "depth": whole(data.get("spawnDepth"), 2**31 - 1),
        "background": data.get("requestShape") == "background",
    }
    # The file is written again as the agent goes on; it says the same with more in it.
    known = notes["meta"] or {}
    notes["meta_at"] = min(event.at, notes["meta_at"] or event.at)
    notes["meta"] = {name: max_of(known.get(name), meta[name]) for name in meta}
    if _text(data.get("agentType")):
        notes["type"] = max(notes["type"], [_META_WORDS, data["agentType"]])
    if _text(data.get("toolUseId")):
        notes["origin"] = max(notes["origin"], [BY_META, data["toolUseId"]])


def is_shown(agent_id: str, notes: Json) -> bool:
    """Tell whether there is enough to say that the agent exists."""
    if not agent_id or notes["works"] or notes["meta"] or notes["origin"][0]:
        return True
    return bool(notes["started"]) and notes["type"][1] not in _WARMED_UP


def settle(
    agent: Json,
    notes: Json,
    call: Json | None,
    session_over: int | None,
    turn_over: int | None,
    going: str,
) -> None:
    """Derive a subagent's document.

    `session_over` and `turn_over` are when its session ended and when its turn was interrupted,
    which an agent in the background survives; None where that did not happen. `going` is its status
    if it did not end.
    """
    given = call["basis"].get("agent", ["", "", False]) if call is not None else ["", "", False]
    meta = notes["meta"] or {"description": "", "parent": "", "depth": None, "background": False}
    agent["agent_type"] = notes["type"][1] or given[0]
    agent["description"] = meta["description"] or given[1]
    agent["tool_use_id"] = notes["origin"][1]
    agent["parent_agent_id"] = meta["parent"] or (call["agent_id"] if call is not None else None)
    if agent["parent_agent_id"] is None and notes["meta"]:
        agent["parent_agent_id"] = ""
    agent["depth"] = meta["depth"] or (1 if agent["parent_agent_id"] == "" else None)
    launched = call is not None and call["basis"].get("launched", False)
    agent["background"] = bool(meta["background"] or given[2] or launched)
    agent["prompt_id"] = notes["prompt"][1]
    fallback = call["started_at"] if call is not None else notes["meta_at"]
    agent["started_at"] = next((at for at in notes["since"] if at is not None), fallback)
    agent["acted_at"] = heard_at(notes) or None
    closers = [session_over] if agent["background"] else [session_over, turn_over]
    closed_at = min((at for at in closers if at is not None), default=None)
    _settle_end(agent, notes, call, closed_at, going)
    _settle_times(agent, notes["waited"])


def settle_repeats(agent: Json, notes: Json, newest: Json | None) -> None:
    """Derive whether the agent makes the same call again and again."""
    agent["repeats"] = recent.repeats(notes)
    named = newest is not None and agent["repeats"] > 1
    agent["repeated"] = f"{newest['tool_name']}: {newest['detail']}" if named and newest else ""


def settle_main(
    agent: Json,
    notes: Json,
    last_turn: Json | None,
    session: Json,
    session_over: int | None,
    going: str,
) -> None:
    """Derive the main agent's document: it works when a turn does, and its times are theirs."""
    agent["started_at"] = next((at for at in notes["since"] if at is not None), None)
    agent["acted_at"] = heard_at(notes) or None
    if last_turn is not None:
        agent["status"], agent["ended_at"] = last_turn["status"], last_turn["ended_at"]
        agent["error"], agent["answer"] = last_turn["error"], last_turn["answer"]
        agent["prompt_id"] = last_turn["prompt_id"]
    else:
        agent["status"] = going if session_over is None else "interrupted"
        agent["ended_at"] = session_over
    agent["waited_us"], agent["busy_us"] = session["waited_us"], session["busy_us"]
    took = session["waited_us"] + session["busy_us"]
    agent["duration_us"] = None if agent["ended_at"] is None else took


def closure(agent: Json, notes: Json, begun: int) -> tuple[str, int] | None:
    """Return how and when an open call, made at `begun`, ended with the agent; None if it is on."""
    over = [(end.at, end.status) for end in map(as_end, notes["ends"])]
    if agent["ended_at"] is not None:
        over.append((agent["ended_at"], agent["status"]))
    ends = [end for end in over if end[0] >= begun]
    if not ends:
        return None
    at, status = min(ends)
    return ("interrupted" if status == "interrupted" else "unknown"), at


def _begins_work(event: Event) -> bool:
    """Tell whether an agent that had come to its end goes on with this."""
    if event.kind == "transcript.assistant":
        return bool(event.tool_use_id)
    if event.kind == "transcript.user":
        return not event.tool_use_id and not event.data().get("isMeta") and end_in(event) is None
    return event.kind in ("SubagentStart", "PreToolUse")


def _settle_end(
    agent: Json, notes: Json, call: Json | None, closed_at: int | None, going: str
) -> None:
    begun = notes["acted"]
    end = choose(notes["ends"], begun)
    by_call = _end_of_call(call, begun)
    if end is not None:
        status = worse(end.status, by_call[0]) if by_call else end.status
        agent["status"], agent["ended_at"] = status, end.at
    elif by_call is not None:
        agent["status"], agent["ended_at"] = by_call
    elif notes["reported"] is not None and notes["reported"][0] >= begun:
        agent["ended_at"], agent["status"] = notes["reported"]
    elif closed_at is not None:
        agent["status"], agent["ended_at"] = "interrupted", closed_at
    else:
        agent["status"], agent["ended_at"] = going, None
    said = end.text if end is not None else ""
    agent["error"] = said if agent["status"] == "error" else ""
    if agent["status"] == "error" and not said and call is not None:
        agent["error"] = call["error"]
    agent["answer"] = said if agent["status"] == "ok" else ""


def _end_of_call(call: Json | None, begun: int) -> tuple[str, int] | None:
    """Return how the call that waits for the agent ended; a launch is not an end."""
    if call is None or call["ended_at"] is None or call["basis"].get("launched"):
        return None
    if call["status"] in ("running", "denied") or call["ended_at"] < begun:
        return None
    return call["status"], call["ended_at"]


def _settle_times(agent: Json, waited: int) -> None:
    started, ended = agent["started_at"], agent["ended_at"]
    if started is None or ended is None:
        agent["duration_us"], agent["busy_us"], agent["waited_us"] = None, None, waited
        return
    agent["duration_us"] = max(0, ended - started)
    agent["waited_us"] = min(waited, agent["duration_us"])
    agent["busy_us"] = agent["duration_us"] - agent["waited_us"]


def max_of(one: Any, other: Any) -> Any:
    """Return the greater of two values of a kind, of which either may be missing."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
