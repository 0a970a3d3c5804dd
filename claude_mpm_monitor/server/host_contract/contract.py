"""HostContract: the monitor as claude-mpm's own clients know it."""

from __future__ import annotations

import socketio

from claude_mpm_monitor.model.event import Event
from claude_mpm_monitor.server.host_contract.bundled import BundledPage
from claude_mpm_monitor.server.host_contract.clients import Clients
from claude_mpm_monitor.server.host_contract.namespace import HostNamespace
from claude_mpm_monitor.server.host_contract.routes import HostRoutes
from claude_mpm_monitor.server.http import Route
from claude_mpm_monitor.server.services import Services


class HostContract:
    """All that the host's server did for its clients. Gateway thread only."""

    def __init__(self, services: Services) -> None:
        self._clients = Clients()
        self._namespace = HostNamespace(services, self._clients)
        self._routes = HostRoutes(services, self._clients)
        self._page = BundledPage()

    def register(self, server: socketio.Server) -> None:
        """Answer in the namespace "/" of `server`."""
        self._clients.use(server)
        self._namespace.register(server)

    def routes(self) -> list[Route]:
        """The host's routes and its bundled page."""
        return [*self._routes.routes(), *self._page.routes()]

    def broadcast(self, events: list[Event]) -> None:
        """Tell the host's clients about events just stored, payloads and all; never waits."""
        self._namespace.broadcast(events)

    def clients(self) -> int:
        """How many of the host's clients are connected; without any, `broadcast` is free."""
        return len(self._clients)
