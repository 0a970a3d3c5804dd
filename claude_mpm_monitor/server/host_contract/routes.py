"""The routes the host's clients ask for, besides /health and POST /api/events."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.server.host_contract.clients import Clients
from claude_mpm_monitor.server.host_contract.dashboard import NO_FILES
from claude_mpm_monitor.server.host_contract.shape import Json, iso
from claude_mpm_monitor.server.http import Route, json_response
from claude_mpm_monitor.server.services import Services

NO_SETTINGS = "This monitor does not manage agents, skills or settings; claude-mpm itself does."


class HostRoutes:
    """Answers in the host's JSON. Green threads of the gateway only."""

    def __init__(self, services: Services, clients: Clients) -> None:
        self._services = services
        self._clients = clients

    def routes(self) -> list[Route]:
        """The routes of this part."""
        diff = {"diff": "", "has_changes": False, "history": [], "has_uncommitted": False}
        no_file = partial(_refused, NO_FILES, {})
        return [
            ("GET", "/version.json", self.version),
            ("GET", "/status", self.status),
            ("GET", "/api/config", self.config),
            ("GET", "/api/config/<path:rest>", partial(_refused, NO_SETTINGS, {})),
            ("GET", "/api/working-directory", self.working_directory),
            ("GET", "/api/files", no_file),
            ("GET", "/api/file/read", no_file),
            ("POST", "/api/file", no_file),
            ("GET", "/api/file/diff", partial(_refused, NO_FILES, diff)),
            ("POST", "/api/git-history", partial(_refused, NO_FILES, {"commits": []})),
        ]

    def version(self, request: Request) -> Response:
        """Answer the version, the host's own when it runs in this process."""
        status = self._services.status()
        host = status.get("host") or {}
        version = host.get("version") or status["version"]
        body = {
            "version": version,
            "build": 1,
            "formatted_build": "0001",
            "full_version": f"v{version}",
            "service": "unified-monitor",
        }
        return json_response(body)

    def status(self, request: Request) -> Response:
        """Answer version 3's health check."""
        body = {
            "status": "healthy",
            "server": "claude-mpm-python-socketio",
            "timestamp": _now(),
            "port": self._services.status()["port"],
            "host": "localhost",
            "clients_connected": len(self._clients),
        }
        return json_response(body)

    def config(self, request: Request) -> Response:
        """Answer where the latest session works."""
        sessions = self._services.offload(
            partial(self._services.query.documents, "session", limit=1)
        )
        branch = sessions[0].value.get("branch") if sessions else None
        body = {
            "workingDirectory": str(Path.cwd()),
            "gitBranch": branch or "Unknown",
            "serverTime": _now(),
            "service": "unified-monitor",
        }
        return json_response(body)

    def working_directory(self, request: Request) -> Response:
        """Answer the directory the monitor runs in."""
        return json_response({"working_directory": str(Path.cwd()), "success": True})


def _refused(sentence: str, empty: Json, request: Request, rest: str = "") -> Response:
    """Answer, in the host's shape, that there is nothing to get: 404 as for a missing file."""
    path = request.args.get("path", rest)
    return json_response({"success": False, "error": sentence, "path": path, **empty}, 404)


def _now() -> str:
    return iso(time.time_ns() // 1_000)
