"""GET /api/v1/costs and /api/v1/context."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.context import context
from claude_mpm_monitor.reporting.costs import BY, Question, costs
from claude_mpm_monitor.reporting.shown import labels, links, with_usd
from claude_mpm_monitor.server.http import (
    BadParameter,
    Route,
    choice,
    clock,
    day,
    integer,
    json_response,
)
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.event_filter import DEFAULT_LIMIT, MAX_LIMIT


class CostsApi:
    """What things cost, and on what the figures rest. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("GET", "/api/v1/costs", self.costs), ("GET", "/api/v1/context", self.context)]

    def costs(self, request: Request) -> Response:
        """Answer what sessions, agents, turns, models, projects, days or tools cost."""
        question = Question(
            by=choice(request, "by", tuple(BY)),
            session_id=request.args.get("session", ""),
            project=request.args.get("project", ""),
            first_day=day(request, "from"),
            last_day=day(request, "to"),
            clock=clock(request),
        )
        limit = max(1, min(integer(request, "limit", DEFAULT_LIMIT), MAX_LIMIT))
        return json_response(self._services.offload(self._costs, question, limit))

    def context(self, request: Request) -> Response:
        """Answer how full an agent's context was, call by call."""
        session_id = request.args.get("session", "")
        if not session_id:
            raise BadParameter("session is missing: whose context is asked for?")
        agent_id = request.args.get("agent", "")
        query = self._services.query
        return json_response(self._services.offload(context, query, session_id, agent_id))

    # ---- below: reader threads

    def _costs(self, question: Question, limit: int) -> dict[str, Any]:
        query = self._services.query
        last_seq = query.last_seq()
        report = costs(query, question, limit)
        rows = [
            {**with_usd(row), **labels(query, row), "links": links(row, question)}
            for row in report.rows
        ]
        return {
            "costs": rows,
            "left_out": report.left_out,
            "total": with_usd(report.total),
            "last_seq": last_seq,
        }
