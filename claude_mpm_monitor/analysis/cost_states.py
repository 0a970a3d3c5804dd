"""What Claude Code itself says a session cost, and why our figure may be another.

It writes a `cost-state` line when it ends, cumulative over resumes and with subagents; and its
telemetry meters costs (`cost.usage`), for as long as it is on.
"""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.analysis.api_calls import TELEMETRY
from claude_mpm_monitor.analysis.facts import whole
from claude_mpm_monitor.pricing.money import from_usd

Json = dict[str, Any]

KIND = "transcript.cost-state"
#: Claude Code adds in floating point: what is less apart than this is the same (picodollars).
ROUNDING = 1_000
_TOKENS = {
    "input": "inputTokens",
    "output": "outputTokens",
    "cache_write_5m": "cacheCreationEphemeral5mInputTokens",
    "cache_write_1h": "cacheCreationEphemeral1hInputTokens",
    "cache_read": "cacheReadInputTokens",
}


def stated_in(line: Json, event_id: str) -> Json | None:
    """Return what a `cost-state` line says: picodollars in all and by model, None if nothing."""
    total = from_usd(line.get("totalCostUSD"))
    if total is None:
        return None
    used = line.get("modelUsage")
    models = {
        str(name): {
            **{ours: whole(figures.get(theirs)) or 0 for ours, theirs in _TOKENS.items()},
            "cost": from_usd(figures.get("costUSD")) or 0,
        }
        for name, figures in (used.items() if isinstance(used, dict) else ())
        if isinstance(figures, dict)
    }
    return {
        "cost": total,
        "models": models,
        "unknown_model_cost": line.get("hasUnknownModelCost") is True,
        "event": event_id,
    }


def later(known: Json | None, stated: Json) -> Json:
    """Return the later of two statements: costs only grow, whatever the order they are read in."""
    if known is None:
        return stated
    return max(known, stated, key=lambda state: (state["cost"], state["event"]))


def metered(models: Json) -> Json:
    """Return what telemetry metered, picodollars by model, as a statement."""
    costs = {name: {"cost": cost} for name, cost in models.items()}
    return {"cost": sum(models.values()), "models": costs, "unknown_model_cost": False}


def reconcile(session: Json, field: str) -> Json | None:
    """Compare a session's usage document with a statement in it, "stated" or "metered".

    None without that statement. `difference` is the stated cost minus ours in picodollars;
    `reasons` are the known ones, and `explained` says whether there is nothing to explain or at
    least one of them.
    """
    stated = session[field]
    if stated is None:
        return None
    difference = stated["cost"] - session["cost"]["total"]
    same = abs(difference) < ROUNDING
    reasons = [] if same else list(_reasons(session, stated, difference))
    return {
        "stated": stated["cost"],
        "difference": 0 if same else difference,
        "reasons": reasons,
        "explained": same or bool(reasons),
    }


def _reasons(session: Json, stated: Json, difference: int) -> list[str]:
    ours, theirs = set(session["models"]), set(stated["models"])
    unheard = session["calls"] - session["sources"].get(TELEMETRY, 0)
    metering = stated is session["metered"]
    found = {
        "summaries of compactions are in no transcript": difference > 0 and session["compactions"],
        "calls without a known price are left out": difference > 0 and session["unpriced"],
        "this release recorded too little output": difference > 0 and session["low_confidence"],
        "Claude Code did not know the price of a model": stated["unknown_model_cost"],
        "Claude Code prices the model asked for, not the one that answered": ours != theirs,
        "telemetry was not on for all calls": difference < 0 and unheard and metering,
        "calls were made after Claude Code last wrote its figure": difference < 0 and not metering,
        "calls were made after the last report of the meters": difference < 0 and metering,
    }
    return [reason for reason, holds in found.items() if holds]
