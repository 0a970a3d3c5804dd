"""GET /api/v1/timeline."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.timeline.timeline import Timeline, Window
from claude_mpm_monitor.server.http import BadParameter, Route, integer, json_response
from claude_mpm_monitor.server.services import Services

#: Pixels that a window may be asked for.
NARROWEST, WIDEST = 16, 8_192


class TimelineApi:
    """What went on when. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @cached_property
    def _timeline(self) -> Timeline:
        return Timeline(self._services.query)

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("GET", "/api/v1/timeline", self.timeline)]

    def timeline(self, request: Request) -> Response:
        """Answer the spans of a window of time."""
        since = integer(request, "from") if "from" in request.args else None
        until = integer(request, "to") if "to" in request.args else None
        width = integer(request, "width", 1_000)
        if not NARROWEST <= width <= WIDEST:
            raise BadParameter(f"width must be from {NARROWEST} to {WIDEST} pixels, not {width}")
        if since is not None and until is not None and until <= since:
            raise BadParameter("to must be later than from")
        session_id, project = request.args.get("session", ""), request.args.get("project", "")
        window = Window(since, until, width)
        return json_response(self._services.offload(self._read, window, session_id, project))

    def _read(self, window: Window, session_id: str, project: str) -> dict[str, Any]:
        """Reader thread."""
        last_seq = self._services.query.last_seq()
        now = time.time_ns() // 1_000
        answer = self._timeline.window(now, window, session_id, project)
        return {**answer, "last_seq": last_seq}
