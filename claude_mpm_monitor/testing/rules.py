"""A bench for rules: what alerts they bring about, as time passes by a clock of the test's own."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.alerting.watch import Watch
from claude_mpm_monitor.model.alert import Alert, Rule
from claude_mpm_monitor.model.analyzer import Change, Json
from claude_mpm_monitor.testing.clock import Clock


class RuleBench:
    """Runs one rule as the monitor does. `clock` says what time it is."""

    def __init__(self, rule: Rule, clock: Clock) -> None:
        self._rule = rule
        self._clock = clock
        self._watch = Watch()

    def look(self, topic: str, key: str, value: Json) -> list[Alert]:
        """A document is new or has changed; return the alerts that this brings about."""
        assert topic in self._rule.topics, f"{topic!r} is none of the rule's topics"
        change = Change(
            topic=topic,
            key=key,
            session_id=str(value.get("session_id", "")),
            agent_id=str(value.get("agent_id", "")),
            seq=1,
            at=self._clock.now,
            text=msgspec.json.encode(value).decode(),
        )
        conditions = list(self._rule.conditions(change))
        return list(self._watch.look(self._rule.name, conditions, self._clock.now))

    def pass_time(self, seconds: float) -> list[Alert]:
        """Let time pass; return the alerts that this brings about."""
        return list(self._watch.tick(self._clock.advance(seconds)))
