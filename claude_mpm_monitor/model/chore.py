"""Chore: something to be done now and then as long as a monitor runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from claude_mpm_monitor.storage.query import Query


class ChoreCall(msgspec.Struct, frozen=True, kw_only=True):
    """What a chore is given when it is its turn.

    `query` reads the store, as `Monitor.query` does; `home` is the monitor's folder. `stopping`
    tells whether the monitor is about to end: what takes long asks it and gives up.
    """

    query: Query
    home: Path
    stopping: Callable[[], bool]


class Chore(msgspec.Struct, frozen=True, kw_only=True):
    """One chore: `run` is called every so many seconds, at least 1, counted from its last end.

    What it returns is ignored. It is called in the process that owns the dashboard only, so one at
    a time however many monitors share the store; a new process begins to count anew.
    """

    name: str
    every: float
    run: Callable[[ChoreCall], object]
