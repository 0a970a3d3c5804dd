"""GET /api/v1/overview."""

from __future__ import annotations

import time
from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.overview import overview
from claude_mpm_monitor.server.http import Route, json_response
from claude_mpm_monitor.server.services import Services


class OverviewApi:
    """Who needs a person, and what is at work. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("GET", "/api/v1/overview", self.overview)]

    def overview(self, request: Request) -> Response:
        """Answer it for all sessions, or for those of a project."""
        project = request.args.get("project", "")
        return json_response(self._services.offload(self._read, project))

    def _read(self, project: str) -> dict[str, Any]:
        """Reader thread."""
        query = self._services.query
        last_seq = query.last_seq()
        return {**overview(query, time.time_ns() // 1_000, project), "last_seq": last_seq}
