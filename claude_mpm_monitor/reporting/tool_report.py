"""ToolReport: how tools do: how often they are called, how long they take, how often they fail."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.model.report import (
    Column,
    Counter,
    Counters,
    Finding,
    Findings,
    Question,
    Section,
    Table,
)

#: A tool is a finding when at least so many of its calls, and this share of them, failed.
FAILED, SHARE = 3, 0.2
_COLUMNS = [
    Column(field="tool", title="Tool"),
    Column(field="calls", title="Calls", unit="count"),
    Column(field="failed", title="Failed", unit="count"),
    Column(field="share", title="Failed of all", unit="percent"),
    Column(field="time", title="Time", unit="us"),
    Column(field="longest", title="Longest", unit="us"),
]


class _Sum(msgspec.Struct):
    calls: int = 0
    failed: int = 0
    time: int = 0
    longest: int = 0
    last_failed: Json | None = None


class ToolReport:
    """Adds up tool calls by tool."""

    name = "tools"
    title = "How tools do"

    def run(self, question: Question) -> Iterator[Section]:
        """Return the figures of all, those of each tool, and the tools that often fail."""
        sums: dict[str, _Sum] = {}
        for call in question.documents("tool_call"):
            one = sums.setdefault(call["tool_name"], _Sum())
            one.calls += 1
            one.time += call["duration_us"] or 0
            one.longest = max(one.longest, call["duration_us"] or 0)
            if call["status"] == "error":
                one.failed += 1
                one.last_failed = call
        yield Counters(
            title="All tools",
            counters=[
                Counter(label="Calls", value=sum(one.calls for one in sums.values())),
                Counter(label="Failed", value=sum(one.failed for one in sums.values())),
                Counter(label="Time", value=sum(one.time for one in sums.values()), unit="us"),
            ],
        )
        by_time = sorted(sums.items(), key=lambda pair: (-pair[1].time, pair[0]))
        rows = [_row(tool, one) for tool, one in by_time]
        yield Table(title="By tool", columns=_COLUMNS, rows=list(rows))
        yield Findings(title="Tools that often fail", findings=_findings(sums))


def _row(tool: str, one: _Sum) -> dict[str, str | int | float | bool | None]:
    return {
        "tool": tool,
        "calls": one.calls,
        "failed": one.failed,
        "share": 100 * one.failed / one.calls,
        "time": one.time,
        "longest": one.longest,
    }


def _findings(sums: dict[str, _Sum]) -> list[Finding]:
    found = []
    for tool, one in sorted(sums.items(), key=lambda pair: -pair[1].failed):
        if one.failed >= FAILED and one.failed >= SHARE * one.calls and one.last_failed:
            found.append(
                Finding(
                    title=f"{tool} failed in {one.failed} of {one.calls} calls",
                    detail=f"The last time: {one.last_failed['detail']}",
                    severity="warning",
                    session_id=one.last_failed["session_id"],
                    tool_use_id=one.last_failed["tool_use_id"],
                )
            )
    return found
