"""Fitting: which tool calls and agents a query means, by themselves and by their events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from claude_mpm_monitor.search.calls import (
    OF_AGENTS,
    AboutCalls,
    about_calls,
    is_known_of_calls,
)
from claude_mpm_monitor.search.compiler import all_of, compile_query
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.language import All, Node
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.storage.document_indexes import few, narrowing_of
from claude_mpm_monitor.storage.document_reading import Reading
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.event_sources import IS_OF_CALL, looking
from claude_mpm_monitor.storage.event_spans import Spans
from claude_mpm_monitor.storage.rows import Read

#: So many events lead to their calls faster than all calls, one after another, to their events.
FEW_EVENTS = 20_000
_OF_FEW_CALLS = (
    "SELECT DISTINCT session_id, agent_id FROM documents AS call NOT INDEXED "
    "WHERE rowid IN (SELECT value FROM json_each(?)) AND {}"
)
_HAS_CALL = (
    "EXISTS (SELECT 1 FROM (SELECT call.session_id AS session_id, call.agent_id AS agent_id) "
    "AS agent CROSS JOIN documents AS call INDEXED BY tool_calls_by_agent "
    "WHERE call.topic = 'tool_call' AND call.session_id = agent.session_id "
    "AND call.agent_id = agent.agent_id AND {})"
)


class FittingAgents(NamedTuple):
    """Agents (`documents AS call`) of which some call fits a query.

    `of_calls` gives the selection of the session_id and agent_id of such calls, which is looked
    for then; `has_call` is the condition that an agent has one, None where there are few of them.
    """

    of_calls: Callable[[], Sql]
    has_call: Sql | None


class FittingCalls(NamedTuple):
    """A query about tool calls (`documents AS call`).

    `has_event` is the condition that some event of a call fits what is not asked of the call
    itself; `are_few`: there are few such events.
    """

    about: AboutCalls
    has_event: Sql
    are_few: bool


def fitting_calls(wanted: EventFilter, read: Read) -> FittingCalls:
    """Return a query taken apart for tool calls; raises QueryError."""
    now = datetime.now().astimezone()
    about = about_calls(parse(wanted.text), now)
    if about.rest == All():
        return FittingCalls(about, ("true", []), are_few=False)
    fits = looking(wanted, compile_query(about.rest, now))
    event = f"SELECT 1 FROM events WHERE {IS_OF_CALL.format('events')} AND {fits[0]}"
    are_few = Spans(wanted, (), 0, read).estimate(fits) < FEW_EVENTS
    return FittingCalls(about, (f"EXISTS ({event})", fits[1]), are_few)


def about_agents(text: str) -> AboutCalls:
    """Return a query taken apart for agents (`documents AS call`, as it is for calls): what is not
    asked of the agent itself is asked of its events. Raises QueryError."""
    return about_calls(parse(text), datetime.now().astimezone(), OF_AGENTS)


def agents_with_calls(wanted: EventFilter, node: Node, read: Read) -> FittingAgents | None:
    """Return how to find agents by their calls, None where calls do not know all that is asked."""
    if not is_known_of_calls(node):
        return None
    about = about_calls(node, datetime.now().astimezone())
    rowids = few(about.bounds, read)
    if rowids is not None:
        where, values = all_of([about.where, ("? IN ('', session_id)", [wanted.session_id])])
        listed = msgspec.json.encode(rowids).decode()
        return FittingAgents(lambda: (_OF_FEW_CALLS.format(where), [listed, *values]), None)
    # In the words of the index of an agent's calls, which has their status, too.
    indexed = [narrowing_of(bound, read) for bound in about.bounds if not bound.by_pattern]
    parts: list[Sql] = [(one.condition, list(one.values)) for one in indexed]
    where, values = all_of([*parts, about.where])

    def of_calls() -> Sql:
        reading = Reading("tool_call", wanted.session_id)
        reading.keep_to(about, read)
        return reading.agents(read)

    return FittingAgents(of_calls, (_HAS_CALL.format(where), values))
