"""API calls: what several transcript lines say about one call, brought together.

Claude Code writes a line for each content block of an answer, each repeating the usage of the
whole call, the early ones with an output count from when the answer had only begun. Forks, resumed
sessions and side questions write the lines again. All of them name the same `message.id`, which
is unique across all files, and one call is counted once.

`merge` gives the same whatever the order and however often a line is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from claude_mpm_monitor.pricing.cost import Cost, Unpriced
from claude_mpm_monitor.pricing.usage import Usage

T = TypeVar("T", str, tuple[str, str])

TOPIC = "api_call"

#: Where a call is known from: a line of a transcript file, one that reports an agent's progress, or
#: Claude Code's telemetry.
TRANSCRIPT = "transcript"
PROGRESS = "agent_progress"
TELEMETRY = "telemetry"

#: Releases that wrote the lines before the answer had ended and never again: the output counts of
#: calls without `stop_reason` are too small there.
_UNDER_RECORDED = ((2, 1, 11), (2, 1, 52))
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One API call as far as it is known: what one line says, or several, merged.

    `at` is the earliest time any line gives, microseconds since the epoch, UTC. `usage` is that of
    the line that counts most (see `_rank`), with the most output tokens and searches any line
    reports; the fields from `request_id` to `copied` and `line_total`, its tokens, are that line's
    too. `copied` says that a fork wrote the line again. `seen_in` are all sessions whose files
    hold the call; `session_id` is the one it belongs to. `tools` are the tool calls it asked for,
    id and name. `events` are the events it rests on.
    """

    message_id: str
    at: int
    usage: Usage = Usage()
    request_id: str = ""
    session_id: str = ""
    agent_id: str = ""
    prompt_id: str = ""
    model: str = ""
    cli_version: str = ""
    sidechain: bool = False
    copied: bool = False
    line_total: int = 0
    stop_reason: str = ""
    seen_in: tuple[str, ...] = ()
    tools: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def confidence(self) -> str:
        """Return "low" where Claude Code is known to have recorded too little output."""
        if self.stop_reason or TELEMETRY in self.evidence:
            return "high"
        return "low" if _under_records(self.cli_version) else "high"

    @property
    def apart(self) -> bool:
        """Whether this is a sampling within a request, billed beside the request's own usage."""
        return "/" in self.message_id


@lru_cache(maxsize=256)
def _under_records(cli_version: str) -> bool:
    found = _VERSION.match(cli_version)
    if found is None:
        return False
    first, last = _UNDER_RECORDED
    major, minor, patch = (int(part) for part in found.groups())
    return first <= (major, minor, patch) <= last


def identities_of(call: CallRecord) -> Iterator[str]:
    """Yield the names by which two records are known to be of one call: any one in common will do.

    `message.id` is such a name. The other is for streaming snapshots that have a message id each:
    the same request, of the same model with the very same prompt. (A request id alone would not
    do: side questions and gateways are free with it.)
    """
    yield call.message_id
    if call.request_id:
        usage = call.usage
        prompt = (usage.input, usage.cache_write_5m, usage.cache_write_1h, usage.cache_read)
        part = call.message_id.partition("/")[2]  # a sampling apart is another call
        yield "/".join(map(str, (call.request_id, call.model, *prompt, part)))


def merge(known: CallRecord | None, other: CallRecord) -> CallRecord:
    """Return what both records say about one call.

    Commutative, associative and idempotent: any order and any repetition gives the same.
    """
    if known is None or known == other:
        return other
    best, rest = (known, other) if _rank(known) >= _rank(other) else (other, known)
    usage = msgspec.structs.replace(
        best.usage,
        output=max(best.usage.output, rest.usage.output),
        web_searches=max(best.usage.web_searches, rest.usage.web_searches),
    )
    return msgspec.structs.replace(
        best,
        at=min(best.at, rest.at),
        usage=usage,
        stop_reason=max(best.stop_reason, rest.stop_reason),
        seen_in=union(best.seen_in, rest.seen_in),
        tools=union(best.tools, rest.tools),
        evidence=union(best.evidence, rest.evidence),
        events=union(best.events, rest.events),
    )


def to_document(call: CallRecord, cost: Cost | Unpriced) -> dict[str, Any]:
    """Return the value of the call's document, to be kept under its `message_id`.

    `cost` holds picodollars, or is None and `unpriced` says why.
    """
    value: dict[str, Any] = msgspec.to_builtins(call)
    value["confidence"] = call.confidence
    if isinstance(cost, Cost):
        value["cost"] = msgspec.to_builtins(cost) | {"total": cost.total}
        value["unpriced"] = ""
    else:
        value["cost"] = None
        value["unpriced"] = cost.reason
    return value


def from_document(value: dict[str, Any]) -> CallRecord:
    """Return the record a document was made of, for the next line to be merged into."""
    return msgspec.convert(value, CallRecord)


def union(some: tuple[T, ...], others: tuple[T, ...]) -> tuple[T, ...]:
    """Return what is in either, in order."""
    return some if some == others else tuple(sorted(set(some).union(others)))


def _rank(call: CallRecord) -> tuple[Any, ...]:
    """Order records by how well they tell whose call it was and what it used.

    A line of a transcript tells more than a progress report, one of the conversation more than its
    repetition in a side question, the line with most tokens (the last of an answer) more than the
    earlier ones, an original more than a copy. What is left only makes the order total.
    """
    usage = call.usage
    return (
        TRANSCRIPT in call.evidence,
        not call.sidechain,
        call.line_total,
        not call.copied,
        bool(call.request_id),
        bool(call.prompt_id),
        (usage.input, usage.cache_write_5m, usage.cache_write_1h, usage.cache_read),
        (usage.speed, usage.inference_geo, usage.service_tier),
        (call.session_id, call.agent_id, call.request_id, call.prompt_id),
        (call.model, call.cli_version, call.message_id),
    )
