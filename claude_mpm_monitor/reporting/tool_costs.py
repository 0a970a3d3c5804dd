"""What tools cost, as documents have it; `storage.tool_sums` says how it is worked out."""

from __future__ import annotations

from collections.abc import Iterable

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.figures import figures_of
from claude_mpm_monitor.storage.tool_sums import ToolGroup


def by_tool(groups: Iterable[ToolGroup]) -> dict[str, Json]:
    """Return figures by tool, with `tool_calls`."""
    found: dict[str, Json] = {}
    for group, tool_calls in groups:
        (name,) = group.names
        row = found.setdefault(name, {**sums.empty(), "tool_calls": 0})
        sums.merge(row, figures_of(group))
        row["tool_calls"] += tool_calls
    return found
