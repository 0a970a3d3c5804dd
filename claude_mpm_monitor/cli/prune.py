"""`mpm-monitor prune`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
import msgspec

from claude_mpm_monitor.cli.output import (
    home_option,
    json_option,
    moment,
    print_json,
    print_table,
    say,
    size,
)
from claude_mpm_monitor.cli.reading import open_database
from claude_mpm_monitor.config import GB, Config
from claude_mpm_monitor.errors import MonitorError


@click.command(short_help="Give old sessions up, or say which would be.")
@home_option
@json_option
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--days", type=click.IntRange(0), help="Instead of CLAUDE_MPM_MONITOR_KEEP_DAYS.")
@click.option("--gb", type=click.FloatRange(0), help="Instead of CLAUDE_MPM_MONITOR_KEEP_GB.")
def command(
    home: Path | None, as_json: bool, dry_run: bool, days: int | None, gb: float | None
) -> None:
    """Give up sessions by age and by the size of the store, as a running monitor does by itself.

    Bookmarked sessions (`mpm-monitor bookmark`), live ones and those of the last day stay. Of a
    session that goes, one line stays: what it was, what it cost.
    """
    from claude_mpm_monitor.pipeline.ownership import Ownership
    from claude_mpm_monitor.storage.retention import Limits, Retention, used_bytes

    config = Config.from_environment(home=home)
    database = open_database(config)
    limits = Limits(
        days=config.keep_days if days is None else days,
        bytes=config.keep_bytes if gb is None else int(gb * GB),
    )
    ownership = Ownership(config.home / "owner.lock")
    if not dry_run and not ownership.acquire():
        raise MonitorError(
            "A monitor is running and gives sessions up by itself, by the settings it was started "
            "with. Stop it to prune by hand, or see what would go: mpm-monitor prune --dry-run."
        )
    with closing(database.connect()) as connection:
        retention = Retention(database, connection, limits, lambda: None)
        before = used_bytes(connection)
        (analyzed,) = connection.execute(
            "SELECT coalesce(min(seq), 0) FROM analyzers WHERE seq > 0"
        ).fetchone()
        going = retention.candidates(analyzed)
        if not dry_run:
            while retention.step(analyzed):
                pass
        after = used_bytes(connection)
    ownership.release()
    sessions = [candidate for group in going for candidate in group]
    if as_json:
        told = [msgspec.structs.asdict(candidate) for candidate in sessions]
        print_json({"sessions": told, "bytes": before, "bytes_after": after, "dry_run": dry_run})
        return
    if sessions and dry_run:
        rows = [(c.session_id[:8], moment(c.at), c.reason) for c in sessions]
        print_table(("session", "active", "why"), rows)
    verb = "may go" if dry_run else "were considered"
    say(f"{len(sessions)} sessions {verb}; the store holds {size(after)} (before: {size(before)}).")
