"""One readable line about a record of Claude Code's telemetry, for lists."""

from __future__ import annotations

from typing import Any

from claude_mpm_monitor.model.event import one_line

#: Attributes that say what a record is about, in the order in which they are worth showing.
_TELLING = (
    *("agent_type", "tool_name", "decision", "error", "prompt", "model", "query_source"),
    *("command_name", "server_name", "hook_name", "trigger", "to_mode", "status", "success"),
)
_SHOWN = 4


def describe_record(
    signal: str, name: str, record: dict[str, Any], attributes: dict[str, Any]
) -> str:
    """Return the line."""
    if signal == "metric":
        told = [_number(record.get("value")), str(record.get("unit") or "")]
        told += [_text(attributes.get(field)) for field in ("type", "model", "tool_name")]
        return one_line(" ".join(filter(None, told)))
    parts = [_text(attributes.get(field)) for field in _TELLING]
    parts = [part for part in parts if part][:_SHOWN]
    parts += _figures(signal, record, attributes)
    return one_line(" · ".join(parts) or name)


def _figures(signal: str, record: dict[str, Any], attributes: dict[str, Any]) -> list[str]:
    figures: list[str] = []
    for field, word in (("input_tokens", "in"), ("output_tokens", "out")):
        number = attributes.get(field)
        if isinstance(number, int):
            figures.append(f"{number:,} {word}")
    cost = attributes.get("cost_usd")
    if isinstance(cost, int | float):
        figures.append(f"${cost:.4f}")
    duration = attributes.get("duration_ms")
    if signal == "span" and record["started_at"] and record["ended_at"]:
        duration = (record["ended_at"] - record["started_at"]) // 1_000
    if _number(duration):
        figures.append(f"{_number(duration)} ms")
    return figures


def _text(value: object) -> str:
    if isinstance(value, bool):
        return ""
    return value if isinstance(value, str) else ""


def _number(value: object) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return value if isinstance(value, str) and value.isdigit() else ""
