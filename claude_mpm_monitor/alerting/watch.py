"""Watch: turns conditions, which come and go, into alerts, which fire once and are resolved once.

Pure: time comes from outside. A condition is pending until it has held for `after_seconds`, and an
alert goes on until its condition has not held for `calm_seconds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from claude_mpm_monitor.model.alert import Alert, Condition

SECOND = 1_000_000
#: Conditions watched at once. A session that was killed is stuck for ever.
WATCHED = 2_000


class _Watched(msgspec.Struct):
    """What is known of one condition. `calm_since` is 0 while it holds.

    `following` is the same condition begun anew while an alert of before is still firing.
    """

    condition: Condition
    firing: bool = False
    calm_since: int = 0
    following: Condition | None = None


class Watch:
    """The conditions of all rules. One thread at a time; times in µs since the epoch."""

    def __init__(self) -> None:
        self._watched: dict[tuple[str, str], _Watched] = {}

    def resume(self, alert: Alert) -> None:
        """Take in an alert that another process, or this one before a restart, has fired."""
        condition = Condition(
            key=alert.key,
            holds=True,
            since=alert.since,
            title=alert.title,
            detail=alert.detail,
            severity=alert.severity,
            session_id=alert.session_id,
            agent_id=alert.agent_id,
        )
        self._watched[alert.rule, alert.key] = _Watched(condition, firing=True)

    def look(self, rule: str, conditions: Iterable[Condition], now: int) -> Iterator[Alert]:
        """Take in what a rule says; yield the alerts that this alone brings about."""
        for condition in conditions:
            place = (rule, condition.key)
            known = self._watched.get(place)
            if known is not None and known.firing and not _is_due(condition, now):
                known.calm_since = known.calm_since or now
                known.following = condition if condition.holds else None
                known.condition = msgspec.structs.replace(
                    known.condition, calm_seconds=condition.calm_seconds
                )
                yield from self._settle(place, known, now)
            elif condition.holds:
                yield from self._holds(place, known, condition, now)
            elif known is not None:
                del self._watched[place]

    def tick(self, now: int) -> Iterator[Alert]:
        """Yield the alerts that the passing of time brings about."""
        for place, watched in list(self._watched.items()):
            if watched.calm_since:
                yield from self._settle(place, watched, now)
            else:
                yield from self._fire(place, watched, now)

    def _make_room(self, now: int) -> Iterator[Alert]:
        """Let go of the conditions that were there first: what never ends must not pile up."""
        while len(self._watched) > WATCHED:
            place = next(iter(self._watched))
            oldest = self._watched.pop(place)
            if oldest.firing:
                yield _alert(place[0], oldest.condition, "resolved", now)

    def _holds(
        self, place: tuple[str, str], known: _Watched | None, condition: Condition, now: int
    ) -> Iterator[Alert]:
        if known is None:
            known = self._watched[place] = _Watched(condition)
            yield from self._make_room(now)
        elif known.firing:
            # The same alert, however its words or its beginning have changed since.
            known.calm_since = 0
        else:
            known.condition = condition
        yield from self._fire(place, known, now)

    def _fire(self, place: tuple[str, str], watched: _Watched, now: int) -> Iterator[Alert]:
        condition = watched.condition
        if watched.firing or not _is_due(condition, now):
            return
        watched.firing = True
        yield _alert(place[0], condition, "firing", now)

    def _settle(self, place: tuple[str, str], watched: _Watched, now: int) -> Iterator[Alert]:
        if now < watched.calm_since + watched.condition.calm_seconds * SECOND:
            return
        del self._watched[place]
        if watched.following is not None:
            self._watched[place] = _Watched(watched.following)
        yield _alert(place[0], watched.condition, "resolved", now)


def _is_due(condition: Condition, now: int) -> bool:
    return condition.holds and now >= condition.since + condition.after_seconds * SECOND


def _alert(
    rule: str, condition: Condition, state: Literal["firing", "resolved"], now: int
) -> Alert:
    return Alert(
        rule=rule,
        key=condition.key,
        state=state,
        since=condition.since,
        at=now,
        title=condition.title,
        detail=condition.detail,
        severity=condition.severity,
        session_id=condition.session_id,
        agent_id=condition.agent_id,
    )
