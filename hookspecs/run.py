"""Hooks along one run of the host: from `claude-mpm run --monitor` to its end.

All are called in the host's process, on a thread of the plugin's own for which the host's main
thread waits, up to 5 seconds, in the order they stand here. Raising is
logged and shown as a failure of the plugin; the run goes on as if it did not implement the hook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.model.run import ClaudeLaunch, RunOptions


@hookspec
def monitor_run_starting(run: RunOptions) -> None:
    """The host begins a run with ``--monitor``; plugins are loaded and the monitor has started.

    :param run: what was asked for; `run.port` may differ from the port in use.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_server_chosen(run: RunOptions, url: str) -> None:
    """The dashboard's address is known and answers.

    :param url: such as ``http://localhost:8765``, without a slash at the end.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_claude_launching(run: RunOptions, launch: ClaudeLaunch) -> None:
    """Claude Code is about to be started.

    :param launch: its command (with the monitor's own ``--settings`` in it already) and its
        environment; both may be changed in place.

    The user waits: return within milliseconds. What a failing plugin has changed is undone.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_claude_exited(run: RunOptions, exit_code: int) -> None:
    """Claude Code has ended; the monitor still stores what is emitted now.

    :param exit_code: as a shell shows it: 0 to 255, and 128 + n for death by signal n.

    .. versionadded:: 1.0
    """


@hookspec
def monitor_run_ended(run: RunOptions, exit_code: int) -> None:
    """The run is over and the monitor stops next. Called once, also when claude never started.

    :param exit_code: what claude ended with; 0 when it was not started.

    .. versionadded:: 1.0
    """
