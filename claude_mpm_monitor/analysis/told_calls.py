"""Told: what Claude Code's telemetry says about one request to the model.

An `api_request` record and an `llm_request` span tell of a request when it has been answered; the
record knows the price and how cache writes divide, the span why the answer ended. Both name the
request by the id that transcript lines have too. Requests that no transcript line names (the
summary of a compaction, a title, a session whose transcript is gone) are calls in their own right.

`merge_told` gives the same whatever the order and however often a record is seen, and so does
`join`, as it is worked out from the merged sides each time.
"""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.analysis.api_calls import TELEMETRY, CallRecord, union
from claude_mpm_monitor.analysis.facts import whole
from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.pricing.money import from_usd
from claude_mpm_monitor.pricing.usage import Usage

Json = dict[str, Any]

RECORD = "otel.log.api_request"
SPAN = "otel.span.llm_request"
KINDS = (RECORD, SPAN)
#: Before the request's id, where a call is known from telemetry alone and so has no message id.
_ALONE = "request/"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What telemetry says of one request, out of one record or several, merged.

    Times are microseconds, `at` since the epoch, UTC: when the answer was complete. `stated_cost`
    is Claude Code's own figure in picodollars; it is shown, never added up. `attempt` counts from
    one. None and "" stand for what was not said.
    """

    request_id: str
    at: int
    session_id: str = ""
    agent_id: str = ""
    prompt_id: str = ""
    model: str = ""
    cli_version: str = ""
    query_source: str = ""
    stop_reason: str = ""
    recorded: bool = False
    usage: Usage = Usage()
    stated_cost: int | None = None
    duration_us: int | None = None
    ttft_us: int | None = None
    attempt: int | None = None
    events: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Where the call's document is, as long as telemetry alone knows it."""
        return _ALONE + self.request_id


def told_in(event: Event) -> Told | None:
    """Return what a record of telemetry says of a request; None when it was not answered."""
    data = event.data()
    said, about = _object(data, "attributes"), _object(data, "resource")
    request_id = _text(said, "request_id")
    if not request_id or said.get("success") is False or "output_tokens" not in said:
        return None
    return Told(
        request_id=request_id,
        at=event.at,
        session_id=event.session_id,
        agent_id=event.agent_id,
        prompt_id=event.prompt_id,
        model=_text(said, "model"),
        cli_version=_text(about, "service.version"),
        query_source=_query_source(said),
        stop_reason=_text(said, "stop_reason"),
        recorded=event.kind == RECORD,
        usage=_usage(said),
        stated_cost=from_usd(said.get("cost_usd")),
        duration_us=_microseconds(said.get("duration_ms")),
        ttft_us=_microseconds(said.get("ttft_ms")),
        attempt=whole(said.get("attempt")),
        events=(event.event_id,),
    )


def merge_told(known: Told | None, other: Told) -> Told:
    """Return what both say about one request."""
    if known is None or known == other:
        return other
    best, rest = (known, other) if _rank(known) >= _rank(other) else (other, known)
    return msgspec.structs.replace(
        best,
        at=min(best.at, rest.at),
        session_id=max(best.session_id, rest.session_id),
        agent_id=max(best.agent_id, rest.agent_id),
        prompt_id=max(best.prompt_id, rest.prompt_id),
        model=max(best.model, rest.model),
        cli_version=max(best.cli_version, rest.cli_version),
        query_source=max(best.query_source, rest.query_source),
        stop_reason=max(best.stop_reason, rest.stop_reason),
        attempt=max((best.attempt, rest.attempt), key=_known),
        events=union(best.events, rest.events),
    )


def join(call: CallRecord, told: Told) -> CallRecord:
    """Return a call of the transcripts with what telemetry knows better.

    That is the output, where a release wrote lines before the answer had ended, and the session
    that made the call, where only a fork's copy of it is left.
    """
    usage = call.usage
    if usage.prompt == told.usage.prompt:
        usage = msgspec.structs.replace(usage, output=max(usage.output, told.usage.output))
    session_id, seen_in = call.session_id, call.seen_in
    if told.session_id and (call.copied or told.session_id in seen_in):
        session_id, seen_in = told.session_id, union(seen_in, (told.session_id,))
    return msgspec.structs.replace(
        call,
        usage=usage,
        session_id=session_id,
        seen_in=seen_in,
        stop_reason=call.stop_reason or told.stop_reason,
        evidence=union(call.evidence, (TELEMETRY,)),
        events=union(call.events, told.events),
    )


def as_call(told: Told) -> CallRecord:
    """Return the call that telemetry alone tells of."""
    return CallRecord(
        message_id=told.key,
        at=told.at,
        usage=told.usage,
        request_id=told.request_id,
        session_id=told.session_id,
        agent_id=told.agent_id,
        prompt_id=told.prompt_id,
        model=told.model,
        cli_version=told.cli_version,
        line_total=told.usage.total,
        stop_reason=told.stop_reason,
        seen_in=(told.session_id,) if told.session_id else (),
        evidence=(TELEMETRY,),
        events=told.events,
    )


def _rank(told: Told) -> tuple[Any, ...]:
    """Order by how well a record knows figures: they are taken from one record, not mixed."""
    usage = told.usage
    return (
        told.recorded,
        usage.total,
        msgspec.structs.astuple(usage),
        *map(_known, (told.stated_cost, told.duration_us, told.ttft_us)),
    )


def _known(value: int | None) -> int:
    return -1 if value is None else value


def _usage(said: Json) -> Usage:
    """Return the tokens of a request; `input_tokens` leaves the cache out here, as the API does."""
    speed = _text(said, "speed")
    return Usage.parse(
        {
            "input_tokens": said.get("input_tokens"),
            "output_tokens": said.get("output_tokens"),
            "cache_read_input_tokens": said.get("cache_read_tokens"),
            "cache_creation_input_tokens": said.get("cache_creation_tokens"),
            "cache_creation": {"ephemeral_1h_input_tokens": said.get("cache_creation_1h_tokens")},
            "speed": "" if speed == "normal" else speed,
        }
    )


def _query_source(said: Json) -> str:
    """Return who asked; spans write "agent.builtin.Explore" for "agent:builtin:Explore"."""
    return _text(said, "query_source") or _text(said, "query_source_safe").replace(".", ":")


def _microseconds(milliseconds: object) -> int | None:
    number = whole(milliseconds)
    return None if number is None else number * 1_000


def _object(fields: Json, name: str) -> Json:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
