"""`mpm-monitor tail`."""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from claude_mpm_monitor.cli.output import clock, home_option, json_option, plain, print_json
from claude_mpm_monitor.cli.reading import find_session, open_query
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.storage.event_filter import MAX_LIMIT, EventFilter
from claude_mpm_monitor.storage.query import Query

POLL_SECONDS = 0.2
COLOURS = {
    "PostToolUseFailure": "red",
    "StopFailure": "red",
    "PermissionDenied": "yellow",
    "PermissionRequest": "yellow",
    "Notification": "yellow",
    "UserPromptSubmit": "cyan",
    "SessionStart": "green",
    "SessionEnd": "green",
    "SubagentStart": "magenta",
    "SubagentStop": "magenta",
}


@click.command(short_help="Print events, one a line, as they come.")
@click.option("--session", default="", help="Only this session; the first characters will do.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of event. May be repeated.")
@click.option("-n", "--lines", default=20, show_default=True, help="Begin with the last N events.")
@click.option("--follow/--no-follow", default=True, show_default=True, help="Wait for more.")
@click.option("--noise", is_flag=True, help="Also show events that only report on reporting.")
@home_option
@json_option
def command(
    session: str,
    kinds: tuple[str, ...],
    lines: int,
    follow: bool,
    noise: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Print the last events and then each new one as it is stored, until Ctrl-C.

    Reads the store itself, so it needs no running monitor. With --json each line is one event with
    its payload.
    """
    query = open_query(Config.from_environment(home=home))
    wanted = EventFilter(session_id=find_session(query, session), kinds=kinds, noise=noise)
    show = _json_printer(query) if as_json else _Printer(query)
    for event in events(query, wanted, lines, follow):
        show(event)


def events(query: Query, wanted: EventFilter, last: int, follow: bool) -> Iterator[Event]:
    """Yield the `last` events that fit, oldest first, then those to come if `follow`."""
    seen = query.last_seq()
    newest = query.events(_with(wanted, newest_first=True, before=seen + 1, limit=last))
    yield from reversed(newest[:last])
    while follow:
        end = query.last_seq()
        while seen < end:
            batch = query.events(
                _with(wanted, newest_first=False, after=seen, before=end + 1, limit=MAX_LIMIT)
            )
            yield from batch
            seen = batch[-1].seq if len(batch) == MAX_LIMIT else end
        if reader_is_gone():
            return
        time.sleep(POLL_SECONDS)


def reader_is_gone() -> bool:
    """Tell whether stdout is a pipe that nobody reads any more (`mpm-monitor tail | head`)."""
    poll = select.poll()
    poll.register(sys.stdout, 0)
    return any(state & (select.POLLERR | select.POLLNVAL) for _, state in poll.poll(0))


def _with(wanted: EventFilter, **fields: object) -> EventFilter:
    import msgspec

    return msgspec.structs.replace(wanted, **fields)


def _json_printer(query: Query) -> Callable[[Event], None]:
    def show(event: Event) -> None:
        full = query.event(event.seq)
        payload = json.loads(full.payload) if full is not None else None
        print_json({**event.head(), "payload": payload}, indent=None)

    return show


class _Printer:
    """Prints events as lines, naming agents by their type as soon as it is known."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._agents: dict[str, str] = {}

    def __call__(self, event: Event) -> None:
        what = event.kind + (f" {event.tool_name}" if event.tool_name else "")
        who = f"{event.session_id[:8]}{self._agent(event)}"
        line = f"{clock(event.at)}  {who:<22}  {what:<26}  {event.summary}"
        click.secho(plain(line), fg=COLOURS.get(event.kind))

    def _agent(self, event: Event) -> str:
        if not event.agent_id:
            return ""
        key = f"{event.session_id}/{event.agent_id}"
        if key not in self._agents:
            document = self._query.document("agent", key)
            if document is None or not document.value.get("agent_type"):
                return f" {event.agent_id[:8]}"
            self._agents[key] = document.value["agent_type"]
        return f" {self._agents[key]}"
