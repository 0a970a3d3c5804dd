"""`mpm-monitor sessions`."""

from __future__ import annotations

import heapq
from pathlib import Path

import click

from claude_mpm_monitor.cli.money import cost, notes, tokens
from claude_mpm_monitor.cli.output import (
    ago,
    home_option,
    json_option,
    print_json,
    print_table,
    project_name,
    say,
)
from claude_mpm_monitor.cli.reading import open_query
from claude_mpm_monitor.config import Config


@click.command(short_help="List the sessions in the store.")
@click.option("-n", "--limit", default=20, show_default=True, help="How many, the latest first.")
@click.option("--project", default="", help="Only those whose project folder contains this.")
@home_option
@json_option
def command(limit: int, project: str, home: Path | None, as_json: bool) -> None:
    """List the sessions in the store, the last active first. Needs no running monitor."""
    from claude_mpm_monitor.reporting.sessions import session_usage, tokens_of

    query = open_query(Config.from_environment(home=home))
    known = (document.value for document in query.every_document("session"))
    fitting = (session for session in known if project in session["project"])
    sessions = heapq.nlargest(limit, fitting, key=lambda session: session["last_at"])
    for session in sessions:
        session["usage"] = session_usage(query, session["session_id"])
    if as_json:
        print_json(sessions)
        return
    if not sessions:
        say("No session fits." if project else "No session is in the store yet.")
        return
    print_table(
        (
            "session",
            "status",
            "active",
            "~project",
            ">tools",
            ">errors",
            ">tokens",
            ">cost",
            "~title",
        ),
        [
            (
                session["session_id"][:8],
                session["status"],
                ago(session.get("last_at")),
                project_name(session["project"]),
                str(session.get("tool_calls", 0)),
                str(session.get("errors", 0)),
                tokens(tokens_of(session["usage"])) if session["usage"] else "-",
                cost(session["usage"]),
                session.get("title") or "",
            )
            for session in sessions
        ],
    )
    for note in notes(*(session["usage"] for session in sessions if session["usage"])):
        say(note)
