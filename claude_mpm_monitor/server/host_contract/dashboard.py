"""What the host's clients ask about the server itself, and what it does not do for them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from claude_mpm_monitor.model.event import one_line
from claude_mpm_monitor.server.host_contract.clients import Clients
from claude_mpm_monitor.server.host_contract.shape import Json, iso
from claude_mpm_monitor.server.services import Services

NO_FILES = "This monitor serves no files; it shows what its events hold."
NO_ANALYSIS = "This monitor does not analyse code."


class DashboardEvents:
    """The events ``dashboard:*``, ``client:*`` and version 3's own. Green threads only."""

    def __init__(self, services: Services, clients: Clients) -> None:
        self._services = services
        self._clients = clients

    def handlers(self) -> dict[str, Callable[[str, Json], None]]:
        """The events this part answers."""
        return {
            "dashboard:status": self.status,
            "dashboard:info": self.info,
            "dashboard:ping": self.ping,
            "client:register": self.register,
            "client:list": self.list,
            "get_status": self.version_3_status,
            "subscribe": self.subscribe,
            "read_file": self.read_file,
            "code:analyze:file": self.analyse,
            "code:analyze:directory": self.analyse,
            "code:get:tree": self.analyse,
            "code:clear:cache": self.clear,
        }

    def welcome(self, sid: str) -> None:
        """Greet a client in the words of every version."""
        status = self._services.status()
        self._clients.send(
            sid,
            "dashboard:welcome",
            {
                "message": "Connected to claude-mpm-monitor",
                "session_id": sid,
                "server_info": {"service": "unified-monitor", "version": status["version"]},
            },
        )
        self._clients.send(sid, "status", {**self._version_3(status), "client_id": sid})
        welcome = {"message": "Connected to claude-mpm-monitor", "client_id": sid}
        self._clients.send(sid, "welcome", {**welcome, "server_time": _now()})
        self.count()

    def count(self) -> None:
        """Tell everybody how many clients there are."""
        self._clients.send_all("dashboard:client:count", {"count": len(self._clients)})

    def status(self, sid: str, data: Json) -> None:
        """Answer how the server is."""
        answer = {
            "service": "unified-monitor",
            "status": "running",
            "clients_connected": len(self._clients),
            "uptime": self._services.status()["uptime"],
            "features": {
                "code_analysis": False,
                "real_ast": False,
                "file_monitoring": False,
                "dashboard": True,
            },
            "dropped": self._clients.dropped,
        }
        self._clients.send(sid, "dashboard:status:response", answer)

    def info(self, sid: str, data: Json) -> None:
        """Answer what the server is."""
        answer = {
            "service_name": "claude-mpm-monitor",
            "description": "Live monitor for Claude MPM and Claude Code sessions",
            "features": ["Socket.IO Events", "HTTP Dashboard", "Event History", "Replay"],
            "endpoints": {"dashboard": "/", "health": "/health", "api": "/api/*"},
            "events": {"dashboard": ["dashboard:status", "dashboard:info", "dashboard:ping"]},
        }
        self._clients.send(sid, "dashboard:info:response", answer)

    def ping(self, sid: str, data: Json) -> None:
        """Answer a ping."""
        now = time.time()
        answer = {"timestamp": data.get("timestamp", now), "server_time": now}
        self._clients.send(sid, "dashboard:pong", answer)

    def register(self, sid: str, data: Json) -> None:
        """Take down a client's name."""
        name = one_line(data.get("name")) or f"Client-{sid[:8]}"
        kind = one_line(data.get("type")) or "dashboard"
        client = self._clients.by_sid.get(sid)
        if client is not None:
            client.name, client.kind, client.registered = name, kind, True
        answer = {"name": name, "type": kind, "session_id": sid}
        self._clients.send(sid, "client:registered", answer)

    def list(self, sid: str, data: Json) -> None:
        """Answer who is connected."""
        clients = [
            {
                "session_id": client.sid,
                "name": client.name or f"Client-{client.sid[:8]}",
                "type": client.kind,
                "connected_at": client.connected_at,
                "registered": client.registered,
            }
            for client in self._clients.by_sid.values()
        ]
        answer = {"clients": clients, "total": len(clients)}
        self._clients.send(sid, "client:list:response", answer)

    def version_3_status(self, sid: str, data: Json) -> None:
        """Answer how the server is, as version 3 did."""
        self.is_version_3(sid)
        self._clients.send(sid, "status", self._version_3(self._services.status()))

    def subscribe(self, sid: str, data: Json) -> None:
        """Confirm version 3's subscription; everybody gets everything."""
        self.is_version_3(sid)
        self._clients.send(sid, "subscribed", {"channels": data.get("channels") or ["*"]})

    def is_version_3(self, sid: str) -> None:
        """Note that the client speaks as version 3's clients do."""
        client = self._clients.by_sid.get(sid)
        if client is not None:
            client.version_3 = True

    def read_file(self, sid: str, data: Json) -> None:
        """Refuse: any page could otherwise read any file of the user."""
        answer = {"success": False, "error": NO_FILES, "file_path": data.get("file_path")}
        self._clients.send(sid, "file_content_response", answer)

    def analyse(self, sid: str, data: Json) -> None:
        """Say that code is not analysed here."""
        self._clients.send(sid, "code:error", {"error": NO_ANALYSIS})

    def clear(self, sid: str, data: Json) -> None:
        """Confirm: there is no cache, so it is empty."""
        answer = {"type": one_line(data.get("type")) or "all"}
        self._clients.send(sid, "code:cache:cleared", answer)

    def heartbeat(self, number: int) -> None:
        """Send a sign of life to everybody."""
        status = self._services.status()
        uptime = int(status["uptime"])
        minutes, seconds = divmod(uptime, 60)
        hours, minutes = divmod(minutes, 60)
        beat = {
            "timestamp": _now(),
            "type": "heartbeat",
            "server_uptime": uptime,
            "server_uptime_formatted": (
                f"{hours}h {minutes}m" if hours else f"{minutes}m {seconds}s"
            ),
            "connected_clients": len(self._clients),
            "heartbeat_number": number,
            "message": f"Server heartbeat #{number} - Socket.IO connection active",
            "service": "unified-monitor",
            "port": status["port"],
        }
        self._clients.send_all("heartbeat", beat)

    def _version_3(self, status: Json) -> Json:
        return {
            "server": "claude-mpm-python-socketio",
            "timestamp": _now(),
            "clients_connected": len(self._clients),
            "session_id": None,
            "claude_status": "running",
            "claude_pid": os.getpid(),
            "server_version": status["version"],
        }


def _now() -> str:
    return iso(time.time_ns() // 1_000)
