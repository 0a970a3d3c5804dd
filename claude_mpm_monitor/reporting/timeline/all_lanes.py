"""AllLanes: a lane for each session, with its turns."""

from __future__ import annotations

from typing import NamedTuple

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.timeline.lane import Lane
from claude_mpm_monitor.reporting.timeline.shown import ShownLane
from claude_mpm_monitor.reporting.timeline.spans import Told
from claude_mpm_monitor.reporting.timeline.told import told
from claude_mpm_monitor.storage.document import Document
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.timeline_rows import TimelineRows


class _Session(NamedTuple):
    """What a lane says of its session."""

    project: str
    title: str
    status: str
    last_at: int


class AllLanes:
    """Kept between questions, and brought up to date by `refresh`. One thread at a time."""

    def __init__(self, query: Query) -> None:
        self._query, self._rows = query, TimelineRows(query)
        self._seqs = {topic: self._rows.last_seq(topic, "") for topic in ("session", "turn")}
        self._sessions: dict[str, _Session] = {}
        for document in query.every_document("session"):
            self._note(document.value)
        turns: dict[str, list[Told]] = {}
        for row in self._rows.all("turn", ""):
            turns.setdefault(row[1], []).append(told(row))
        self._lanes = {session_id: Lane(1, spans) for session_id, spans in turns.items()}

    def refresh(self) -> bool:
        """Take in what changed; False when it has to be read anew."""
        seqs = {topic: self._rows.last_seq(topic, "") for topic in self._seqs}
        if any(seqs[topic] < seq for topic, seq in self._seqs.items()):
            return False
        if seqs["session"] > self._seqs["session"]:
            for document in self._changed_sessions():
                self._note(document.value)
        if seqs["turn"] > self._seqs["turn"]:
            rows, gone = self._rows.since("turn", "", self._seqs["turn"])
            for row in rows:
                self._lane(row[1]).put(told(row))
            for session_id, key in gone:
                self._lane(session_id).remove(key)
        self._seqs = seqs
        return self._rows.count("session") == len(self._sessions)

    def is_of(self, project: str, session_id: str) -> bool:
        """Whether a session is one of the project."""
        session = self._sessions.get(session_id)
        return session is not None and session.project == project

    def extent(self, project: str) -> tuple[int, int] | None:
        """Return when the first span begins and the last one ends, None without any."""
        extents = [
            extent
            for session_id, session in self._sessions.items()
            if (not project or session.project == project)
            and (extent := self._lane(session_id).extent()) is not None
        ]
        if not extents:
            return None
        return min(first for first, _ in extents), max(last for _, last in extents)

    def shown(
        self, project: str, since: int, until: int, level: int, limit: int
    ) -> tuple[list[ShownLane], int]:
        """Return the lanes of the sessions that do something then, the one heard of last first;
        and how many more there are than `limit`."""
        found = []
        for session_id, session in self._sessions.items():
            if project and session.project != project:
                continue
            lane = self._lane(session_id)
            extent = lane.extent()
            if extent is None or extent[0] >= until or extent[1] < since:
                continue
            found.append((session.last_at, session_id))
        found.sort(reverse=True)
        lanes = [self._shown(session_id, since, until, level) for _, session_id in found[:limit]]
        return [lane for lane in lanes if lane.bars], max(0, len(found) - limit)

    def _shown(self, session_id: str, since: int, until: int, level: int) -> ShownLane:
        session = self._sessions[session_id]
        spans, waits = self._lane(session_id).between(since, until, level)
        return ShownLane(
            session_id=session_id,
            agent_id=None,
            depth=0,
            title=session.title or f"Session {session_id[:8]}",
            detail=session.project.rstrip("/").rpartition("/")[2],
            status=session.status,
            topic="turn",
            bars=spans,
            waits=waits,
            above=0,
        )

    def _lane(self, session_id: str) -> Lane:
        found = self._lanes.get(session_id)
        if found is None:
            found = self._lanes[session_id] = Lane(1)
        return found

    def _note(self, value: Json) -> None:
        self._sessions[value["session_id"]] = _Session(
            value["project"] or "", value["title"], value["status"], value["last_at"] or 0
        )

    def _changed_sessions(self) -> list[Document]:
        found: list[Document] = []
        after, beyond = self._seqs["session"], ""
        while True:
            page = self._query.documents(
                "session", after=after, beyond_key=beyond, newest_first=False, limit=1_000
            )
            found += page
            if len(page) < 1_000:
                return found
            after, beyond = page[-1].seq, page[-1].key
