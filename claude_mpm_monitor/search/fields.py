"""The fields a query can compare, and what each comparison is in SQL.

Conditions are about the table `events`. Status, duration, file and error are known of the tool
call that an event is about, and of no other event. What a call has by itself is compared in
conditions about `documents AS call`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from claude_mpm_monitor.search.language import Comparison, Operator, QueryError

Sql = tuple[str, list[object]]

STATUSES = ("running", "ok", "error", "denied", "interrupted", "unknown")
_UNITS = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_AGO = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_CALL = (
    "EXISTS (SELECT 1 FROM documents AS call WHERE call.topic = 'tool_call' AND call.key = "
    "events.session_id || '/' || events.tool_use_id AND events.tool_use_id <> '' AND {})"
)
_AGENT = (
    "EXISTS (SELECT 1 FROM documents AS agent WHERE agent.topic = 'agent' AND agent.key = "
    "{0}.session_id || '/' || {0}.agent_id AND {0}.agent_id <> '' "
    "AND json_extract(agent.value, '$.agent_type') LIKE ? ESCAPE '\\')"
)

Compare = Callable[[Comparison, datetime], Sql]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `column` names the column of `events` that its values are in, "" if none is.

    `of_call` compares what a tool call itself has, None where that is known of its events only.
    """

    name: str
    help: str
    compare: Compare
    of_call: Compare | None = None
    column: str = ""
    choices: tuple[str, ...] = ()


def condition(comparison: Comparison, now: datetime) -> Sql:
    """Return the comparison in SQL; raises QueryError. `now` has a time zone: the reader's."""
    return field_of(comparison).compare(comparison, now)


def field_of(comparison: Comparison) -> Field:
    """Return the field that is compared; raises QueryError when it cannot have that value."""
    field = FIELDS.get(comparison.field)
    if field is None:
        start = comparison.position - len(comparison.operator) - len(comparison.field)
        near = _near(comparison.field, FIELDS)
        hint = f": did you mean {near}?" if near else f"; there are {', '.join(FIELDS)}."
        raise QueryError(
            f"There is no field {comparison.field!r}{hint}",
            start,
            len(comparison.field),
            near,
        )
    if field.choices and comparison.value.lower() not in field.choices:
        near = _near(comparison.value.lower(), field.choices)
        raise _refusal(comparison, f"{field.name} is one of {', '.join(field.choices)}.", near)
    return field


def like(value: str) -> str:
    """Return a value with `*` for any letters as a pattern for LIKE … ESCAPE '\\'."""
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _is(expression: str) -> Compare:
    def compare(comparison: Comparison, now: datetime) -> Sql:
        return _equal(expression, comparison)

    return compare


def _equal(expression: str, comparison: Comparison) -> Sql:
    _only_colon(comparison)
    return f"{expression} LIKE ? ESCAPE '\\'", [like(comparison.value)]


def _by_call(of_call: Compare) -> Compare:
    """Return the comparison of an event with what is known of its tool call."""

    def compare(comparison: Comparison, now: datetime) -> Sql:
        inner, values = of_call(comparison, now)
        return _CALL.format(inner), values

    return compare


def _session_in(column: str) -> Compare:
    """The beginning of an id will do: nobody writes them out."""

    def compare(comparison: Comparison, now: datetime) -> Sql:
        _only_colon(comparison)
        return f"{column} LIKE ? ESCAPE '\\'", [f"{like(comparison.value)}%"]

    return compare


def _project(comparison: Comparison, now: datetime) -> Sql:
    """A project's folder, or the last part of it."""
    _only_colon(comparison)
    pattern = like(comparison.value)
    expression = "events.project LIKE ? ESCAPE '\\'"
    return f"({expression} OR {expression})", [pattern, f"%/{pattern}"]


def _agent_of(table: str) -> Compare:
    """What the agent is, or its id; `main` is the one without."""

    def compare(comparison: Comparison, now: datetime) -> Sql:
        _only_colon(comparison)
        if comparison.value.lower() == "main":
            return f"{table}.agent_id = ''", []
        pattern = like(comparison.value)
        is_it = f"({table}.agent_id LIKE ? ESCAPE '\\' OR {_AGENT.format(table)})"
        return is_it, [pattern, pattern]

    return compare


def _file(comparison: Comparison, now: datetime) -> Sql:
    """A path, or the end of one."""
    _only_colon(comparison)
    pattern = like(comparison.value)
    path = "json_extract(call.value, '$.file.path') LIKE ? ESCAPE '\\'"
    return f"({path} OR {path})", [pattern, f"%/{pattern}"]


def _model_in(column: str) -> Compare:
    def compare(comparison: Comparison, now: datetime) -> Sql:
        _only_colon(comparison)
        sessions = "SELECT session FROM sessions WHERE model LIKE ? ESCAPE '\\'"
        return f"{column} IN ({sessions})", [f"%{like(comparison.value)}%"]

    return compare


def duration_us(comparison: Comparison) -> float:
    """Return the duration compared with (µs); raises QueryError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)?", comparison.value.lower())
    if found is None:
        raise _refusal(comparison, "A duration is a number and ms, s, m or h, as in dur>5s.", "5s")
    return float(found[1]) * _UNITS[found[2] or "s"]


def picodollars(comparison: Comparison) -> float:
    """Return the cost compared with (picodollars); raises QueryError."""
    found = re.fullmatch(r"\$?(\d+(?:\.\d+)?)", comparison.value)
    if found is None:
        raise _refusal(comparison, "A cost is a number of dollars, as in cost>0.10.", "0.10")
    return float(found[1]) * 1e12


def tokens_in(comparison: Comparison) -> float:
    """Return the number of tokens compared with; raises QueryError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([km])?", comparison.value.lower())
    if found is None:
        raise _refusal(comparison, "Tokens are a number, as in tokens>50k.", "50k")
    return float(found[1]) * {"": 1, "k": 1e3, "m": 1e6}[found[2] or ""]


def _duration(comparison: Comparison, now: datetime) -> Sql:
    limit = duration_us(comparison)
    operator = _ordering(comparison, "dur>5s")
    return f"json_extract(call.value, '$.duration_us') {operator} ?", [limit]


def _of_answer(column: str, number_of: Callable[[Comparison], float], example: str) -> Compare:
    def compare(comparison: Comparison, now: datetime) -> Sql:
        limit = number_of(comparison)
        operator = _ordering(comparison, example)
        told = f"SELECT {column} FROM event_costs WHERE event_costs.seq = events.seq"
        return f"({told}) {operator} ?", [limit]

    return compare


def _seq(comparison: Comparison, now: datetime) -> Sql:
    if not comparison.value.isascii() or not comparison.value.isdigit():
        raise _refusal(comparison, "seq is the number of an event, as in seq>100.", "")
    operator = "=" if comparison.operator == ":" else comparison.operator
    return f"events.seq {operator} ?", [min(int(comparison.value), 2**62)]


def _after(comparison: Comparison, now: datetime) -> Sql:
    _only_colon(comparison)
    return "events.at >= ?", [moment_us(comparison, now)]


def _before(comparison: Comparison, now: datetime) -> Sql:
    _only_colon(comparison)
    return "events.at < ?", [moment_us(comparison, now)]


def moment_us(comparison: Comparison, now: datetime) -> int:
    """Return µs since the epoch of a date, a time, or how long ago; raises QueryError."""
    value = comparison.value
    try:
        if found := re.fullmatch(r"(\d{1,6})([smhdw])", value):
            moment = now - timedelta(seconds=int(found[1]) * _AGO[found[2]])
        elif found := re.fullmatch(r"(\d{1,2}):(\d{2})", value):
            moment = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        else:
            moment = datetime.fromisoformat(value)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
        return max(0, round(moment.timestamp() * 1e6))
    except (ValueError, OverflowError):
        problem = "A time is a date (2026-11-01), a time of today (14:30) or how long ago (2h, 3d)."
        raise _refusal(comparison, problem, "2h") from None


def _only_colon(comparison: Comparison) -> None:
    if comparison.operator != ":":
        raise _refusal(
            comparison, f"{comparison.field} has no order: write {comparison.field}:.", ""
        )


def _ordering(comparison: Comparison, example: str) -> Operator:
    if comparison.operator == ":":
        raise _refusal(comparison, f"Say whether more or less is meant, as in {example}.", "")
    return comparison.operator


def _refusal(comparison: Comparison, problem: str, suggestion: str) -> QueryError:
    return QueryError(problem, comparison.position, max(1, len(comparison.value)), suggestion)


def _near(name: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, list(known), 1)), "")


def _field_of_call(
    name: str, help_text: str, of_call: Compare, choices: tuple[str, ...] = ()
) -> Field:
    """Return a field that an event has by its tool call alone."""
    compare = _by_call(of_call)
    return Field(name=name, help=help_text, compare=compare, of_call=of_call, choices=choices)


FIELDS = {
    field.name: field
    for field in (
        Field(
            name="tool",
            help="the tool: Bash, mcp__*",
            compare=_is("events.tool_name"),
            of_call=_is("json_extract(call.value, '$.tool_name')"),
            column="tool_name",
        ),
        _field_of_call(
            "status",
            "how the tool call ended",
            _is("json_extract(call.value, '$.status')"),
            STATUSES,
        ),
        Field(
            name="agent",
            help="the agent's type or id; main",
            compare=_agent_of("events"),
            of_call=_agent_of("call"),
            column="agent_id",
        ),
        Field(
            name="kind",
            help="what happened: PreToolUse, transcript.*",
            compare=_is("events.kind"),
            column="kind",
        ),
        Field(
            name="session",
            help="the session's id, or its beginning",
            compare=_session_in("events.session_id"),
            of_call=_session_in("call.session_id"),
            column="session_id",
        ),
        Field(
            name="project",
            help="the project's folder, or its last part",
            compare=_project,
            column="project",
        ),
        _field_of_call("file", "the file a call touched: *.py", _file),
        Field(
            name="model",
            help="the model of the session",
            compare=_model_in("events.session_id"),
            of_call=_model_in("call.session_id"),
        ),
        _field_of_call("dur", "how long the tool call took: dur>5s", _duration),
        Field(
            name="cost",
            help="dollars of the answer it is part of: cost>0.10",
            compare=_of_answer("cost", picodollars, "cost>0.10"),
        ),
        Field(
            name="tokens",
            help="tokens of the answer it is part of: tokens>50k",
            compare=_of_answer("tokens", tokens_in, "tokens>50k"),
        ),
        _field_of_call(
            "error", "what the tool call failed with", _is("json_extract(call.value, '$.error')")
        ),
        Field(name="after", help="not before: 2h, 14:30, 2026-11-01", compare=_after),
        Field(name="before", help="before: 2h, 14:30, 2026-11-01", compare=_before),
        Field(name="branch", help="the git branch", compare=_is("events.branch"), column="branch"),
        Field(name="source", help="how it came", compare=_is("events.source"), column="source"),
        Field(name="prompt", help="the turn's id", compare=_is("events.prompt_id")),
        Field(name="seq", help="the event's number: seq>100", compare=_seq),
    )
}
