"""Agents: the main one of each session and the subagents it hands work to.

A subagent's hooks carry its id, but not which tool call started it. Until that call's result names
the agent, the oldest unanswered call for the same agent type is taken for it.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.facts import ToolEnd, ToolStart
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event, one_line
from claude_mpm_monitor.model.tools import AGENT_TOOLS

TOPIC = "agent"
#: Calls that hand work to an agent whose id is not known yet, for each session; not shown.
CALLS = "_agent_calls"


def ensure(event: Event, agent_id: str, documents: Documents) -> tuple[Json, bool]:
    """Return the agent's document and whether it is new."""
    found = documents.get(TOPIC, _key(event, agent_id))
    if found is not None:
        return found, False
    agent: Json = {
        "session_id": event.session_id,
        "agent_id": agent_id,
        "agent_type": "" if agent_id else "main",
        "description": "",
        "parent_agent_id": None,
        "tool_use_id": "",
        "status": "running",
        "started_at": event.at,
        "ended_at": None,
        "duration_us": None,
        "tool_calls": 0,
        "errors": 0,
        "answer": "",
        "background": False,
    }
    return agent, True


def save(agent: Json, documents: Documents) -> None:
    """Store the agent's document."""
    key = f"{agent['session_id']}/{agent['agent_id']}"
    documents.put(TOPIC, key, agent, session_id=agent["session_id"], agent_id=agent["agent_id"])


def note_activity(event: Event, documents: Documents) -> bool:
    """Record that an agent did something; True when it was not known before."""
    agent, new = ensure(event, event.agent_id, documents)
    if not new and not (agent["status"] != "running" and event.kind == "PreToolUse"):
        return False
    agent_type = _text(event.data().get("agent_type"))
    if event.agent_id and agent_type:
        agent["agent_type"] = agent_type
    if agent["agent_id"] and not agent["tool_use_id"]:
        _guess_call(event, agent, documents)
    agent["status"], agent["ended_at"], agent["duration_us"] = "running", None, None
    save(agent, documents)
    return new


def note_stop(event: Event, documents: Documents, status: str) -> bool:
    """Record that a subagent came to its end; True when it was not known before.

    Compaction reports the end of an agent without a type that never started: that is none.
    """
    data = event.data()
    known = documents.get(TOPIC, _key(event, event.agent_id)) is not None
    if not event.agent_id or (not known and not _text(data.get("agent_type"))):
        return False
    agent, new = ensure(event, event.agent_id, documents)
    agent["agent_type"] = _text(data.get("agent_type")) or agent["agent_type"]
    agent["answer"] = one_line(data.get("last_assistant_message"), 2_000) or agent["answer"]
    _finish(agent, event, status)
    save(agent, documents)
    return new


def note_call(event: Event, fact: ToolStart, documents: Documents) -> None:
    """Remember a call that hands work to an agent, so that the agent can be told its origin."""
    if fact.tool_name not in AGENT_TOOLS:
        return
    given = fact.tool_input if isinstance(fact.tool_input, dict) else {}
    calls = _calls(event, documents)
    calls.setdefault(
        fact.tool_use_id,
        {
            "type": _text(given.get("subagent_type")),
            "description": one_line(given.get("description")),
            "background": given.get("run_in_background") is True,
            "parent": event.agent_id,
        },
    )
    documents.put(CALLS, event.session_id, calls)


def note_result(event: Event, call: Json, fact: ToolEnd, documents: Documents) -> bool:
    """Take the agent's id out of the result of the call that started it; True when it is new."""
    tool_name = call["tool_name"]
    if tool_name not in AGENT_TOOLS and (tool_name or not _names_agent(fact.response)):
        return False
    if fact.evidence == "batch":
        # It repeats a result in other words, in which a launch looks like an end.
        return False
    agent_id = _text(fact.response.get("agentId")) if isinstance(fact.response, dict) else ""
    if not agent_id:
        agent_id = _agent_of_call(event, fact.tool_use_id, documents)
    if not agent_id:
        return False
    agent, new = ensure(event, agent_id, documents)
    _link(event, agent, fact.tool_use_id, documents)
    launched = isinstance(fact.response, dict) and fact.response.get("status") == "async_launched"
    if launched:
        agent["background"] = True
    elif agent["status"] == "running" or fact.status in ("error", "interrupted"):
        _finish(agent, event, fact.status)
    save(agent, documents)
    return new


def close_running(event: Event, documents: Documents, agent_ids: list[str], status: str) -> None:
    """End the agents that nothing else will end any more."""
    for agent_id in agent_ids:
        agent, new = ensure(event, agent_id, documents)
        if not new and agent["status"] == "running":
            _finish(agent, event, status)
            save(agent, documents)


def is_in_background(event: Event, agent_id: str, documents: Documents) -> bool:
    """Tell whether the agent goes on when its session's turn is over."""
    agent = documents.get(TOPIC, _key(event, agent_id))
    return agent is not None and bool(agent["background"])


def note_meta(event: Event, documents: Documents) -> bool:
    """Take over what Claude Code itself wrote down about an agent; True when it was not known."""
    data = event.data()
    agent, new = ensure(event, event.agent_id, documents)
    agent["agent_type"] = _text(data.get("agentType")) or agent["agent_type"]
    agent["description"] = one_line(data.get("description")) or agent["description"]
    agent["tool_use_id"] = _text(data.get("toolUseId")) or agent["tool_use_id"]
    agent["parent_agent_id"] = _text(data.get("parentAgentId"))
    save(agent, documents)
    return new


def _finish(agent: Json, event: Event, status: str) -> None:
    agent["status"] = status
    agent["ended_at"] = event.at
    agent["duration_us"] = max(0, event.at - agent["started_at"])


def _guess_call(event: Event, agent: Json, documents: Documents) -> None:
    calls = _calls(event, documents)
    for tool_use_id, call in calls.items():
        if not call.get("agent_id") and call["type"] in ("", agent["agent_type"]):
            _link(event, agent, tool_use_id, documents)
            return


def _link(event: Event, agent: Json, tool_use_id: str, documents: Documents) -> None:
    calls = _calls(event, documents)
    call = calls.get(tool_use_id)
    if call is None:
        agent["tool_use_id"] = agent["tool_use_id"] or tool_use_id
        return
    for other in calls.values():
        if other.get("agent_id") == agent["agent_id"]:
            other["agent_id"] = ""
    call["agent_id"] = agent["agent_id"]
    agent["tool_use_id"] = tool_use_id
    agent["description"] = call["description"]
    agent["agent_type"] = agent["agent_type"] or call["type"]
    agent["parent_agent_id"] = call["parent"]
    agent["background"] = call["background"]
    documents.put(CALLS, event.session_id, calls)


def _agent_of_call(event: Event, tool_use_id: str, documents: Documents) -> str:
    return str(_calls(event, documents).get(tool_use_id, {}).get("agent_id", ""))


def _calls(event: Event, documents: Documents) -> Json:
    return documents.get(CALLS, event.session_id) or {}


def _names_agent(response: Any) -> bool:
    return isinstance(response, dict) and isinstance(response.get("agentId"), str)


def _key(event: Event, agent_id: str) -> str:
    return f"{event.session_id}/{agent_id}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
