"""BranchEnricher: the git branch a session works on, looked up as it comes to a place."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from claude_mpm_monitor.ingest.git import current_branch
from claude_mpm_monitor.model.event import Event

#: Hook events with which a session comes to a place.
_SITUATED = frozenset({"SessionStart", "CwdChanged", "UserPromptSubmit"})
#: Of what happened longer ago (µs), as of what was imported or lay in the spool, the branch may
#: have been another one.
_FRESH_US = 60_000_000


class BranchEnricher:
    """Fills in `branch` where hooks do not say it: they never do. Writer thread.

    :param clock: tells the time, in nanoseconds since the epoch.
    """

    name = "branch"
    kinds = _SITUATED

    def __init__(self, clock: Callable[[], int] = time.time_ns) -> None:
        self._clock = clock

    def enrich(self, event: Event) -> Event:
        """Return the event with the branch that is checked out in its project."""
        if event.branch or abs(self._clock() // 1_000 - event.at) > _FRESH_US:
            return event
        branch = current_branch(event.project)
        return msgspec.structs.replace(event, branch=branch) if branch else event
