"""`mpm-monitor sessions`."""

from __future__ import annotations

from pathlib import Path

import click

from claude_mpm_monitor.cli.money import cost, notes, tokens
from claude_mpm_monitor.cli.output import (
    ago,
    home_option,
    json_option,
    print_json,
    print_table,
    say,
)
from claude_mpm_monitor.cli.reading import open_query
from claude_mpm_monitor.config import Config


@click.command(short_help="List the sessions in the store.")
@click.option("-n", "--limit", default=20, show_default=True, help="How many, the newest first.")
@click.option("--project", default="", help="Only those whose project folder contains this.")
@home_option
@json_option
def command(limit: int, project: str, home: Path | None, as_json: bool) -> None:
    """List the sessions in the store, the last active first. Needs no running monitor."""
    from claude_mpm_monitor.reporting.sessions import session_usage, tokens_of

    query = open_query(Config.from_environment(home=home))
    found = query.documents("session", limit=1_000 if project else limit)
    sessions = [d.value for d in found if project in (d.value.get("project") or "")][:limit]
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
                Path(session.get("project") or "-").name,
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
