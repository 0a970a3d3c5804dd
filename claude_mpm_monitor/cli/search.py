"""`mpm-monitor search`."""

from __future__ import annotations

from pathlib import Path

import click

from claude_mpm_monitor.cli.output import (
    home_option,
    json_option,
    moment,
    print_json,
    print_table,
    say,
)
from claude_mpm_monitor.cli.reading import open_query
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError


@click.command(short_help="Find events by what they say and what they are.")
@click.argument("query", nargs=-1, required=True)
@click.option(
    "-n", "--limit", type=click.IntRange(1, 1_000), default=50, show_default=True, help="How many."
)
@home_option
@json_option
def command(query: tuple[str, ...], limit: int, home: Path | None, as_json: bool) -> None:
    """Find events, the newest first. Needs no running monitor.

    QUERY is what the dashboard's search box takes: words, "phrases", -not, OR, and fields such as
    tool:Bash, status:error, agent:tester, file:*.py, dur>5s, after:2d. docs/search.md has them all.
    """
    from claude_mpm_monitor.search.language import QueryError
    from claude_mpm_monitor.storage.event_filter import EventFilter

    text = " ".join(query)
    store = open_query(Config.from_environment(home=home))
    try:
        events = store.events(EventFilter(text=text, limit=limit), payloads=as_json)
    except QueryError as error:
        mark = " " * error.position + "^" * error.length
        raise MonitorError(f"{error}\n  {text}\n  {mark}") from None
    if as_json:
        print_json([{**event.head(), "payload": event.data()} for event in events])
        return
    if not events:
        say("Nothing fits.")
        return
    print_table(
        ("time", "session", "kind", "~what", ">seq"),
        [
            (
                moment(event.at),
                event.session_id[:8],
                event.kind,
                f"{event.tool_name} {event.summary}".strip(),
                str(event.seq),
            )
            for event in events
        ],
    )
