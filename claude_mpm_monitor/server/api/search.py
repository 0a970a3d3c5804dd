"""GET /api/v1/search/complete and /api/v1/search/facets: what a query may become."""

from __future__ import annotations

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.completion import complete
from claude_mpm_monitor.reporting.facets import most_frequent
from claude_mpm_monitor.server.api.events import filter_of
from claude_mpm_monitor.server.http import Route, integer, json_response
from claude_mpm_monitor.server.services import Services


class SearchApi:
    """Helps to write queries. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/search/complete", self.complete),
            ("GET", "/api/v1/search/facets", self.facets),
        ]

    def complete(self, request: Request) -> Response:
        """Answer what may stand in place of the word at the cursor."""
        query = request.args.get("q", "")
        cursor = integer(request, "cursor", len(query))
        return json_response(self._services.offload(complete, self._services.query, query, cursor))

    def facets(self, request: Request) -> Response:
        """Answer the most frequent values of the newest events that fit."""
        wanted = filter_of(request)
        return json_response(self._services.offload(most_frequent, self._services.query, wanted))
