"""An analyzer that remembers, for every tool, how often it was slow and its slowest call.

The report on the board leads to the slow calls themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nlargest
from typing import Any

from claude_mpm_monitor import (
    Analyzer,
    Documents,
    Event,
    Finding,
    Findings,
    Question,
    Report,
    Section,
    Setting,
    hookimpl,
)

SHOWN = 20
FINISHED = ("PostToolUse", "PostToolUseFailure")


class SlowTools:
    """Keeps one document a tool under the topic "slow_tools"."""

    name = "slow_tools"
    #: Raise this after changing `apply`: the monitor then rebuilds the documents from its log.
    version = 1
    topics = ("slow_tools",)

    def __init__(self, limit_seconds: float) -> None:
        self.limit_us = int(limit_seconds * 1_000_000)

    def apply(self, event: Event, documents: Documents) -> None:
        """Count one finished tool call. Called for every event, in the order of the log."""
        milliseconds = event.data().get("duration_ms")
        if event.kind not in FINISHED or not isinstance(milliseconds, int):
            return
        duration_us = milliseconds * 1_000
        tool = documents.get("slow_tools", event.tool_name) or {
            "tool_name": event.tool_name,
            "calls": 0,
            "slow_calls": 0,
            "slowest": None,
        }
        tool["calls"] += 1
        tool["slow_calls"] += duration_us >= self.limit_us
        if tool["slowest"] is None or duration_us > tool["slowest"]["duration_us"]:
            tool["slowest"] = {
                "duration_us": duration_us,
                "session_id": event.session_id,
                "seq": event.seq,
                "summary": event.summary,
            }
        documents.put("slow_tools", event.tool_name, tool)


class SlowCalls:
    """The slowest calls of what is asked about: a session, a project, a query."""

    name = "slow-calls"
    title = "Slow calls"

    def __init__(self, limit_seconds: float) -> None:
        self.limit_us = int(limit_seconds * 1_000_000)

    def run(self, question: Question) -> Iterator[Section]:
        """Answer with one finding a call; the page leads from it to the call."""
        calls = (call for call in question.documents("tool_call") if self.is_slow(call))
        slowest = nlargest(SHOWN, calls, key=lambda call: call["busy_us"])
        yield Findings(
            findings=[
                Finding(
                    title=f"{call['tool_name']} took {lasted(call['busy_us'])}",
                    detail=call["detail"],
                    session_id=call["session_id"],
                    tool_use_id=call["tool_use_id"],
                )
                for call in slowest
            ]
        )

    def is_slow(self, call: dict[str, Any]) -> bool:
        """Whether the call has ended, and late."""
        return (call["busy_us"] or 0) >= self.limit_us


def lasted(duration_us: int) -> str:
    """Return a duration as a person says it."""
    seconds = duration_us / 1e6
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s"


@hookimpl
def monitor_register_settings() -> list[Setting]:
    """Let the user choose, in plugins.toml under [slow_tools]."""
    return [
        Setting(
            name="limit_seconds",
            default=10.0,
            minimum=0,
            help="Calls that take at least so long (seconds) count as slow.",
        )
    ]


@hookimpl
def monitor_register_analyzers(settings: Any) -> list[Analyzer]:
    """Hand the analyzer to the monitor. Called once, when it starts."""
    return [SlowTools(settings.limit_seconds)]


@hookimpl
def monitor_register_reports(settings: Any) -> list[Report]:
    """Hand the report to the monitor: it is a tile of the board."""
    return [SlowCalls(settings.limit_seconds)]
