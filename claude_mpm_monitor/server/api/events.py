"""GET /api/v1/events and /api/v1/events/<seq>."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.server.http import Route, choice, flag, integer, json_response, problem
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.query import DEFAULT_LIMIT, MAX_LIMIT, EventFilter


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
        payloads = flag(request, "payload")
        events, last_seq = self._services.offload(self._read, wanted, payloads)
        body = {
            "events": [shown(event) if payloads else event.head() for event in events],
            "next": _next(request, wanted, events),
            "last_seq": last_seq,
        }
        return json_response(body)

    def get(self, request: Request, seq: int) -> Response:
        """Answer one event with its payload."""
        event = self._services.offload(self._services.query.event, seq)
        if event is None:
            return problem(404, "Not found", f"There is no event {seq}.")
        return json_response(shown(event))

    def _read(self, wanted: EventFilter, payloads: bool) -> tuple[list[Event], int]:
        query = self._services.query
        # Read first: a page that resumes after this number then misses nothing.
        last_seq = query.last_seq()
        return query.events(wanted, payloads=payloads), last_seq


def shown(event: Event) -> dict[str, Any]:
    """Return the event with its payload as JSON."""
    return {**event.head(), "payload": loads(event.payload)}


def filter_of(request: Request) -> EventFilter:
    """Read the filter out of the query string; raises BadParameter."""
    kinds = ",".join(request.args.getlist("kind")).split(",")
    return EventFilter(
        session_id=request.args.get("session", ""),
        kinds=tuple(kind for kind in kinds if kind),
        agent_id=request.args.get("agent"),
        tool_use_id=request.args.get("tool_use_id", ""),
        text=request.args.get("q", ""),
        after=integer(request, "after"),
        before=integer(request, "before"),
        newest_first=choice(request, "order", ("desc", "asc")) == "desc",
        noise=flag(request, "noise"),
        limit=integer(request, "limit", DEFAULT_LIMIT),
    )


def _next(request: Request, wanted: EventFilter, events: list[Event]) -> str | None:
    """Return the query string of the following page, None when this page is not full."""
    if len(events) < max(1, min(wanted.limit, MAX_LIMIT)):
        return None
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k not in ("after", "before")]
    edge = ("before" if wanted.newest_first else "after", str(events[-1].seq))
    return urlencode([*arguments, edge])
