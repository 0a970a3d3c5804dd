"""The rules that are always there."""

from __future__ import annotations

from collections.abc import Iterable

from claude_mpm_monitor.model.alert import Condition
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.pricing.money import PICODOLLARS


class BudgetRule:
    """A session has cost more than the user wants to spend unasked."""

    name = "budget"
    topics: tuple[str, ...] = ("usage",)

    def __init__(self, usd: float) -> None:
        self._usd = usd

    def conditions(self, change: Change) -> Iterable[Condition]:
        """Look at what sessions cost."""
        if change.value.get("by") != "session":
            return
        session_id = change.value["session_id"]
        cost = change.value["cost"]["total"] / PICODOLLARS
        yield Condition(
            key=session_id,
            holds=cost > self._usd,
            title=f"Over budget: {cost:.2f} USD",
            detail=f"The session has cost more than the {self._usd:.2f} USD set as budget_usd.",
            session_id=session_id,
        )
