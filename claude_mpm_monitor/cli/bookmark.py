"""`mpm-monitor bookmark`."""

from __future__ import annotations

from pathlib import Path

import click

from claude_mpm_monitor.cli.output import home_option, json_option, print_json, say
from claude_mpm_monitor.cli.reading import find_session, open_database
from claude_mpm_monitor.config import Config


@click.command(short_help="Keep a session whatever its age.")
@home_option
@json_option
@click.option("--remove", is_flag=True, help="Take the bookmark away.")
@click.argument("session", required=False)
def command(home: Path | None, as_json: bool, remove: bool, session: str | None) -> None:
    """Keep SESSION (the beginning of its id is enough) whatever its age and the store's size.

    Without SESSION: list the sessions that are kept.
    """
    from claude_mpm_monitor.storage.kept_sessions import KeptSessions
    from claude_mpm_monitor.storage.query import Query

    database = open_database(Config.from_environment(home=home))
    kept = KeptSessions(database)
    if session:
        query = Query(database)
        session_id = find_session(query, session)
        query.close()
        kept.bookmark(session_id, kept=not remove)
        if not as_json:
            say(f"{session_id} is {'no longer ' if remove else ''}kept.")
            return
    if as_json:
        print_json(kept.bookmarked())
        return
    for session_id in kept.bookmarked():
        say(session_id)
