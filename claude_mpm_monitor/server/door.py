"""Door: the ports that this process listens on, among them the dashboard's."""

from __future__ import annotations

import socket
from collections.abc import Callable

from claude_mpm_monitor.access import Token
from claude_mpm_monitor.config import LOOPBACK, PORT_RANGE, Config
from claude_mpm_monitor.server.gateway import Gateway
from claude_mpm_monitor.server.peers import system_tells
from claude_mpm_monitor.server.ports import bind_beside, bind_first, port_of


class Door:
    """Opens ports. Used at the start, then on the consumer thread only.

    `announce` is called with each dashboard port that is opened.
    """

    def __init__(self, config: Config, gateway: Gateway, announce: Callable[[int], None]) -> None:
        self._config = config
        self._gateway = gateway
        self._announce = announce
        self._ingest: socket.socket | None = None
        self._owners_port = 0
        #: Whether a browser needs the token to get in.
        self.demands_token = False
        #: The dashboard's port in this process, 0 for none.
        self.port = 0

    @property
    def ingest_port(self) -> int:
        """The port of this process's own listener, 0 before there is one."""
        return 0 if self._ingest is None else port_of(self._ingest)

    def bind_ingest(self) -> None:
        """Bind this process's own listener, which no other process can take away."""
        Token(self._config.token).ensure()
        self.demands_token = self._config.is_shared or not system_tells()
        self._ingest = bind_first(LOOPBACK, [0])

    def listen(self) -> None:
        """Serve on it."""
        assert self._ingest is not None
        self._gateway.listen(self._ingest)

    def open_beside(self, owners_port: int) -> None:
        """Another process has the dashboard (0: unknown where): open one only if asked for."""
        self._owners_port = owners_port
        if self._config.port not in (0, owners_port):
            self.open()

    def take_over(self) -> None:
        """Serve on the port of the owner before us as well: its pages come back to that one."""
        if self._owners_port and self._owners_port != self.port:
            self.open(self._owners_port)
        elif not self.port:
            self.open()
        self._announce(self.port)

    def open(self, wanted: int = 0) -> None:
        """Serve the dashboard on the port wanted, that of the settings by default, or another."""
        wanted = wanted or self._config.port
        ports = [wanted, *(port for port in PORT_RANGE if port != wanted), 0] if wanted else [0]
        listener = bind_first(self._config.bind, ports)
        for part in (listener, *bind_beside(listener)):
            self._gateway.listen(part)
        self.port = port_of(listener)
        self._announce(self.port)
