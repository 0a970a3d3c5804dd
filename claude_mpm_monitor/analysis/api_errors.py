"""API errors: requests to the model that failed, whoever told of it, one document for each.

Telemetry tells of every failed attempt, transcripts of retries and of the message that the user got
in the end, hooks of the turn that ended so. Reports that name the same request are one error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claude_mpm_monitor.analysis.facts import whole
from claude_mpm_monitor.model.analyzer import Documents
from claude_mpm_monitor.model.event import Event, one_line

TOPIC = "api_error"
Json = dict[str, Any]
Reader = Callable[[Json], Json]


def note(event: Event, documents: Documents) -> bool:
    """Keep what the event tells of a failed request; True when that error was not known."""
    told = _READERS[event.kind](event.data()) if event.kind in _READERS else {}
    if not told:
        return False
    key = f"{event.session_id}/{told['request_id'] or event.event_id}"
    known = documents.get(TOPIC, key)
    value = {
        "session_id": event.session_id,
        "agent_id": event.agent_id,
        "prompt_id": event.prompt_id,
        "at": event.at,
        **told,
        "evidence": [_EVIDENCE.get(event.kind.partition(".")[0], "hook")],
        "events": [event.event_id],
    }
    value = value if known is None else _merged(known, value)
    documents.put(TOPIC, key, value, agent_id=value["agent_id"])
    return known is None


def _merged(known: Json, other: Json) -> Json:
    """Return what both reports say: of each field the larger, the more telling one."""
    merged = {name: _larger(known[name], other[name]) for name in known}
    merged["at"] = min(known["at"], other["at"])
    for name in ("evidence", "events"):
        merged[name] = sorted({*known[name], *other[name]})
    return merged


def _larger(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=_telling)


def _telling(value: Any) -> tuple[int, Any]:
    return (len(value), value) if isinstance(value, str) else (0, value)


def _of_telemetry(data: Json) -> Json:
    said = data.get("attributes")
    if not isinstance(said, dict) or said.get("success") is True:
        return {}
    gave_up = data.get("name") == "api_retries_exhausted"
    return _error(
        error=said.get("error"),
        status_code=said.get("status_code"),
        attempt=said.get("total_attempts" if gave_up else "attempt"),
        gave_up=gave_up,
        duration_ms=said.get("total_retry_duration_ms" if gave_up else "duration_ms"),
        model=said.get("model"),
        query_source=said.get("query_source"),
        request_id=said.get("request_id"),
    )


def _of_retry(data: Json) -> Json:
    """A line for a retry: ``{"error": {"message", "formatted", "status"}, "retryAttempt"}``."""
    if data.get("subtype") != "api_error":
        return {}
    error = data.get("error")
    said = error if isinstance(error, dict) else {}
    return _error(
        error=said.get("formatted") or said.get("message") or error,
        status_code=said.get("status"),
        attempt=data.get("retryAttempt"),
        request_id=said.get("requestID") or said.get("request_id"),
    )


def _of_answer(data: Json) -> Json:
    """What the user was told in place of an answer."""
    if data.get("isApiErrorMessage") is not True:
        return {}
    message = data.get("message")
    content = message.get("content") if isinstance(message, dict) else None
    texts = [part.get("text") for part in content or () if isinstance(part, dict)]
    return _error(
        error=next((text for text in texts if isinstance(text, str)), data.get("error")),
        status_code=data.get("apiErrorStatus"),
        gave_up=True,
        request_id=data.get("requestId"),
    )


def _of_hook(data: Json) -> Json:
    return _error(error=data.get("error_details") or data.get("error"), gave_up=True)


def _error(
    *,
    error: object,
    status_code: object = None,
    attempt: object = None,
    gave_up: bool = False,
    duration_ms: object = None,
    model: object = "",
    query_source: object = "",
    request_id: object = "",
) -> Json:
    duration = whole(duration_ms)
    return {
        "request_id": _text(request_id),
        "model": _text(model),
        "error": one_line(error),
        "status_code": whole(status_code),
        "attempt": whole(attempt),
        "gave_up": gave_up,
        "duration_us": None if duration is None else duration * 1_000,
        "query_source": _text(query_source),
    }


_READERS: dict[str, Reader] = {
    "otel.log.api_error": _of_telemetry,
    "otel.log.api_retries_exhausted": _of_telemetry,
    "otel.span.llm_request": _of_telemetry,
    "transcript.system": _of_retry,
    "transcript.assistant": _of_answer,
    "StopFailure": _of_hook,
}
#: Of events that may tell of nothing else; the others are handed on by who reads them.
KINDS = ("otel.log.api_error", "otel.log.api_retries_exhausted", "StopFailure")
_EVIDENCE = {"otel": "telemetry", "transcript": "transcript"}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
