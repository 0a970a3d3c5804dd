"""Agents of a session: which lane each is in, and in what order lanes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from claude_mpm_monitor.model.analyzer import Json

#: Sessions with more have a lane for each type of agents instead of one for each.
MOST_AGENTS = 60
_TYPE = "type/"


class Agents:
    """The agents' documents. A lane is named by its agent's id, "" for the main one."""

    def __init__(self, values: list[Json]) -> None:
        self.values: dict[str, Json] = {value["agent_id"]: value for value in values}
        self._shared = len(values) > MOST_AGENTS
        types = {self._type(agent_id) for agent_id in self.values}
        self._by_type = len(types) <= MOST_AGENTS
        self._sizes: dict[str, int] = {}
        for agent_id in self.values:
            group = self.group_of(agent_id)
            self._sizes[group] = self._sizes.get(group, 0) + 1

    def group_of(self, agent_id: str) -> str:
        """Return the lane of an agent, known or not."""
        if not agent_id or not self._shared:
            return agent_id
        return _TYPE + (self._type(agent_id) if self._by_type else "")

    def regrouped(self, before: Agents) -> bool:
        """Whether an agent is in another lane now."""
        return any(before.group_of(agent_id) != self.group_of(agent_id) for agent_id in self.values)

    def about(self, name: str) -> dict[str, Any]:
        """Return what a lane says of its agents."""
        if name.startswith(_TYPE):
            title = name.removeprefix(_TYPE) or "agents"
            told: dict[str, Any] = {"agent_id": None, "title": title, "detail": "", "status": ""}
            return {**told, "agents": self._sizes.get(name, 1)}
        value = self.values.get(name, {})
        return {
            "agent_id": name,
            "title": _title(name, str(value.get("agent_type") or "")),
            "detail": value.get("description", ""),
            "status": value.get("status", "unknown"),
        }

    def ordered(self, began: Mapping[str, int]) -> list[tuple[str, int]]:
        """Return lanes with their depth: parents before children, those by when they began."""
        children: dict[str, list[str]] = {}
        for name in began:
            if name:
                parent = self.values.get(name, {}).get("parent_agent_id") or ""
                parent = parent if parent in began and parent != name else ""
                children.setdefault(parent, []).append(name)
        order, waiting = [], [("", 0)]
        while waiting:
            name, depth = waiting.pop()
            order.append((name, depth))
            below = sorted(children.pop(name, ()), key=lambda one: (began[one], one), reverse=True)
            waiting += [(child, depth + 1) for child in below]
        # Some that name one another as parents.
        return order + [(name, 1) for names in children.values() for name in names]

    def calls_above(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield the calls that the agent's work was done for: their agent and tool use id."""
        seen = set()
        while name in self.values and name and name not in seen:
            seen.add(name)
            value = self.values[name]
            name = value["parent_agent_id"] or ""
            yield name, value["tool_use_id"]

    def waited_for(self, name: str) -> bool:
        """Whether those who called the agent, and those who called them, waited for it."""
        seen = set()
        while name:
            value = self.values.get(name)
            if value is None or value["background"] or name in seen:
                return False
            seen.add(name)
            name = value["parent_agent_id"] or ""
        return True

    def _type(self, agent_id: str) -> str:
        return str(self.values.get(agent_id, {}).get("agent_type") or "agent")


def _title(agent_id: str, kind: str) -> str:
    if agent_id:
        return kind or f"agent {agent_id[:8]}"
    return f"main ({kind})" if kind and kind != "main" else "main"
