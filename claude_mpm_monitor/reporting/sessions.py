"""Everything a person asks about one session, in one object."""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.context import context
from claude_mpm_monitor.reporting.shown import usd, with_usd
from claude_mpm_monitor.storage.query import Query


def session_report(query: Query, session_id: str) -> Json:
    """Return a session with its turns, agents, tools, files, usage, context, errors and sources.

    Agents come in the order of a tree, each with its `depth`; `usage` of the session has how it
    compares with Claude Code's own figures. `coverage` (what each source told) and `metrics` (what
    telemetry metered) are None where nothing is known.
    """
    session = query.document("session", session_id)
    coverage, metrics = (query.document(topic, session_id) for topic in ("coverage", "metrics"))
    errors = query.every_document("api_error", session_id=session_id)
    told = context(query, session_id)
    return {
        "session": {} if session is None else session.value,
        "turns": turns_of(query, session_id),
        "agents": list(_tree(_agents(query, session_id))),
        "tools": _tools(query, session_id),
        "files": [found.value for found in query.every_document("file", session_id=session_id)],
        "usage": session_usage(query, session_id),
        "api_errors": sorted((found.value for found in errors), key=lambda value: value["at"]),
        "coverage": None if coverage is None else coverage.value,
        "metrics": None if metrics is None else metrics.value,
        "context": {name: told[name] for name in ("largest", "last", "compactions")},
    }


def session_usage(query: Query, session_id: str) -> Json | None:
    """Return what a session used and cost, None when no call of it is known."""
    found = query.document("usage", f"session/{session_id}")
    if found is None:
        return None
    value = with_usd(found.value)
    value["models"] = {name: with_usd(model) for name, model in value["models"].items()}
    for field in ("reconciliation", "metering"):
        compared = value[field]
        if compared is not None:
            amounts = {name: usd(compared[name]) for name in ("stated", "difference")}
            value[field] = {**compared, "usd": amounts}
    return value


def _agents(query: Query, session_id: str) -> dict[str, Json]:
    agents: dict[str, Json] = {
        found.agent_id: {**found.value, "usage": None}
        for found in query.every_document("agent", session_id=session_id)
    }
    for found in query.every_document("usage", prefix=f"agent/{session_id}/"):
        agent_id = found.value["agent_id"]
        if not found.value["calls"]:
            continue
        agent = agents.setdefault(agent_id, {"agent_id": agent_id, "parent_agent_id": ""})
        agent["usage"] = with_usd(found.value)
    return agents


def _tree(agents: dict[str, Json]) -> Iterator[Json]:
    """Yield each agent after the one that started it; the main one first."""
    children: dict[str, list[str]] = {}
    for agent_id, agent in agents.items():
        parent = agent.get("parent_agent_id") or ""
        if agent_id:
            known = parent if parent in agents and parent != agent_id else ""
            children.setdefault(known, []).append(agent_id)
    waiting, seen = [("", 0)], set()
    while waiting:
        agent_id, depth = waiting.pop()
        if agent_id in seen:
            continue
        seen.add(agent_id)
        if agent_id in agents:
            yield {**agents[agent_id], "depth": depth}
        started = children.get(agent_id, [])
        started.sort(key=lambda name: -(agents[name].get("started_at") or 0))
        waiting += [(name, depth + 1) for name in started]


def _tools(query: Query, session_id: str) -> Json:
    """Count the session's tool calls: by tool, then by status."""
    tools: Json = {}
    for found in query.every_document("tool_call", session_id=session_id):
        statuses = tools.setdefault(found.value["tool_name"] or "unknown", {})
        status = found.value["status"]
        statuses[status] = statuses.get(status, 0) + 1
    return tools


def turns_of(query: Query, session_id: str) -> list[Json]:
    """Return the session's turns by when they began, each once."""
    found = (document.value for document in query.every_document("turn", session_id=session_id))
    return sorted(
        (value for value in found if not value["same_as"]),
        key=lambda value: value["started_at"] or 0,
    )


def tokens_of(values: Json) -> int:
    """Return all tokens of some sums, the cache included."""
    return sum(values[name] for name in sums.TOKENS)
