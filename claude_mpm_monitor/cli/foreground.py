"""A monitor in the foreground: started, announced, kept until Ctrl-C, stopped cleanly."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from claude_mpm_monitor.access import Token, link
from claude_mpm_monitor.cli.client import Running, find
from claude_mpm_monitor.cli.open_ import dashboard_url
from claude_mpm_monitor.cli.output import say, warn
from claude_mpm_monitor.cli.port_owner import owner_of
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError

if TYPE_CHECKING:
    from claude_mpm_monitor.cli.plugin_files import PluginFiles
    from claude_mpm_monitor.monitor import Monitor

#: How late a signal may be noticed.
LOOK_SECONDS = 0.25
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Set the event on Ctrl-C, SIGTERM or SIGHUP; a second one ends the process. Main thread."""
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, previous[signal.Signals(number)] or signal.SIG_DFL)
        # By another thread: this one may have been stopped right within `stop.wait()`, holding the
        # event's lock, and would wait for itself for ever. A bare thread takes no lock to start.
        _thread.start_new_thread(stop.set, ())

    previous = {number: signal.signal(number, on_signal) for number in STOPPING}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler or signal.SIG_DFL)


def already_running(config: Config, *, browser: bool) -> bool:
    """Say so, and open its page, when a monitor already serves this home folder."""
    running: Running | None = find(config)
    if running is None:
        return False
    say(f"A monitor is already running (pid {running.status['pid']}); this is its dashboard:")
    show(running.url, config, running.status, browser=browser)
    return True


def require_port(config: Config) -> None:
    """Raise MonitorError, with what to do, when somebody else has the dashboard's port."""
    owner = owner_of(config.port) if config.port else None
    if owner is None:
        return
    remedy = f"Choose another port: mpm-monitor serve --port {config.port + 1}"
    if owner.kind == "host":
        remedy = f"Stop it with `claude-mpm monitor stop`. {remedy}"
    elif owner.kind == "ours":
        remedy = f"It has another home folder. {remedy}"
    elif owner.pid:
        remedy = f"Stop it (kill {owner.pid}), or choose another port: {remedy.split(': ')[1]}"
    raise MonitorError(f"Port {config.port} is in use by {owner}. {remedy}")


def show(
    url: str, config: Config, status: dict[str, Any], *, browser: bool, session: str = ""
) -> None:
    """Print the dashboard's address and, if wanted and possible, open it."""
    from claude_mpm_monitor.host.browser import open_dashboard

    address, demanded = dashboard_url(url, session), bool(status.get("token_demanded"))
    say(f"  {link(address, Token(config.token).read()) if demanded else address}")
    if config.is_shared:
        say(f"Other machines reach it at {config.bind}:{status['port']}, unencrypted, and need the")
        say(f"token in that address, which is kept in {config.token}: whoever has it sees all.")
    if browser:
        open_dashboard(address, config, token_demanded=demanded)


def keep(monitor: Monitor, stop: threading.Event, watched: PluginFiles | None = None) -> bool:
    """Wait until `stop` is set, then close the monitor and say what was taken in.

    Returns False, with the monitor still running, when a file that is watched has changed.
    """
    for notice in monitor.notices():
        warn(notice)
    say("Ctrl-C stops it.")
    # Never for ever: a signal in the very moment in which the wait begins does not end it, and its
    # handler runs when this thread wakes.
    while not stop.wait(LOOK_SECONDS):
        if watched is not None and watched.changed():
            return False
    stored = monitor.status()["counters"]["stored"]
    monitor.close()
    say(f"\nStopped; {stored:,} events were stored while it ran.")
    return True
