"""ActivityReport: when there was work: turns and tool calls over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from claude_mpm_monitor.model.report import Line, Question, Section, Series

HOUR_US = 3_600_000_000
#: Points in a line at most: where there are more hours, a point stands for several.
MOST_POINTS = 240
_LINES = (("turn", "Turns"), ("tool_call", "Tool calls"))


class ActivityReport:
    """Counts what began within each hour, or each few hours."""

    name = "activity"
    title = "When there was work"

    def run(self, question: Question) -> Iterator[Section]:
        """Return one series with a line for turns and one for tool calls."""
        hours = {topic: _by_hour(question, topic) for topic, _ in _LINES}
        every = [hour for counted in hours.values() for hour in counted]
        first, last = min(every, default=0), max(every, default=-1)
        step = max(1, -(-(last - first + 1) // MOST_POINTS))
        lines = [
            Line(label=label, points=_points(hours[topic], first, last, step))
            for topic, label in _LINES
        ]
        every_so = "hour" if step == 1 else f"{step} hours"
        yield Series(title=f"Begun within each {every_so}", series=lines)


def _by_hour(question: Question, topic: str) -> Counter[int]:
    return Counter(
        value["started_at"] // HOUR_US
        for value in question.documents(topic)
        if value.get("started_at")
    )


def _points(hours: Counter[int], first: int, last: int, step: int) -> list[tuple[int, float]]:
    return [
        (begin * HOUR_US, sum(hours[hour] for hour in range(begin, begin + step)))
        for begin in range(first, last + 1, step)
    ]
