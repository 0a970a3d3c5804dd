"""The rules that are always there: who needs a person, and what has got out of hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claude_mpm_monitor.model.alert import Condition
from claude_mpm_monitor.model.analyzer import Change, Json
from claude_mpm_monitor.pricing.money import PICODOLLARS


class WaitingRule:
    """A session waits for a permission or an answer, and nobody has come."""

    name = "waiting"
    topics: tuple[str, ...] = ("session",)

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def conditions(self, change: Change) -> Iterator[Condition]:
        """Look at where a session stands."""
        session = change.value
        waiting = session["waiting"] if session["status"] == "waiting" else None
        told: Json = waiting or {"kind": "", "since": 0, "tool_name": "", "agent_id": ""}
        what = "a permission" if told["kind"] == "permission" else "an answer"
        tool = f" for {told['tool_name']}" if told["tool_name"] else ""
        yield Condition(
            key=session["session_id"],
            holds=waiting is not None,
            since=told["since"],
            title=f"Waits for {what}{tool}",
            detail=session["title"],
            session_id=session["session_id"],
            agent_id=told["agent_id"],
            after_seconds=self._seconds,
        )


class FailedRule:
    """A session's turn ended with an error."""

    name = "failed"
    topics: tuple[str, ...] = ("session",)

    def conditions(self, change: Change) -> Iterator[Condition]:
        """Look at where a session stands."""
        session = change.value
        yield Condition(
            key=session["session_id"],
            holds=session["status"] == "failed",
            since=session["idle_since"] or session["last_at"],
            title=f"Failed: {session['error'] or 'nobody said why'}",
            detail=session["title"],
            severity="critical",
            session_id=session["session_id"],
        )


class StuckRule:
    """A session runs and has done nothing for long."""

    name = "stuck"
    topics: tuple[str, ...] = ("session",)

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def conditions(self, change: Change) -> Iterator[Condition]:
        """Look at when a session last did something: time decides the rest."""
        session = change.value
        yield Condition(
            key=session["session_id"],
            holds=session["status"] == "running",
            since=session["acted_at"] or session["last_at"],
            title="Nothing has happened for long",
            detail=session["title"],
            session_id=session["session_id"],
            after_seconds=self._seconds,
        )


class LoopRule:
    """An agent makes the same call again and again."""

    name = "loop"
    topics: tuple[str, ...] = ("agent",)

    def __init__(self, times: int) -> None:
        self._times = times

    def conditions(self, change: Change) -> Iterator[Condition]:
        """Look at the last calls of an agent."""
        agent = change.value
        yield Condition(
            key=change.key,
            holds=agent["repeats"] >= self._times,
            # Which of the calls in a row this was found at must make no other alert of it.
            since=agent["started_at"],
            title=f"The same call again and again: {agent['repeated']}",
            detail=agent["description"] or agent["agent_type"] or "the main agent",
            session_id=agent["session_id"],
            agent_id=agent["agent_id"],
        )


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
