"""`mpm-monitor status`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from claude_mpm_monitor.cli.client import Running, find
from claude_mpm_monitor.cli.output import (
    ago,
    home_option,
    json_option,
    print_json,
    print_table,
    say,
    size,
)
from claude_mpm_monitor.config import Config

EXIT_NOT_RUNNING = 3
LIVE = ("running", "waiting", "background", "idle", "failed")


@click.command(short_help="Say whether a monitor runs, what it took in and which sessions live.")
@home_option
@json_option
@click.pass_context
def command(context: click.Context, home: Path | None, as_json: bool) -> None:
    """Say whether a monitor is running, what it has taken in and which sessions are live.

    Exits with 3 when no monitor is running.
    """
    config = Config.from_environment(home=home)
    running = find(config)
    if running is None:
        if as_json:
            print_json({"running": False, "home": str(config.home)})
        else:
            say(f"No monitor is running on {config.home}. Start one with `mpm-monitor serve`.")
        context.exit(EXIT_NOT_RUNNING)
    live = live_sessions(running)
    if as_json:
        print_json({"running": True, **running.status, "sessions": live})
        return
    _say_status(running)
    _say_sessions(live)


def live_sessions(running: Running) -> list[dict[str, Any]]:
    """Return the sessions that have not ended, the last active first."""
    sessions = running.get("/api/v1/sessions?limit=200")["sessions"]
    return [session for session in sessions if session.get("status") in LIVE]


def _say_status(running: Running) -> None:
    status = running.status
    counters, store, plugins = status["counters"], status["store"], status["plugins"]
    say(f"{running.url}  (version {status['version']}, pid {status['pid']})")
    say(f"up since    {ago(status['started_at'])}, {status['clients']} pages open")
    say(f"store       {store['events']:,} events, {size(store['bytes'])}, {store['path']}")
    say("taken in    " + ", ".join(f"{count:,} {name}" for name, count in counters.items()))
    latency = status["latency"]["acknowledged"]
    say(f"answers     half within {latency['p50']} ms, 99 of 100 within {latency['p99']} ms")
    for problem in status["problems"]:
        say(f"problem     {problem}")
    say(f"plugins     {plugins['loaded']} loaded, {plugins['failed']} failed")
    if store["dead_letters"]:
        say(f"dead        {store['dead_letters']} deliveries could not be understood")


def _say_sessions(live: list[dict[str, Any]]) -> None:
    if not live:
        say("sessions    none live")
        return
    print_table(
        ("session", "status", "~project", ">tools", ">errors", "active"),
        [
            (
                session["session_id"][:8],
                session["status"],
                session.get("project") or "-",
                str(session.get("tool_calls", 0)),
                str(session.get("errors", 0)),
                ago(session.get("last_at")),
            )
            for session in live
        ],
    )
