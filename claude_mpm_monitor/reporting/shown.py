"""Figures as they are shown: exact dollars, what is behind them, and what they are called."""

from __future__ import annotations

from urllib.parse import urlencode

from claude_mpm_monitor.analysis import sums
from claude_mpm_monitor.model.analyzer import Json
from claude_mpm_monitor.pricing.money import to_usd
from claude_mpm_monitor.reporting.costs import Question
from claude_mpm_monitor.storage.query import Query

#: Events that tell of API calls.
_TELLING = "transcript.assistant,transcript.progress,otel.log.api_request,otel.span.llm_request"
#: Field of a row → parameter of the lists it leads to.
_PARAMETERS = {
    "session_id": "session",
    "agent_id": "agent",
    "prompt_id": "prompt_id",
    "model": "model",
}


def usd(picodollars: int) -> str:
    """Return an amount in USD, exact, in plain digits: "0.15251"."""
    text = f"{to_usd(picodollars):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_usd(values: Json) -> Json:
    """Return sums with `usd`, the same amounts as `cost` in dollars, and the cache hit ratio.

    `cost` and `usd` are of the calls that have a price; `unpriced` says how many have none.
    """
    return {
        **values,
        "usd": {name: usd(part) for name, part in values["cost"].items()},
        "cache_hit_ratio": sums.cache_hit_ratio(values),
    }


def links(row: Json, question: Question) -> dict[str, str]:
    """Return the query strings that list what a row rests on, by the name of the list."""
    if question.by == "agent_type":
        return {}  # calls do not know the type of their agent
    if question.by == "tool":
        named = {"tool_name": row["tool_name"], "session": question.session_id}
        return {"tool-calls": urlencode(_given(named))} if row["tool_name"] else {}
    if question.by == "commit":
        named = {"session": row["session_id"], "sha": row["sha"]}
        return {"commits": urlencode(named)} if row["sha"] else {}
    if question.by == "project":
        days = {"from": question.first_day, "to": question.last_day, "tz": question.clock}
        return {"costs": urlencode({"by": "session", "project": row["project"]} | _given(days))}
    day = row.get("day")
    days = {"from": day or question.first_day, "to": day or question.last_day}
    names = {_PARAMETERS[field]: row[field] for field in _PARAMETERS if field in row}
    if question.session_id:
        names.setdefault("session", question.session_id)
    clock = {"tz": question.clock if any(days.values()) else ""}
    found = {"api-calls": urlencode(names | _given(days | clock))}
    if question.by in ("session", "agent") and question.every_day:
        found["events"] = urlencode({**names, "kind": _TELLING})
    return found


def labels(query: Query, row: Json) -> Json:
    """Return what a row is called: a session's title and project, an agent's type, a prompt."""
    if "sha" in row:
        key = f"{row['session_id']}/{row['sha']}"
        return _of(query, "commit", key, "subject", "branch", "at", "project")
    if "agent_id" in row:
        return _of(
            query, "agent", f"{row['session_id']}/{row['agent_id']}", "agent_type", "description"
        )
    if "prompt_id" in row:
        return _of(query, "turn", f"{row['session_id']}/{row['prompt_id']}", "prompt", "started_at")
    if "session_id" in row:
        return _of(query, "session", row["session_id"], "title", "project")
    return {}


def _of(query: Query, topic: str, key: str, *fields: str) -> Json:
    found = query.document(topic, key)
    return {field: None if found is None else found.value.get(field) for field in fields}


def _given(parameters: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if value}
