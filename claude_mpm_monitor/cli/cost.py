"""`mpm-monitor cost`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from claude_mpm_monitor.cli.money import cost, notes, tokens, unpriced_models
from claude_mpm_monitor.cli.output import (
    home_option,
    json_option,
    print_json,
    print_table,
    project_name,
    say,
)
from claude_mpm_monitor.cli.reading import find_session, open_query
from claude_mpm_monitor.config import Config

_DAYS = {"d": 1, "w": 7}
#: What a row is called, by what the costs are by.
_HEADINGS = {
    "project": ("~project",),
    "agent": ("~agent",),
    "model": ("~model",),
    "day": ("day",),
    "session": ("session", "~project", "~title"),
    "tool": ("~tool",),
    "commit": ("session", "commit", "~subject"),
}
#: A list of all agents of all sessions would tell nobody anything.
_KINDS = {"agent": "agent_type"}
_NOTES = {
    "session": "What forked sessions share is in the rows of both, and in the total once.",
    "commit": "An estimate: what a session spent since the commit before.",
    "tool": "An estimate: what asking for a tool and taking in its result cost. Reading what the"
    " cache holds, and all else, is the conversation's.",
}


def day_option(context: click.Context, option: click.Parameter, value: str | None) -> str:
    """Return an ISO date for so many days back from now (``30d``, ``2w``) or a date."""
    if value is None:
        return ""
    if match := re.fullmatch(r"(\d{1,5})([dw])", value):
        back = timedelta(days=int(match[1]) * _DAYS[match[2]])
        return (datetime.now().astimezone().date() - back).isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is neither like 30d, 2w nor a date like 2026-03-01."
        ) from None


def clock_option(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return the name of a time zone that there is."""
    from claude_mpm_monitor.reporting.days import zone_of

    try:
        zone_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value


@click.command(short_help="Say what sessions cost.")
@click.option(
    "--by",
    type=click.Choice(tuple(_HEADINGS)),
    default="project",
    show_default=True,
    help="What the costs are of.",
)
@click.option("--since", callback=day_option, metavar="DAY", help="From this day: 30d, 2w, a date.")
@click.option("--until", callback=day_option, metavar="DAY", help="Up to this day, included.")
@click.option(
    "--tz",
    "clock",
    default="local",
    show_default="that of this machine",
    metavar="ZONE",
    callback=clock_option,
    help="The clock days go by: UTC, Europe/Vienna, +02:00.",
)
@click.option("--session", default="", help="Only this session; the beginning of its id will do.")
@click.option("-n", "--limit", default=50, show_default=True, help="How many rows.")
@home_option
@json_option
def command(
    by: str,
    since: str,
    until: str,
    clock: str,
    session: str,
    limit: int,
    home: Path | None,
    as_json: bool,
) -> None:
    """Say what sessions cost: by project, agent, model, day, session, tool or commit.

    Needs no running monitor.
    Every call counts once in the total, also where forked sessions share it. Amounts are worked
    out from the tokens in the transcripts, at the prices of the day of the call.
    """
    from claude_mpm_monitor.reporting.costs import Question, costs
    from claude_mpm_monitor.reporting.shown import labels, with_usd

    query = open_query(Config.from_environment(home=home))
    question = Question(
        by=_KINDS.get(by, by),
        session_id=find_session(query, session),
        first_day=since,
        last_day=until,
        clock=clock,
    )
    report = costs(query, question)
    rows = [with_usd({**labels(query, row), **row}) for row in report.rows]
    total = with_usd(report.total)
    if as_json:
        print_json({"costs": rows[:limit], "total": total})
        return
    if not rows:
        say("No API call fits.")
        return
    _print(by, rows[:limit], total)
    if len(rows) > limit:
        say(f"{len(rows) - limit} more rows; --limit shows them.")
    if by in _NOTES:
        say(_NOTES[by])
    for note in notes(*rows):
        say(note)
    if total["unpriced"]:
        say(f"Without a price: {unpriced_models(total)}.")


def _print(by: str, rows: list[dict[str, Any]], total: dict[str, Any]) -> None:
    headings = _HEADINGS[by]
    figures = (">calls", ">input", ">output", ">cache writes", ">cache reads", ">cost")
    padding = ("",) * (len(headings) - 1)
    print_table(
        (*headings, *figures),
        [
            *((*_names(by, row), *_figures(row)) for row in rows),
            ("total", *padding, *_figures(total)),
        ],
    )


def _names(by: str, row: dict[str, Any]) -> tuple[str, ...]:
    if by == "session":
        return row["session_id"][:8], project_name(row.get("project")), row.get("title") or ""
    if by == "commit":
        return row["session_id"][:8], row["sha"] or "-", row["subject"] or "(no commit after)"
    if by == "tool":
        return (row["tool_name"] or "(conversation)",)
    name = row["agent_type"] if by == "agent" else row[by]
    return (name or "unknown",)


def _figures(sums: dict[str, Any]) -> tuple[str, ...]:
    writes = sums["cache_write_5m"] + sums["cache_write_1h"]
    counts = (sums["input"], sums["output"], writes, sums["cache_read"])
    return (f"{sums['calls']:,}", *map(tokens, counts), cost(sums))
