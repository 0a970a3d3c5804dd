"""Services: what the server's parts are given to work with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from claude_mpm_monitor.model.event import Raw
from claude_mpm_monitor.pipeline.intake import Outcome
from claude_mpm_monitor.pipeline.stats import Stats
from claude_mpm_monitor.plugins.registry import Registry
from claude_mpm_monitor.storage.board import BoardFile
from claude_mpm_monitor.storage.kept_sessions import KeptSessions
from claude_mpm_monitor.storage.query import Query
from claude_mpm_monitor.storage.saved_searches import SavedSearches


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """Used on green threads of the gateway.

    `submit` hands a delivery over and waits for its commit (None: not committed in time); `take`
    calls back with the same instead of waiting;
    `offload` runs a blocking function elsewhere and waits for its result; `expect` returns
    something to wait for that another thread brings.
    """

    query: Query
    kept: KeptSessions
    board: BoardFile
    searches: SavedSearches
    registry: Registry
    stats: Stats
    submit: Callable[[Raw], Outcome | None]
    take: Callable[[Raw, Callable[[Outcome | None], None]], None]
    offload: Callable[..., Any]
    expect: Callable[[], Any]
    status: Callable[[], dict[str, Any]]
    server_id: str
