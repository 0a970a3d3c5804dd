"""What a session's figures rest on, and which requests to the model failed, for a person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from claude_mpm_monitor.cli.output import print_table, say

Json = dict[str, Any]
_SOURCES = ("hooks", "transcript", "telemetry")
_FACTS = {"tool_calls": "tool calls", "prompts": "prompts", "api_calls": "API calls"}


def print_errors(errors: list[Json]) -> None:
    """Print what requests failed with, the most frequent first; nothing when none did."""
    if not errors:
        return
    say()
    say(f"Failed requests to the model: {len(errors)}")
    for what, times in Counter(map(_error, errors)).most_common():
        say(f"  - {what}" + (f" ({times} x)" if times > 1 else ""))


def print_sources(coverage: Json | None) -> None:
    """Print what hooks, the transcript and telemetry each told, and what one of them alone knew."""
    if coverage is None:
        return
    told = [source for source in _SOURCES if coverage[source]["events"]]
    say()
    print_table(
        ("~source", ">events", *(f">{name}" for name in _FACTS.values()), "~it alone knew"),
        [
            (
                source,
                f"{coverage[source]['events']:,}",
                *(f"{coverage[source][fact]:,}" for fact in _FACTS),
                _alone(coverage["only"][source]) if len(told) > 1 else "",
            )
            for source in told
        ],
    )


def _alone(only: Json) -> str:
    return ", ".join(f"{only[fact]:,} {name}" for fact, name in _FACTS.items() if only[fact])


def _error(error: Json) -> str:
    status = f" (HTTP {error['status_code']})" if error["status_code"] else ""
    return (error["error"] or "no reason was given") + status
