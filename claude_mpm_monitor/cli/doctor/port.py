"""Is a monitor running, and is the dashboard's port free or ours?"""

from __future__ import annotations

from collections.abc import Iterator

from claude_mpm_monitor.cli.client import Running, find
from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.port_owner import owner_of
from claude_mpm_monitor.config import Config


def check(config: Config) -> Iterator[Finding]:
    """Report the running monitor and who has the port."""
    running = find(config)
    if running is not None:
        yield Finding("monitor", "ok", f"running: {running.url} (pid {running.status['pid']})")
        yield from _counters(running)
    if running is not None and running.port == config.port:
        return
    owner = owner_of(config.port)
    if owner is None:
        yield Finding("port", "ok", f"port {config.port} is free")
    elif owner.kind == "ours":
        yield Finding(
            "port",
            "note",
            f"port {config.port} belongs to {owner} with another home folder",
            "Set CLAUDE_MPM_MONITOR_PORT or CLAUDE_MPM_MONITOR_HOME if that is not what you meant.",
        )
    else:
        yield Finding(
            "port",
            "warning",
            f"port {config.port} is taken by {owner}; a monitor would choose the next free one",
            f"Stop it{f' (kill {owner.pid})' if owner.pid else ''}, "
            "or set CLAUDE_MPM_MONITOR_PORT to a port of your own.",
        )


def _counters(running: Running) -> Iterator[Finding]:
    trouble = running.status.get("trouble")
    if trouble:
        yield Finding(
            "monitor",
            "problem",
            f"nothing can be stored just now: {trouble['what']}",
            "Mend that (free some space, give the folder back); it goes on by itself then.",
        )
    counters = running.status.get("counters", {})
    if counters.get("dropped"):
        yield Finding(
            "monitor",
            "problem",
            f"{counters['dropped']} events could not be stored since it started",
            "Run this doctor's advice on home, disk and store; the log has the reason.",
        )
    failed = running.status.get("plugins", {}).get("failed", 0)
    if failed:
        yield Finding(
            "plugins",
            "problem",
            f"plugins that failed: {failed}",
            "`mpm-monitor plugins` names them and says why.",
        )
