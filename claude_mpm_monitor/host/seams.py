"""What is exchanged in the host's modules, for every version we know.

==================  ====================================================================
host                where ``run --monitor`` starts its monitor
==================  ====================================================================
3.2.1 - 4.1         ``cli.commands.run.launch_socketio_monitor``
4.2                 ``services.cli.socketio_manager.SocketIOManager``
4.3 - 6.5.83        ``services.cli.unified_dashboard_manager.UnifiedDashboardManager``
==================  ====================================================================

A newer version is tried in the same places. Where one is not as we know it the host keeps what it
has, and the user is told so. Standard library only until the host has imported one of these.
"""

from __future__ import annotations

import atexit
import os
import sys
import time
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any

from claude_mpm_monitor.host import finder
from claude_mpm_monitor.host.guard import guard, say

if TYPE_CHECKING:
    from claude_mpm_monitor.host.monitored_run import MonitoredRun

_HOST = "claude_mpm"
#: Host modules that start claude through `subprocess`: oneshot runs, and fallbacks of exec.
_LAUNCHING_MODULES = (
    "core.oneshot_session",
    "core.interactive_session",
    "core.claude_runner",
    "core.simple_runner",
    "services.subprocess_launcher_service",
)

_started: MonitoredRun | None = None
_failed = False


def watch() -> None:
    """Exchange the seams as the host imports them. Idempotent."""
    actions: dict[str, finder.Action] = {
        "cli.commands.run": _run_command,
        "services.cli.unified_dashboard_manager": _dashboard_manager,
        "services.cli.socketio_manager": _socketio_manager,
        "services.cli.dashboard_launcher": _dashboard_launcher,
        "services.socketio.client_proxy": _client_proxy,
        "services.socketio_server": _client_proxy,
    }
    actions.update(dict.fromkeys(_LAUNCHING_MODULES, _launching_module))
    if finder.install({f"{_HOST}.{name}": _careful(act) for name, act in actions.items()}):
        register_farewell()


def started(preferred_port: int | None = None) -> MonitoredRun | None:
    """The run with its monitor up, started now if it was not; None when it cannot be started.

    :param preferred_port: what the host would take; the command line says it as well.
    """
    global _started
    run = _run()
    if _started is None and run is not None and run.start(preferred_port or 8765):
        from claude_mpm_monitor.host.launch import replace_exec

        replace_exec(run)
        _started = run
    return _started


def _run() -> MonitoredRun | None:
    """This process's run; None, after a word to the user, when we cannot even begin."""
    global _failed
    if not _failed:
        _failed = True
        with guard("taking over the run", consequence="claude-mpm's own monitor is used"):
            from claude_mpm_monitor.host import monitored_run

            run = monitored_run.current()
            _failed = False
            return run
    return None


def register_farewell() -> None:
    """End this process as claude ended, after all that is registered with `atexit` later."""
    atexit.register(_farewell)


def _farewell() -> None:
    launch = sys.modules.get(f"{__package__}.launch")
    if launch is not None:
        launch.end_as_claude_did()


def _careful(action: finder.Action) -> finder.Action:
    def act(module: ModuleType) -> None:
        with guard(f"adapting {module.__name__}", consequence="it stays as it is"):
            action(module)

    return act


def _replace(
    owner: Any, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    """Exchange `owner.name`, if there is such a thing, for what `make` returns for it."""
    real = getattr(owner, name, None)
    if callable(real):
        setattr(owner, name, wraps(real)(make(real)))


def _run_command(module: ModuleType) -> None:
    _run()  # begins to look into Claude Code while the host is still starting
    if any(hasattr(module, name) for name in ("UnifiedDashboardManager", "SocketIOManager")):
        return
    if not hasattr(module, "launch_socketio_monitor"):
        _tell_unknown()
        return

    def launch_monitor(real: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(port: int, *args: Any, **options: Any) -> Any:
            run = started(port)
            if run is None:
                return real(port, *args, **options)
            say(f"dashboard at {run.url}")
            return True, _open_browser(run.url)

        return replacement

    _replace(module, "launch_socketio_monitor", launch_monitor)
    _replace(module, "ensure_socketio_dependencies", _dependencies)


def _dashboard_manager(module: ModuleType) -> None:
    def info(run: MonitoredRun) -> Any:
        return module.DashboardInfo(url=run.url, port=run.port, pid=os.getpid(), status="running")

    _manager(module.UnifiedDashboardManager, info)


def _socketio_manager(module: ModuleType) -> None:
    def info(run: MonitoredRun) -> Any:
        return module.ServerInfo(
            url=run.url, port=run.port, pid=os.getpid(), is_running=True, launch_time=time.time()
        )

    _manager(module.SocketIOManager, info)


def _manager(manager: type, info: Callable[[MonitoredRun], Any]) -> None:
    """Exchange what `run` calls on the host's server manager, in the order it calls it."""
    if not all(hasattr(manager, name) for name in ("find_available_port", "start_server")):
        _tell_unknown()
        return

    def find_port(real: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(self: Any, preferred_port: int = 8765, *args: Any, **options: Any) -> Any:
            run = started(preferred_port)
            return run.port if run else real(self, preferred_port, *args, **options)

        return replacement

    def start_server(real: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(self: Any, *args: Any, **options: Any) -> Any:
            run = started(options.get("port") or next(iter(args), None))
            return (True, info(run)) if run else real(self, *args, **options)

        return replacement

    def dashboard_url(real: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(self: Any, *args: Any, **options: Any) -> Any:
            return _started.url if _started else real(self, *args, **options)

        return replacement

    _replace(manager, "ensure_dependencies", _dependencies)
    _replace(manager, "find_available_port", find_port)
    _replace(manager, "start_server", start_server)
    _replace(manager, "get_dashboard_url", dashboard_url)
    _replace(manager, "open_browser", _browser)


def _dependencies(real: Callable[..., Any]) -> Callable[..., Any]:
    """Ours are installed with us; the host's own check may download and takes its time.

    The monitor is started here already: if it cannot be, the host has to check its own after all.
    """

    def replacement(*args: Any, **options: Any) -> Any:
        return (True, None) if started() else real(*args, **options)

    return replacement


def _browser(real: Callable[..., Any]) -> Callable[..., Any]:
    def replacement(self: Any, url: str, *args: Any, **options: Any) -> Any:
        return _open_browser(url) if _started else real(self, url, *args, **options)

    return replacement


def _open_browser(url: str) -> bool:
    from claude_mpm_monitor.host.browser import open_browser, open_dashboard

    if _started is None:
        return open_browser(url)
    return open_dashboard(url, _started.config, token_demanded=_started.demands_token)


def _dashboard_launcher(module: ModuleType) -> None:
    """4.2 opens the browser through a class of its own; 4.1 has it and does not use it."""
    _replace(module.DashboardLauncher, "_open_browser", _browser)


def _client_proxy(module: ModuleType) -> None:
    """The host calls a method its proxy does not have: every oneshot run ended in an error.

    4.26 to 6.5.83; this can go when `SocketIOClientProxy.claude_output` is there.
    """
    proxy = getattr(module, "SocketIOClientProxy", None)
    if proxy is not None and not hasattr(proxy, "claude_output"):
        proxy.claude_output = lambda self, *args, **options: None


def _launching_module(module: ModuleType) -> None:
    real = getattr(module, "subprocess", None)
    if isinstance(real, ModuleType):
        from claude_mpm_monitor.host.launch import MonitoredSubprocess

        module.__dict__["subprocess"] = MonitoredSubprocess(real, lambda: _started)


def _tell_unknown() -> None:
    from claude_mpm_monitor.host.monitored_run import version_of

    say(
        f"claude-mpm {version_of('claude-mpm')} starts its monitor in a way that is new to us; "
        "its own is used. Is there a newer claude-mpm-monitor?"
    )
