"""GET /api/v1/events and /api/v1/events/<seq>."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.search.snippets import Snippets
from claude_mpm_monitor.server.http import Route, choice, flag, integer, json_response, problem
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.event_filter import DEFAULT_LIMIT, MAX_LIMIT, EventFilter


class EventsApi:
    """Reads events. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/events", self.page),
            ("GET", "/api/v1/events/<int:seq>", self.get),
        ]

    def page(self, request: Request) -> Response:
        """Answer one page of events."""
        wanted = filter_of(request)
        asked = flag(request, "payload"), flag(request, "snippet")
        events, last_seq = self._services.offload(self._read, wanted, *asked)
        body: dict[str, Any] = {
            "events": events,
            "next": _next(request, wanted, events),
            "last_seq": last_seq,
        }
        if flag(request, "count"):
            number, exact = self._services.offload(self._services.query.count, wanted)
            body |= {"count": number, "exact": exact}
        return json_response(body)

    def get(self, request: Request, seq: int) -> Response:
        """Answer one event with its payload."""
        body = self._services.offload(self._read_one, seq)
        if body is None:
            return problem(404, "Not found", f"There is no event {seq}.")
        return json_response(body)

    # ---- below: reader threads

    def _read(
        self, wanted: EventFilter, payloads: bool, snippets: bool
    ) -> tuple[list[dict[str, Any]], int]:
        query = self._services.query
        # Read first: a page that resumes after this number then misses nothing.
        last_seq = query.last_seq()
        events = query.events(wanted, payloads=payloads or snippets)
        rows = [shown(event) if payloads else event.head() for event in events]
        if snippets:
            look = Snippets(wanted.text)
            rows = [
                {**row, "snippet": look.of(event)} for row, event in zip(rows, events, strict=True)
            ]
        return rows, last_seq

    def _read_one(self, seq: int) -> dict[str, Any] | None:
        event = self._services.query.event(seq) if seq < 2**63 else None
        return shown(event) if event is not None else None


def shown(event: Event) -> dict[str, Any]:
    """Return the event with its payload: JSON to the letter, or a text if a plugin stored one.

    Checking takes time for large payloads: call it on a reader thread.
    """
    try:
        loads(event.payload)
        return {**event.head(), "payload": msgspec.Raw(event.payload)}
    except ValueError:
        return {**event.head(), "payload": event.payload.decode(errors="replace")}


def filter_of(request: Request) -> EventFilter:
    """Read the filter out of the query string; raises BadParameter."""
    kinds = ",".join(request.args.getlist("kind")).split(",")
    ids = ",".join(request.args.getlist("event_id")).split(",")
    return EventFilter(
        session_id=request.args.get("session", ""),
        project=request.args.get("project", ""),
        kinds=tuple(kind for kind in kinds if kind and not kind.startswith("-")),
        but_kinds=tuple(kind[1:] for kind in kinds if kind.startswith("-")),
        agent_id=request.args.get("agent"),
        tool_use_id=request.args.get("tool_use_id", ""),
        text=request.args.get("q", ""),
        event_ids=tuple(event_id for event_id in ids if event_id),
        after=integer(request, "after"),
        before=integer(request, "before"),
        newest_first=choice(request, "order", ("desc", "asc")) == "desc",
        noise=flag(request, "noise"),
        limit=integer(request, "limit", DEFAULT_LIMIT),
    )


def _next(request: Request, wanted: EventFilter, events: list[dict[str, Any]]) -> str | None:
    """Return the query string of the following page, None when this page is not full."""
    if len(events) < max(1, min(wanted.limit, MAX_LIMIT)):
        return None
    edge = "before" if wanted.newest_first else "after"
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k != edge]
    return urlencode([*arguments, (edge, str(events[-1]["seq"]))])
