"""Fitting: which tool calls and agents a query means, by themselves and by their events."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from claude_mpm_monitor.search.calls import OF_AGENTS, AboutCalls, about_calls
from claude_mpm_monitor.search.compiler import compile_query
from claude_mpm_monitor.search.fields import Sql
from claude_mpm_monitor.search.language import All, Node
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.storage.document_reading import Reading
from claude_mpm_monitor.storage.event_filter import EventFilter
from claude_mpm_monitor.storage.event_sources import IS_OF_CALL, KNOWN_OF_CALLS, looking
from claude_mpm_monitor.storage.event_spans import Spans
from claude_mpm_monitor.storage.rows import Read

#: So many events lead to their calls faster than all calls, one after another, to their events.
FEW_EVENTS = 20_000


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


def calls_that_fit(wanted: EventFilter, node: Node, read: Read) -> Sql | None:
    """Return the selection of the session_id and agent_id of calls that fit a query, None where
    an index does not lead to them or calls do not know all that is asked."""
    about = about_calls(node, datetime.now().astimezone())
    if about.rest != All() or not any(bound.field in KNOWN_OF_CALLS for bound in about.bounds):
        return None
    reading = Reading("tool_call", wanted.session_id)
    reading.keep_to(about, read)
    return reading.agents(read)
