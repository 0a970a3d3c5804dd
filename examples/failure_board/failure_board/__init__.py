"""A dashboard tab that lists failed tool calls, tool by tool, and counts them over the store."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from claude_mpm_monitor import Call, MessageCall, MessageSpec, RouteSpec, WidgetSpec, hookimpl

STATIC = Path(__file__).resolve().parent / "static"
FAILED = ("error", "denied", "interrupted")


@hookimpl
def monitor_register_widgets() -> list[WidgetSpec]:
    """Tell the dashboard about the widget. Called once, when the monitor starts."""
    return [
        WidgetSpec(
            id="example.failure-board",
            title="Failures",
            module="failure-board.js",
            static_dir=STATIC,
            topics=("tool_call", "state"),
            placement="tab",
        )
    ]


@hookimpl
def monitor_register_messages() -> list[MessageSpec]:
    """Tell the page what it cannot count itself: it holds the newest calls only."""
    return [MessageSpec(name="totals", handler=totals, summary="Calls and failures by tool.")]


@hookimpl
def monitor_register_routes() -> list[RouteSpec]:
    """Tell scripts the same: `GET /api/v1/plugins/failure_board/totals?session=…`."""
    summary = "Calls and failures by tool, of all sessions or one."
    return [RouteSpec(path="totals", handler=answer_totals, summary=summary)]


def totals(call: MessageCall) -> dict[str, dict[str, int]]:
    """Tell the page; it says which session, "" for all."""
    return by_tool(call.query, call.as_type(str))


def answer_totals(call: Call) -> dict[str, dict[str, int]]:
    """Tell who asks by HTTP."""
    return by_tool(call.query, call.parameters.get("session", ""))


def by_tool(query: Any, session_id: str) -> dict[str, dict[str, int]]:
    """Return how often each tool was called and failed, in a session or ("") in the whole store."""
    calls: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for found in query.every_document("tool_call", session_id=session_id):
        calls[found.value["tool_name"]] += 1
        failed[found.value["tool_name"]] += found.value["status"] in FAILED
    return {tool: {"calls": count, "failed": failed[tool]} for tool, count in calls.items()}
