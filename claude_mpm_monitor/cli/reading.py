"""Reading the store without a monitor."""

from __future__ import annotations

import click

from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.storage.database import Database
from claude_mpm_monitor.storage.query import Query


def open_query(config: Config) -> Query:
    """Return the read side of the store; MonitorError when nothing was ever stored.

    It is closed when the command that asks for it is done.
    """
    query = Query(open_database(config))
    click.get_current_context().call_on_close(query.close)
    return query


def open_database(config: Config) -> Database:
    """Return the store; MonitorError when nothing was ever stored."""
    if not config.database.exists():
        raise MonitorError(
            f"Nothing has been stored in {config.home} yet. "
            "`mpm-monitor import` brings in the sessions Claude Code has kept."
        )
    return Database(config.database)


def find_session(query: Query, wanted: str) -> str:
    """Return the full id of the one session whose id begins with `wanted`."""
    if not wanted or query.document("session", wanted) is not None:
        return wanted
    known = (found.key for found in query.documents("session", limit=1_000))
    fitting = [key for key in known if key.startswith(wanted)]
    if len(fitting) != 1:
        what = "No session begins" if not fitting else f"{len(fitting)} sessions begin"
        raise MonitorError(f"{what} with {wanted!r}. `mpm-monitor sessions` lists them.")
    return fitting[0]
