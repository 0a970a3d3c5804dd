"""SessionLanes: a session's turns, agents and tool calls."""

from __future__ import annotations

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.timeline.agent_tree import Agents
from claude_mpm_monitor.reporting.timeline.lane import Lane
from claude_mpm_monitor.reporting.timeline.shown import ShownLane
from claude_mpm_monitor.reporting.timeline.spans import Told
from claude_mpm_monitor.reporting.timeline.told import bar, told
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.timeline_rows import TimelineRow, TimelineRows

#: What goes on at the same time in one lane is below one another, in so many rows at most.
ROWS = 8


class _Group:
    """The bars of an agent (of the main one: turns) or of several, and their calls below."""

    __slots__ = ("bars", "calls")

    def __init__(self, bars: list[Told], calls: list[Told]) -> None:
        self.bars = Lane(ROWS, bars)
        self.calls = Lane(ROWS, calls)

    def began(self) -> int:
        """Return when the first of it began."""
        extents = [lane.extent() for lane in (self.bars, self.calls)]
        return min((extent[0] for extent in extents if extent is not None), default=0)


class SessionLanes:
    """Kept between questions, and brought up to date by `refresh`. One thread at a time."""

    def __init__(self, query: Query, session_id: str) -> None:
        self._query, self._rows, self._id = query, TimelineRows(query), session_id
        self._seqs = self._last_seqs()
        self._agents = Agents(self._read_agents())
        bars: dict[str, list[Told]] = {
            "": [told(row) for row in self._rows.all("turn", session_id)]
        }
        for agent_id, value in self._agents.values.items():
            span = bar(f"{session_id}/{agent_id}", value) if agent_id else None
            if span is not None:
                bars.setdefault(self._agents.group_of(agent_id), []).append(span)
        calls: dict[str, list[Told]] = {}
        #: The group a call is in.
        self._of: dict[str, str] = {}
        groups: dict[str, str] = {}
        for row in self._rows.all("tool_call", session_id):
            key, _, agent_id, *_ = row
            group = groups.get(agent_id)
            if group is None:
                group = groups[agent_id] = self._agents.group_of(agent_id)
                calls.setdefault(group, [])
            self._of[key] = group
            calls[group].append(told(row))
        self._groups = {
            name: _Group(bars.get(name, []), calls.get(name, [])) for name in {*bars, *calls}
        }
        self._order = self._ordered()

    def __len__(self) -> int:
        return len(self._of)

    def refresh(self) -> bool:
        """Take in what changed; False when it has to be read anew."""
        seqs = self._last_seqs()
        if any(seqs[topic] < seq for topic, seq in self._seqs.items()):
            return False  # another store, or the session was given up
        changed = {topic: seq for topic, seq in self._seqs.items() if seqs[topic] > seq}
        if not changed:
            return True
        if "agent" in changed:
            was = self._agents
            self._agents = Agents(self._read_agents())
            if self._agents.regrouped(was):
                return False
            self._put_agents()
        if "turn" in changed:
            rows, gone = self._rows.since("turn", self._id, changed["turn"])
            for row in rows:
                self._groups[""].bars.put(told(row))
            for _, key in gone:
                self._groups[""].bars.remove(key)
        if "tool_call" in changed:
            rows, gone = self._rows.since("tool_call", self._id, changed["tool_call"])
            for row in rows:
                self._put(row)
            for _, key in gone:
                self._remove(key)
        self._order, self._seqs = self._ordered(), seqs
        return True

    def extent(self) -> tuple[int, int] | None:
        """Return when the first span begins and the last one ends, None without any."""
        lanes = [lane for group in self._groups.values() for lane in (group.bars, group.calls)]
        extents = [extent for lane in lanes if (extent := lane.extent()) is not None]
        if not extents:
            return None
        return min(first for first, _ in extents), max(last for _, last in extents)

    def shown(self, since: int, until: int, level: int, depth: int = 0) -> list[ShownLane]:
        """Return the lanes of the agents that do something then, parents before children."""
        lanes = []
        for name, below in self._order:
            group = self._groups.get(name)
            if group is None:
                continue
            bars, _ = group.bars.between(since, until, level)
            calls, waits = group.calls.between(since, until, level)
            if not bars and not calls:
                continue
            first = max(1, group.bars.rows())
            critical = self._is_critical(name)
            lanes.append(
                ShownLane(
                    session_id=self._id,
                    depth=depth + below,
                    topic="agent" if name else "turn",
                    bars=bars,
                    calls=calls,
                    waits=waits,
                    above=first,
                    rows=first + group.calls.rows(),
                    critical=critical,
                    **self._agents.about(name),
                )
            )
        return lanes

    def _last_seqs(self) -> dict[str, int]:
        topics = ("turn", "tool_call", "agent")
        return {topic: self._rows.last_seq(topic, self._id) for topic in topics}

    def _read_agents(self) -> list[Json]:
        found = self._query.every_document("agent", session_id=self._id)
        return [document.value for document in found]

    def _put_agents(self) -> None:
        for agent_id, value in self._agents.values.items():
            span = bar(f"{self._id}/{agent_id}", value) if agent_id else None
            if span is not None:
                self._group(self._agents.group_of(agent_id)).bars.put(span)

    def _group(self, name: str) -> _Group:
        found = self._groups.get(name)
        if found is None:
            found = self._groups[name] = _Group([], [])
        return found

    def _put(self, row: TimelineRow) -> None:
        key, _, agent_id, *_ = row
        name = self._agents.group_of(agent_id)
        if self._of.get(key, name) != name:
            self._remove(key)
        self._of[key] = name
        self._group(name).calls.put(told(row))

    def _remove(self, key: str) -> None:
        name = self._of.pop(key, None)
        if name is not None:
            self._groups[name].calls.remove(key)

    def _ordered(self) -> list[tuple[str, int]]:
        began = {name: group.began() for name, group in self._groups.items()}
        return self._agents.ordered(began)

    def _is_critical(self, name: str) -> bool:
        """Whether those who called the agent waited for it, and nothing kept them longer."""
        for parent, tool_use_id in self._agents.calls_above(name):
            group = self._groups.get(parent)
            call = group.calls.span(f"{self._id}/{tool_use_id}") if group else None
            if call is None or not call.critical:
                return False
        return self._agents.waited_for(name)
