"""AlertAnalyzer: what alerts there are, out of the events that say so."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.model.alert import Alert
from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event

#: The kind of the events that fire and resolve alerts. They belong to no session, since they would
#: be a sign of life of one that is watched for having none.
KIND = "monitor.alert"
TOPIC = "alert"


class AlertAnalyzer:
    """One document for each rule and what it is about: the latest alert. Consumer thread only."""

    name = "monitor.alerts"
    version = 1
    topics: tuple[str, ...] = (TOPIC,)
    kinds = frozenset({KIND})

    def apply(self, event: Event, documents: Documents) -> None:
        """Take in an alert."""
        try:
            alert = msgspec.convert(event.data(), Alert)
        except msgspec.ValidationError:
            return  # somebody else's event of that name
        key = f"{alert.rule}/{alert.key}"
        known = documents.get(TOPIC, key)
        if known is not None and (known["since"], known["at"]) > (alert.since, alert.at):
            return
        documents.put(
            TOPIC,
            key,
            _document(alert, known),
            session_id=alert.session_id,
            agent_id=alert.agent_id,
        )


def _document(alert: Alert, known: Json | None) -> Json:
    value: Json = msgspec.to_builtins(alert)
    del value["url"]
    firing = alert.state == "firing"
    value["fired"] = (0 if known is None else known["fired"]) + firing
    value["fired_at"] = alert.at if firing or known is None else known["fired_at"]
    value["resolved_at"] = None if firing else alert.at
    return value
