"""``claude-mpm monitor status`` sees the monitor that lives in a run, too.

The host looks for its own daemon's PID file, and nothing else. We must not write that file, since
``claude-mpm monitor stop`` would kill the session; so the command is told of us instead.
Known to work with the host's versions 5.9.10 and 6.5.83.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from claude_mpm_monitor.host import finder
from claude_mpm_monitor.host.guard import guard

_DAEMON_MODULE = "claude_mpm.services.monitor.daemon"


def watch() -> None:
    """Extend the host's status as soon as the host imports it. Idempotent."""
    finder.install({_DAEMON_MODULE: _extend})


def _extend(module: ModuleType) -> None:
    daemon = getattr(module, "UnifiedMonitorDaemon", None)
    real = getattr(daemon, "status", None)
    if daemon is not None and real is not None:
        daemon.status = _telling_of_us(real)


def _telling_of_us(real: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    @wraps(real)
    def status(self: Any) -> dict[str, Any]:
        found = real(self)
        if not found.get("running"):
            with guard("telling claude-mpm of the running monitor"):
                found.update(_ours())
        return found

    return status


def _ours() -> dict[str, Any]:
    """The process that owns the dashboard, in the host's words; {} when there is none."""
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.runtime import Runtime

    owner = Runtime(Config.from_environment().runtime).read()
    if owner is None:
        return {}
    return {
        "running": True,
        "pid": owner.pid,
        "host": "localhost",
        "port": owner.port,
        "health": "healthy",
        "service": "claude-mpm-monitor",
        "version": owner.version,
    }
