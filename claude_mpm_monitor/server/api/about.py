"""/health, /api/v1/status, what widgets and themes there are: the monitor about itself."""

from __future__ import annotations

from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.model.report import Report
from claude_mpm_monitor.server.http import Route, json_response
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.server.widgets import widget_module

#: Every event changes its session, and with it what most reports say.
REPORT_TOPICS = ("session",)


class AboutApi:
    """Answers from memory, but for the store's size. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/health", self.health),
            ("GET", "/api/v1/status", self.status),
            ("GET", "/api/v1/widgets", self.widgets),
            ("GET", "/api/v1/themes", self.themes),
        ]

    def health(self, request: Request) -> Response:
        """Answer what claude-mpm looks for to recognise a monitor of its own."""
        status = self._services.status()
        body = {
            "status": "running",
            "service": "claude-mpm-monitor",
            "implementation": "mpm-monitor",
            "version": status["version"],
            "port": status["port"],
            "pid": status["pid"],
            "uptime": status["uptime"],
            "counters": status["counters"],
            "plugins": status["plugins"],
        }
        return json_response(body)

    def status(self, request: Request) -> Response:
        """Answer everything there is to know about this monitor."""
        status = self._services.status()
        totals = self._services.offload(self._services.query.totals)
        status["last_seq"] = self._services.offload(self._services.query.last_seq)
        status["store"] = {**status["store"], **totals}
        return json_response(status)

    def widgets(self, request: Request) -> Response:
        """Answer the widgets of the page; each report is one for the board."""
        widgets: list[dict[str, Any]] = [
            {
                "id": widget.id,
                "title": widget.title,
                "module": widget_module(plugin, widget),
                "plugin": plugin,
                "topics": list(widget.topics),
                "placement": widget.placement,
                "draws": list(widget.draws),
                "wide": widget.wide,
                "columns": widget.columns,
                "rows": widget.rows,
                "settings": [msgspec.to_builtins(setting) for setting in widget.settings],
            }
            for plugin, widget, _ in self._services.registry.shelves.widgets.working()
        ]
        reports = self._services.registry.shelves.reports.working()
        widgets += [_as_widget(one.plugin, one.item) for one in reports]
        return json_response({"widgets": widgets})

    def themes(self, request: Request) -> Response:
        """Answer the themes of the page that plugins bring."""
        themes = [
            {
                "name": theme.name,
                "title": theme.title,
                "plugin": plugin,
                "scheme": theme.scheme,
                "tokens": dict(theme.tokens),
            }
            for plugin, theme, _ in self._services.registry.shelves.themes.working()
        ]
        return json_response({"themes": themes})


def _as_widget(plugin: str, report: Report) -> dict[str, Any]:
    """Return what the page draws a report by, and when it asks for it anew."""
    return {
        "id": f"report.{report.name}",
        "title": report.title,
        "module": "/static/js/widgets/report.js",
        "plugin": plugin,
        "topics": list(getattr(report, "topics", REPORT_TOPICS)),
        "placement": "board",
        "draws": [],
        "wide": False,
        "columns": 6,
        "rows": 8,
        "settings": [],
    }
