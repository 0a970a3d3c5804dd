"""What sessions, agents, turns, models, projects, days, tools and commits cost.

Sums that are kept ready are read; others (an agent on some days, say) are added up from the
requests. Sessions, agents and turns include what they share with a fork; all others, and the total,
count every call once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

import msgspec

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.event import LATEST_AT
from claude_mpm_monitor.reporting.commits import by_commit
from claude_mpm_monitor.reporting.days import Zone, day_at, day_span, same_day, zone_of
from claude_mpm_monitor.reporting.figures import figures_of
from claude_mpm_monitor.reporting.tool_costs import by_tool
from claude_mpm_monitor.storage import request_rollups
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.request_sums import Chosen, Group, added_up
from claude_mpm_monitor.storage.usage_documents import dearest

#: What costs can be asked by → the fields that name a row.
BY = {
    "session": ("session_id",),
    "agent": ("session_id", "agent_id"),
    "turn": ("session_id", "prompt_id"),
    "agent_type": ("agent_type",),
    "model": ("model",),
    "project": ("project",),
    "day": ("day",),
    "tool": ("tool_name",),
    "commit": ("session_id", "sha"),
}
#: These count a call for every session that has it.
_SHARING = ("session", "agent", "turn")
#: Sums by UTC's days are kept of these.
_BY_DAY = ("day", "model")
Names = tuple[str, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. Days are ISO dates by `clock`, both included; "" leaves that end open."""

    by: str
    session_id: str = ""
    project: str = ""
    first_day: str = ""
    last_day: str = ""
    clock: str = ""

    @property
    def zone(self) -> Zone:
        """The zone that `clock` names, "" being UTC. Raises ValueError with a sentence."""
        return zone_of(self.clock)

    @property
    def span(self) -> tuple[int, int] | None:
        """The time asked about, from the first microsecond to before the second; None: all."""
        if self.every_day:
            return None
        start = day_span(self.first_day, self.zone)[0] if self.first_day else 0
        return start, day_span(self.last_day, self.zone)[1] if self.last_day else LATEST_AT

    @property
    def every_day(self) -> bool:
        """Whether no day is left out."""
        return not (self.first_day or self.last_day)

    @property
    def ready(self) -> bool:
        """Whether sums by day, which are kept by UTC, can answer."""
        days = self.by == "day" or not self.every_day
        return not (self.session_id or self.project or (days and self.zone is not UTC))

    @property
    def is_of_documents(self) -> bool:
        """Whether there is a document for each row, for the sums it needs are kept."""
        return self.by in _SHARING and self.every_day

    def includes(self, day: str) -> bool:
        """Tell whether a day is asked about."""
        return self.first_day <= day and (not self.last_day or day <= self.last_day)


class CostReport(msgspec.Struct, frozen=True, kw_only=True):
    """Rows, the dearest first (days: the latest), how many more there are, and what all calls asked
    about come to."""

    rows: list[Json]
    left_out: int
    total: Json


def costs(query: Query, question: Question, most: int = sys.maxsize) -> CostReport:
    """Answer a question about costs with so many rows at most.

    Rows have the fields of their kind, then the sums.
    """
    with query.at_one_moment():
        return _costs(query, question, most)


def _costs(query: Query, question: Question, most: int) -> CostReport:
    if question.is_of_documents:
        kept, count = dearest(query.read, question.by, question.session_id, question.project, most)
        names = BY[question.by]
        rows = _grouped(names, ((tuple(value[name] for name in names), value) for value in kept))
        total = _total(query, question, rows if count == len(rows) else None)
        return CostReport(rows=rows, left_out=count - len(rows), total=total)
    projects = _projects(query) if question.by == "project" or question.project else {}
    if question.by == "tool":
        rows = _by_tool(query, question)
    elif question.by == "commit":
        commits = query.every_document("commit", session_id=question.session_id)
        made = (found.value for found in commits)
        rows = by_commit(_calls(query, question, projects), made, question.session_id)
    else:
        rows = _grouped(BY[question.by], _parts(query, question, projects))
    found = [row for row in rows if row["calls"]]
    if question.by == "day":
        found.sort(key=lambda row: str(row["day"]), reverse=True)
    else:
        found.sort(key=lambda row: (-row["cost"]["total"], -row["calls"]))
    total = _total(query, question, found)
    return CostReport(rows=found[:most], left_out=max(0, len(found) - most), total=total)


def _parts(
    query: Query, question: Question, projects: dict[str, str]
) -> Iterator[tuple[Names, Json]]:
    """Yield what is to be added up, each with the names of its row."""
    names = BY[question.by]
    if question.ready and question.by in _BY_DAY:
        for value in _by_day(query, question):
            yield tuple(value[name] for name in names), value
    else:
        yield from _from_requests(query, question, projects)


def _from_requests(
    query: Query, question: Question, projects: dict[str, str]
) -> Iterator[tuple[Names, Json]]:
    if question.by == "turn":  # which turn it is depends on the session: only documents say
        for call in _calls(query, question, projects):
            for session_id in call["seen_in"]:
                if _fits(session_id, question, projects):
                    yield (session_id, call["turns"].get(session_id, "")), sums.of_call(call)
        return
    if question.by == "agent_type":
        for group in request_rollups.by_agent_type(query.read, _chosen(question)):
            yield group.names, figures_of(group)
        return
    groups: dict[tuple[Any, ...], Group] = {}
    for group in added_up(query.read, _columns(question), _chosen(question)):
        names = _names_of(question, group.names, projects)
        key = (names, group.evidence, group.unpriced)
        groups[key] = group.plus(groups.get(key))
    for (names, *_), group in groups.items():
        yield names, figures_of(group)


#: What requests are added up by → the columns, in SQL.
_GROUPS = {
    "session": ("holder",),
    "agent": ("holder", "agent_id"),
    "model": ("model",),
    "project": ("owner",),
}


def _columns(question: Question) -> tuple[str, ...]:
    return (same_day(question.zone),) if question.by == "day" else _GROUPS[question.by]


def _names_of(question: Question, names: tuple[Any, ...], projects: dict[str, str]) -> Names:
    """Return what a row is called; `projects` are those of sessions."""
    if question.by == "day":
        return (day_at(names[0], question.zone),)
    if question.by == "project":
        return (projects.get(names[0], ""),)
    return names


def _chosen(question: Question) -> Chosen:
    return Chosen(
        session_id=question.session_id,
        project=question.project,
        span=question.span,
        shared=bool(question.session_id) or question.by in _SHARING,
    )


def _calls(query: Query, question: Question, projects: dict[str, str]) -> Iterator[Json]:
    """Yield the documents of calls of which a holder fits."""
    for document in query.every_document(
        "api_call", session_id=question.session_id, via="_api_call_of", between=question.span
    ):
        call = document.value
        if call["same_as"]:
            continue
        sharing = question.session_id or question.by in _SHARING
        holders = call["seen_in"] if sharing else (call["session_id"],)
        if any(_fits(session_id, question, projects) for session_id in holders):
            yield call


def _by_tool(query: Query, question: Question) -> list[Json]:
    found = by_tool(request_rollups.by_tool(query.read, query.each, _chosen(question)))
    return [{"tool_name": name, **value, "estimate": True} for name, value in found.items()]


def _fits(session_id: str, question: Question, projects: dict[str, str]) -> bool:
    if question.session_id and session_id != question.session_id:
        return False
    return not question.project or projects.get(session_id, "") == question.project


def _by_day(query: Query, question: Question) -> Iterator[Json]:
    """Yield what models cost by UTC's days, of those asked about."""
    for document in query.every_document("usage", prefix="day_model/"):
        if question.includes(document.value["day"]):
            yield document.value


def _total(query: Query, question: Question, rows: list[Json] | None) -> Json:
    """Return what all calls come to, each of them once. Rows of one session, and those that no
    fork shares, have each of them in one row, if they are all there are (else None)."""
    total = sums.empty()
    of_owners = question.session_id or question.by not in _SHARING
    if question.ready:
        parts: Iterable[Json] = _by_day(query, question)
    elif rows is not None and question.by not in ("tool", "commit") and of_owners:
        parts = rows
    else:
        parts = map(figures_of, added_up(query.read, (), _chosen(question)))
    for value in parts:
        sums.merge(total, value)
    return total


def _grouped(names: Names, parts: Iterable[tuple[Names, Json]]) -> list[Json]:
    rows: dict[Names, Json] = {}
    for key, value in parts:
        if key not in rows:
            rows[key] = {**dict(zip(names, key, strict=True)), **sums.empty()}
        sums.merge(rows[key], value)
    return list(rows.values())


def _projects(query: Query) -> dict[str, str]:
    return dict(query.read("SELECT session, project FROM sessions"))
