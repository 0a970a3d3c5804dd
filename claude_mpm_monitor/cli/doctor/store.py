"""Is the event store whole?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.output import size
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.storage.exchange import Exchange


def check(config: Config) -> Iterator[Finding]:
    """Report the store's integrity and its dead letters."""
    path = config.database
    yield from _set_aside(config)
    if not path.exists():
        yield Finding("store", "note", "nothing has been stored yet")
        return
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            faults = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
            events = connection.execute("SELECT count(*) FROM events").fetchone()[0]
            dead = connection.execute("SELECT reason, at FROM dead_letters ORDER BY id").fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        faults, events, dead = [str(error)], 0, []
    if faults != ["ok"]:
        yield Finding(
            "store",
            "problem",
            f"{path} is damaged: {faults[0]}",
            "Nothing: the next monitor that starts sets it aside and saves what can be read of it.",
        )
        return
    yield Finding("store", "ok", f"{events:,} events in {path} ({size(path.stat().st_size)})")
    if dead:
        yield Finding(
            "dead letters",
            "note",
            f"{len(dead)} deliveries could not be understood and were kept as they came; "
            f"the last: {dead[-1][0]}",
        )


def _set_aside(config: Config) -> Iterator[Finding]:
    for note in Exchange(config.database).notes():
        path = config.database.with_name(note.name)
        if not path.exists():
            continue
        if note.state in ("moving", "waiting"):
            yield Finding(
                "store",
                "warning",
                f"what can be read of {path} is not copied back yet",
                "Have a monitor run for a while: mpm-monitor serve",
            )
        else:
            yield Finding(
                "store",
                "note",
                f"{path} was set aside ({note.reason}) and can be deleted once you are content",
            )
