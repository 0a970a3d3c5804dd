"""Is the monitor's folder there, ours, private and writable?"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from claude_mpm_monitor.cli.doctor.finding import Finding
from claude_mpm_monitor.cli.output import size
from claude_mpm_monitor.config import Config

LOW_DISK_BYTES = 500_000_000


def check(config: Config) -> Iterator[Finding]:
    """Report on the monitor's folder and the disk it is on."""
    home = config.home
    if not home.exists():
        yield Finding("home", "note", f"{home} does not exist yet; the first start creates it")
        return
    yield _folder(home)
    yield from _files(config)
    free = shutil.disk_usage(home).free
    if free < LOW_DISK_BYTES:
        yield Finding(
            "disk",
            "problem",
            f"only {size(free)} are free where {home} is; events cannot be stored on a full disk",
            "Free some space, or set CLAUDE_MPM_MONITOR_HOME to a folder on another disk.",
        )


def _folder(home: Path) -> Finding:
    state = home.stat()
    if not home.is_dir():
        return Finding("home", "problem", f"{home} is not a folder", f"Move it away: mv {home} …")
    if state.st_uid != os.getuid():
        return Finding(
            "home",
            "problem",
            f"{home} belongs to another user (uid {state.st_uid}), so nothing can be stored",
            f"Take it over: sudo chown -R $(id -un) {home}",
        )
    if not os.access(home, os.W_OK | os.X_OK):
        return Finding("home", "problem", f"{home} is not writable", f"chmod u+wx {home}")
    if stat.S_IMODE(state.st_mode) & 0o077:
        return Finding(
            "home",
            "problem",
            f"{home} is open to other users of this machine (mode {state.st_mode & 0o777:o}); "
            "it holds your prompts and your code",
            f"chmod 700 {home}",
        )
    return Finding("home", "ok", f"{home} is private and writable")


def _files(config: Config) -> Iterator[Finding]:
    """Report what a run under another user (sudo, say) left behind."""
    strangers = [
        path
        for path in (config.database, config.spool, config.log, config.runtime)
        if path.exists() and path.stat().st_uid != os.getuid()
    ]
    if strangers:
        yield Finding(
            "home",
            "problem",
            f"these belong to another user: {', '.join(map(str, strangers))}",
            f"Take them over: sudo chown -R $(id -un) {config.home}",
        )
