"""`mpm-monitor open`."""

from __future__ import annotations

from pathlib import Path

import click

from claude_mpm_monitor.access import link
from claude_mpm_monitor.cli.client import require
from claude_mpm_monitor.cli.output import home_option, say
from claude_mpm_monitor.config import Config


@click.command(short_help="Open the dashboard in the browser.")
@home_option
@click.option("--session", default="", help="Open it on this session.")
def command(home: Path | None, session: str) -> None:
    """Open the dashboard of the running monitor in the browser."""
    from claude_mpm_monitor.host.browser import open_dashboard

    config = Config.from_environment(home=home)
    running = require(config)
    url = dashboard_url(running.url, session)
    demanded = bool(running.status.get("token_demanded"))
    opened = open_dashboard(url, config, token_demanded=demanded)
    if demanded and not opened:
        url = link(url, running.token)
    say(f"Opened {url}" if opened else f"No browser to open here; the dashboard is at {url}")


def dashboard_url(url: str, session: str = "") -> str:
    """Return the page's address below the monitor's `url`, on `session` when given."""
    from urllib.parse import quote

    return f"{url}/dashboard" + (f"#/events?session={quote(session)}" if session else "")
