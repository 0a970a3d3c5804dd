"""What alerts, rules and sinks are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Protocol, runtime_checkable

import msgspec

from claude_mpm_monitor.model.analyzer import Change

Severity = Literal["info", "warning", "critical"]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of one document: whether something holds that calls for attention.

    `key` names what it is about, within the rule (a session's id). `since` is when it began, in
    microseconds since the epoch; it identifies the alert, so it must be the same whenever the same
    state is looked at. The alert fires when the condition has held for `after_seconds`, and is
    over when it has not held for `calm_seconds`: a condition that comes and goes is one alert.
    """

    key: str
    holds: bool
    since: int = 0
    title: str = ""
    detail: str = ""
    severity: Severity = "warning"
    session_id: str = ""
    agent_id: str = ""
    after_seconds: float = 0.0
    calm_seconds: float = 0.0


@runtime_checkable
class Rule(Protocol):
    """Looks at documents and says what holds. Consumer thread of the dashboard's owner.

    `conditions` must depend on the document alone: time passing is the monitor's business.
    """

    name: str
    topics: tuple[str, ...]

    def conditions(self, change: Change) -> Iterable[Condition]:
        """Return what holds, and what no longer does, as far as this document tells."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that calls for attention, or no longer does. Times in µs since the epoch, UTC."""

    rule: str
    key: str
    state: Literal["firing", "resolved"]
    since: int
    at: int
    title: str
    detail: str = ""
    severity: Severity = "warning"
    session_id: str = ""
    agent_id: str = ""
    #: Where the session is shown; "" where no page is served.
    url: str = ""


@runtime_checkable
class Sink(Protocol):
    """Delivers alerts to somebody. Runs on the alerts' own thread and may wait for a network."""

    name: str

    def deliver(self, alert: Alert) -> None:
        """Deliver the alert, or raise with a sentence that says why it could not be."""
