"""An analyzer that remembers, for every tool, how often it was slow and its slowest call."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor import Analyzer, Documents, Event, Setting, hookimpl

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
