"""Hooks that add to what programs and people call: routes, messages and commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claude_mpm_monitor.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from claude_mpm_monitor.config import Config
    from claude_mpm_monitor.model.command import CommandSpec
    from claude_mpm_monitor.model.message import MessageSpec
    from claude_mpm_monitor.model.route import RouteSpec
    from claude_mpm_monitor.model.setting import Settings


@hookspec
def monitor_register_routes(config: Config, settings: Settings) -> Iterable[RouteSpec]:  # type: ignore[empty-body]
    """Return routes, served below ``/api/v1/plugins/<plugin>/``.

    Called once, when the monitor is created, on a thread of the plugin's own. Their handlers then
    run on one, too, one call at a time, and have 10 seconds. Raising `Refused` answers its
    sentence; raising anything else answers 500 with the plugin's name and counts as a failure.

    .. versionadded:: 1.1
    """


@hookspec
def monitor_register_messages(config: Config, settings: Settings) -> Iterable[MessageSpec]:  # type: ignore[empty-body]
    """Return messages: what clients may ask the plugin over Socket.IO, and the page by its `ask`.

    Called once, when the monitor is created, on a thread of the plugin's own. Their handlers then
    run on one, too, one call at a time, and have 10 seconds. Raising `Refused` answers its
    sentence; raising anything else answers 500 with the plugin's name and counts as a failure.

    .. versionadded:: 1.1
    """


@hookspec
def monitor_register_commands(config: Config, settings: Settings) -> Iterable[CommandSpec]:  # type: ignore[empty-body]
    """Return commands of ``mpm-monitor``.

    Called when the monitor is created, and by ``mpm-monitor`` for a name that is not built in or
    for its ``--help``, on a thread of the plugin's own. The command then runs on the main thread
    of ``mpm-monitor``. What is built in cannot be replaced; raising ends the command.

    .. versionadded:: 1.1
    """
