"""Calling plugins' code for a request: on a thread of its own, in bounded time, under its guard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.errors import StoreBusy
from claude_mpm_monitor.model.route import Refused
from claude_mpm_monitor.plugins.lane import Behind
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.search.language import QueryError
from claude_mpm_monitor.server.http import Busy
from claude_mpm_monitor.server.services import Services

#: What is no fault of the plugin's: the asker's mistake, or a store that has no time.
_NOT_ITS_FAULT = (Refused, QueryError, Busy, StoreBusy)


class PluginFailed(Exception):
    """A plugin's code could not answer; the message names the plugin and says why."""


def call_plugin(
    services: Services,
    found: Contribution[Any],
    what: str,
    seconds: float,
    function: Callable[..., Any],
    *arguments: Any,
) -> Any:
    """Return what a function of the contribution returns. Green threads of the gateway only.

    Raises what it raises where that is no fault of the plugin's, Busy when other calls of the
    plugin took all the time, and PluginFailed when it raises anything else, takes longer than
    `seconds`, or is in quarantine.
    """
    guard = found.guard
    if guard.tripped:
        raise PluginFailed(f"{found.plugin} is {guard.state.state}: {guard.state.error}")
    passed_on: Exception | None = None
    with guard.running(what):
        try:
            return _result(services, found, seconds, function, arguments)
        except _NOT_ITS_FAULT as error:
            passed_on = error
        except Behind as error:
            passed_on = Busy(f"{found.plugin} is busy: {error}")
    if passed_on is not None:
        raise passed_on
    raise PluginFailed(f"{found.plugin}: {guard.state.error}")


def _result(
    services: Services,
    found: Contribution[Any],
    seconds: float,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> Any:
    lane = found.guard.lane
    if lane is None:
        return services.offload(function, *arguments)
    expected = services.expect()
    job = lane.submit(function, *arguments, done=expected.done)
    while (outcome := expected.wait(job.time_left(seconds))) is None:
        if job.give_up(seconds):
            raise lane.late(job, seconds)
    result, error = outcome
    if error is not None:
        raise error
    return result
