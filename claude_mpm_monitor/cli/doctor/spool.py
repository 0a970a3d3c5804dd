"""Is anything waiting that no monitor has taken in yet?"""

from __future__ import annotations

import time
from collections.abc import Iterator

from claude_mpm_monitor.cli.client import find
from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.config import Config

#: A running monitor looks at the spool every two seconds; older means that it cannot take it.
STUCK_AFTER_SECONDS = 30


def check(config: Config) -> Iterator[Finding]:
    """Report deliveries left in the spool."""
    try:
        waiting = sorted(config.spool.glob("*.ev"))
        oldest = min((path.stat().st_mtime for path in waiting), default=time.time())
    except OSError as error:
        yield Finding("spool", "problem", f"{config.spool} cannot be read: {error.strerror}")
        return
    if not waiting:
        yield Finding("spool", "ok", "no delivery is waiting")
        return
    if (config.spool / "full").exists():
        yield Finding(
            "spool",
            "warning",
            f"{config.spool} is full, so hooks give events up",
            "Start a monitor (mpm-monitor serve), then fetch the rest: mpm-monitor import",
        )
    text = f"{len(waiting)} deliveries wait in {config.spool}"
    if find(config) is None:
        yield Finding("spool", "note", f"{text}; the next monitor that starts takes them in")
    elif time.time() - oldest > STUCK_AFTER_SECONDS:
        yield Finding(
            "spool",
            "problem",
            f"{text} although a monitor is running, the oldest for {time.time() - oldest:.0f} s",
            f"Look into {config.log} for the reason.",
        )
    else:
        yield Finding("spool", "ok", f"{text} and are being taken in")
