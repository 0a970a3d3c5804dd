"""Timeline: answers what went on in a window of time, in no more spans than can be looked at."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.timeline.all_lanes import AllLanes
from claude_mpm_monitor.reporting.timeline.counters import Counters
from claude_mpm_monitor.reporting.timeline.lane import Wait
from claude_mpm_monitor.reporting.timeline.session_lanes import SessionLanes
from claude_mpm_monitor.reporting.timeline.shown import ShownLane
from claude_mpm_monitor.reporting.timeline.spans import OPEN, Span
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.timeline_rows import TimelineRows

#: Spans and waits in an answer; more are merged further.
MOST_SPANS = 4_000
#: Lanes of sessions in an answer.
MOST_SESSIONS = 250
#: So few sessions in a window of at most so long (µs) are shown with their agents.
DETAILED, DETAILED_US = 5, 2 * 3_600_000_000
#: Tool calls of sessions that are kept in memory beside those of the last one asked about.
KEPT_CALLS, KEPT_SESSIONS = 100_000, 12
#: Pixels of a step of the counters.
_STEP_PIXELS = 4
_COARSEST = 55


class Window(NamedTuple):
    """From when to when (µs, None: all there is), and the pixels to show it on."""

    since: int | None
    until: int | None
    width: int


class Timeline:
    """Reads what it is asked about into memory, and then what changed. Any thread.

    Kept: the sessions asked about last, bounded by their tool calls; all sessions' turns.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, SessionLanes] = OrderedDict()
        self._counters: OrderedDict[tuple[str, str], Counters] = OrderedDict()
        self._all: AllLanes | None = None

    def window(self, now: int, window: Window, session_id: str = "", project: str = "") -> Json:
        """Return the spans of a session, or of all or a project's, at `now` (µs)."""
        with self._lock:
            if session_id:
                return self._of_session(now, window, session_id)
            return self._of_all(now, window, project)

    def _of_session(self, now: int, window: Window, session_id: str) -> Json:
        lanes = self._session(session_id)
        since, until, extent, live = _bounds(window, lanes.extent(), now)
        level = _level(since, until, window.width)
        shown = lanes.shown(since, until, level)
        while _size(shown) > MOST_SPANS and level < _COARSEST:
            level += _coarser(shown)
            shown = lanes.shown(since, until, level)
        step = 1 << (_level(since, until, window.width) + _STEP_PIXELS.bit_length() - 1)
        counters = self._counter(session_id).steps(since, until, step)
        return _answer(since, until, extent, live, level, shown, 0, counters)

    def _of_all(self, now: int, window: Window, project: str) -> Json:
        if self._all is None or not self._all.refresh():
            self._all = AllLanes(self._query)
        everything = self._all
        since, until, extent, live = _bounds(window, everything.extent(project), now)
        level = _level(since, until, window.width)
        while True:
            shown, more = everything.shown(project, since, until, level, MOST_SESSIONS)
            if len(shown) <= DETAILED and until - since <= DETAILED_US:
                lanes = [self._detailed(lane, since, until, level) for lane in shown]
                shown = list(chain.from_iterable(lanes))
            if _size(shown) <= MOST_SPANS or level == _COARSEST:
                break
            level = min(_COARSEST, level + _coarser(shown))
        step = 1 << (_level(since, until, window.width) + _STEP_PIXELS.bit_length() - 1)
        counters = self._counter("", project, everything).steps(since, until, step)
        return _answer(since, until, extent, live, level, shown, more, counters)

    def _detailed(self, lane: ShownLane, since: int, until: int, level: int) -> list[ShownLane]:
        below = self._session(lane.session_id).shown(since, until, level, depth=1)
        # The main agent's turns are the session's.
        for each in below:
            if each.agent_id == "":
                each.bars, each.above, each.rows = [], 0, each.rows - each.above
        return [lane, *(each for each in below if each.rows)]

    def _session(self, session_id: str) -> SessionLanes:
        known = self._sessions.pop(session_id, None)
        if known is None or not known.refresh():
            known = SessionLanes(self._query, session_id)
        self._sessions[session_id] = known
        others = sum(map(len, self._sessions.values())) - len(known)
        while others > KEPT_CALLS or len(self._sessions) > KEPT_SESSIONS:
            _, dropped = self._sessions.popitem(last=False)
            others -= len(dropped)
        return known

    def _counter(
        self, session_id: str, project: str = "", everything: AllLanes | None = None
    ) -> Counters:
        place = (session_id, project)
        known = self._counters.pop(place, None)
        if known is None or not known.refresh():
            belongs = partial(everything.is_of, project) if everything and project else None
            known = Counters(TimelineRows(self._query), session_id, belongs)
        self._counters[place] = known
        while len(self._counters) > KEPT_SESSIONS:
            self._counters.popitem(last=False)
        return known


def _bounds(
    window: Window, extent: tuple[int, int] | None, now: int
) -> tuple[int, int, tuple[int, int] | None, bool]:
    """Return the window in full, what there is in all, and whether it
    goes on; what runs has lasted until `now`."""
    live = extent is not None and extent[1] >= OPEN
    if extent is not None and live:
        extent = (extent[0], max(extent[0], now))
    first, last = extent or (now - 1, now)
    since = first if window.since is None else window.since
    until = last + 1 if window.until is None else window.until
    return since, max(since + 1, until), extent, live


def _level(since: int, until: int, width: int) -> int:
    return max(1, (until - since) // width).bit_length() - 1


def _size(lanes: list[ShownLane]) -> int:
    return sum(len(lane.bars) + len(lane.calls) + len(lane.waits) for lane in lanes)


def _coarser(lanes: list[ShownLane]) -> int:
    """Return by how many levels they have to be merged further, or fewer."""
    return max(1, (_size(lanes) // MOST_SPANS).bit_length() - 1)


def _answer(
    since: int,
    until: int,
    extent: tuple[int, int] | None,
    live: bool,
    level: int,
    lanes: list[ShownLane],
    more: int,
    counters: Json | None,
) -> Json:
    return {
        "from": since,
        "to": until,
        "extent": extent and {"from": extent[0], "to": extent[1], "live": live},
        "resolution": 1 << level,
        "lanes": [_lane(lane) for lane in lanes],
        "more_sessions": more,
        "counters": counters,
    }


def _lane(lane: ShownLane) -> dict[str, Any]:
    return {
        "session_id": lane.session_id,
        "agent_id": lane.agent_id,
        "depth": lane.depth,
        "title": lane.title,
        "detail": lane.detail,
        "status": lane.status,
        "agents": lane.agents,
        "rows": lane.rows,
        "spans": [
            *_spans(lane.bars, lane.topic, 0, critical=False),
            *_spans(lane.calls, "tool_call", lane.above, critical=lane.critical),
        ],
        "waits": [_wait(wait, lane.above) for wait in lane.waits],
    }


def _spans(
    spans: list[Span], topic: str, above: int, *, critical: bool
) -> Iterator[tuple[object, ...]]:
    for start, end, row, status, number, name, key, is_critical in spans:
        until = None if end >= OPEN else end
        yield start, until, row + above, topic, status, number, name, key, critical and is_critical


def _wait(wait: Wait, above: int) -> tuple[object, ...]:
    until = None if wait.until >= OPEN else wait.until
    return (wait.since, until, wait.row + above, wait.kind, wait.estimated)
