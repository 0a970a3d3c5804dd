"""Figures: what SQLite has added up, as documents have it."""

from __future__ import annotations

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.storage.request_sums import COUNTED, Group


def figures_of(group: Group) -> Json:
    """Return the figures of a usage document (`analysis.sums`) for some requests."""
    found = sums.empty()
    counted = dict(zip(COUNTED, group.sums, strict=True))
    found["calls"] = group.calls
    for name in (*sums.TOKENS, "web_searches", "low_confidence"):
        found[name] = counted[name]
    if group.unpriced is not None:
        found["unpriced"] = group.calls
        found["unpriced_models"] = {group.unpriced: group.calls}
    cost = {name: counted[f"cost_{name}"] for name in sums.COST_PARTS[:-1]}
    found["cost"] = {**cost, "total": sum(cost.values())}
    found["sources"] = dict.fromkeys(group.evidence.split(), group.calls)
    return found
