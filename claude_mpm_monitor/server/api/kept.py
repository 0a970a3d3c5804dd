"""/api/v1/bookmarks, /api/v1/sessions/<id>/bookmark and /api/v1/retired-sessions."""

from __future__ import annotations

from functools import partial

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.server.http import Route, integer, json_response, problem
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.event_filter import DEFAULT_LIMIT, MAX_LIMIT


class KeptApi:
    """Which sessions are kept whatever happens, and which are no more. Green threads."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        path = "/api/v1/sessions/<session_id>/bookmark"
        return [
            ("GET", "/api/v1/bookmarks", self.bookmarks),
            ("PUT", path, partial(self.bookmark, kept=True)),
            ("DELETE", path, partial(self.bookmark, kept=False)),
            ("GET", "/api/v1/retired-sessions", self.retired),
        ]

    def bookmarks(self, request: Request) -> Response:
        """Answer the ids of the bookmarked sessions."""
        return json_response({"bookmarks": self._services.offload(self._services.kept.bookmarked)})

    def bookmark(self, request: Request, session_id: str, *, kept: bool) -> Response:
        """Keep a session from being given up, or no longer."""
        offload, services = self._services.offload, self._services
        if kept and offload(services.query.document, "session", session_id) is None:
            return problem(404, "Not found", f"There is no session {session_id!r}.")
        offload(partial(services.kept.bookmark, session_id, kept=kept))
        return json_response({"session_id": session_id, "bookmarked": kept})

    def retired(self, request: Request) -> Response:
        """Answer what is left of sessions that were given up."""
        limit = max(1, min(integer(request, "limit", DEFAULT_LIMIT), MAX_LIMIT))
        return json_response(
            {"retired_sessions": self._services.offload(self._services.kept.retired, limit)}
        )
