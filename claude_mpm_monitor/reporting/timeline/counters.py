"""Counters: what requests to the model used and cost, in steps of time."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.reporting.timeline.spans import OPEN
from claude_mpm_monitor.storage.timeline_rows import RequestRow, RequestStep, TimelineRows

#: The latest requests, at least so many, are kept as they are, for they still change; the others as
#: running sums of steps (µs, 18 minutes). Finer steps are read when they are asked for.
RECENT = 2_000
STEP = 1 << 30
_TOPIC = "api_call"
_SESSION = RequestRow._fields.index("session_id")


class Counters:
    """Of one session, of all (""), or of those that belong. Kept between questions.

    One thread at a time.
    """

    def __init__(
        self,
        rows: TimelineRows,
        session_id: str,
        belongs: Callable[[str], bool] | None = None,
    ) -> None:
        self._rows, self._id, self._belongs = rows, session_id, belongs
        self._seq = rows.last_seq(_TOPIC, session_id)
        steps = self._steps(STEP, 0, OPEN)
        counted = accumulate(step.requests for step in reversed(steps))
        number = next((n for n, count in enumerate(counted, 1) if count >= RECENT), len(steps))
        self._since = steps[-number].at if number < len(steps) else 0
        self._older = _Sums([step for step in steps if step.at < self._since])
        recent = rows.requests_from(session_id, self._since, belongs)
        self._recent = {row.key: row for row in recent}
        self._most = len(recent) + RECENT
        self._latest = _Sums(sorted(recent))

    def refresh(self) -> bool:
        """Take in what changed; False when it has to be read anew."""
        seq = self._rows.last_seq(_TOPIC, self._id)
        if seq == self._seq:
            return True
        if seq < self._seq or len(self._recent) > self._most:
            return False
        changed, gone = self._rows.requests_since(self._id, self._seq)
        rows: list[RequestRow] = self._of(changed)
        keys = [key for _, key in gone if self._since and key not in self._recent]
        if keys or any(
            row.key not in self._recent and row.started_at < self._since for row in rows
        ):
            return False
        self._recent.update((row.key, row) for row in rows)
        for _, key in gone:
            self._recent.pop(key, None)
        self._latest = _Sums(sorted(self._recent.values()))
        self._seq = seq
        return True

    def _steps(self, step: int, since: int, until: int) -> list[RequestStep]:
        whose = self._belongs is not None
        return self._of(self._rows.request_steps(self._id, step, since, until, whose=whose))

    def _of(self, rows: list[Any]) -> list[Any]:
        if self._belongs is None:
            return rows
        return [row for row in rows if self._belongs(row[_SESSION])]

    def steps(self, since: int, until: int, step: int) -> Json:
        """Return tokens, cost (picodollars) and the main agent's context (its last, None before
        any) for each step (µs) of the time; the first step begins at a multiple of its length."""
        first = since // step * step
        edges = range(first, until + step, step)
        older, latest = self._older, self._latest
        if step < STEP and first < self._since:
            older = _Sums(self._steps(step, first, min(edges[-1], self._since)))
        tokens = _differences(older.tokens, older.at, edges)
        cost = _differences(older.cost, older.at, edges)
        for number, (one, other) in enumerate(
            zip(
                _differences(latest.tokens, latest.at, edges),
                _differences(latest.cost, latest.at, edges),
                strict=True,
            )
        ):
            tokens[number] += one
            cost[number] += other
        context = None
        if self._id:
            context = [
                latest.context_before(edge) or older.context_before(edge) for edge in edges[1:]
            ]
        return {"from": first, "step": step, "tokens": tokens, "cost": cost, "context": context}


class _Sums:
    """Running sums of RequestRows or RequestSteps by time; `tokens[n]` is that of the first n."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self.at = array("q", [row[0] for row in rows])
        self.tokens = array("q", accumulate([row[1] for row in rows], initial=0))
        self.cost = array("q", accumulate([row[2] for row in rows], initial=0))
        talks = [row for row in rows if row[3] >= 0]
        self._talked_at = array("q", [row[0] for row in talks])
        self._contexts = array("q", [row[3] for row in talks])

    def context_before(self, at: int) -> int | None:
        """Return the size of the main agent's last prompt before then, None without any."""
        number = bisect_left(self._talked_at, at)
        return self._contexts[number - 1] if number else None


def _differences(sums: array[int], at: array[int], edges: range) -> list[int]:
    reached = [sums[bisect_left(at, edge)] for edge in edges]
    return [after - before for before, after in pairwise(reached)]
