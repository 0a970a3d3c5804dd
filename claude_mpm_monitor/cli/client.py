"""Finding the monitor that is running, and asking it something."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from typing import Any

from claude_mpm_monitor.access import Token
from claude_mpm_monitor.config import Config
from claude_mpm_monitor.errors import MonitorError
from claude_mpm_monitor.server.peers import Peer, listener_at

#: A monitor on this machine answers within milliseconds, also a busy one.
TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes


class NotRunning(MonitorError):
    """No monitor is running on this home folder."""


@dataclass(frozen=True)
class Running:
    """A monitor that answered."""

    port: int
    status: dict[str, Any]
    token: str = ""

    @property
    def url(self) -> str:
        """The address a browser opens."""
        return str(self.status.get("url") or f"http://localhost:{self.port}")

    def get(self, path: str) -> Any:
        """Return the JSON at `path`, or raise NotRunning when the monitor has gone meanwhile."""
        answer = get_json(self.port, path, token=self.token)
        if answer is None:
            raise NotRunning(f"The monitor on port {self.port} no longer answers.")
        return answer

    def post(self, path: str) -> tuple[int, dict[str, Any]]:
        """Post nothing to `path`; return the status and the JSON that is answered."""
        answer = _ask("POST", self.port, path, TIMEOUT_SECONDS, self.token)
        try:
            if answer is not None:
                return answer.status, json.loads(answer.body)
        except ValueError:
            pass  # somebody else has the port by now
        raise NotRunning(f"The monitor on port {self.port} no longer answers.")


def find(config: Config) -> Running | None:
    """Return the monitor that owns the dashboard of this home folder, or None."""
    try:
        runtime = json.loads(config.runtime.read_text())
        port, pid = int(runtime["port"]), int(runtime["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not _is_ours(port, pid):
        return None
    token = Token(config.token).read()
    status = get_json(port, "/api/v1/status", token=token)
    # The file outlives a killed monitor; then somebody else may have the port by now.
    if not isinstance(status, dict) or status.get("pid") != pid:
        return None
    return Running(port, status, token)


def require(config: Config) -> Running:
    """Return the running monitor or raise NotRunning with what to do."""
    running = find(config)
    if running is None:
        raise NotRunning(
            f"No monitor is running on {config.home}. "
            "Start one with `mpm-monitor serve`, or `claude-mpm run --monitor`."
        )
    return running


def get_json(port: int, path: str, timeout: float = TIMEOUT_SECONDS, *, token: str = "") -> Any:
    """Return the JSON at `path` of the local server on `port`, or None if there is none."""
    answer = _ask("GET", port, path, timeout, token)
    try:
        return json.loads(answer.body) if answer is not None and answer.status == 200 else None
    except ValueError:
        return None


def _is_ours(port: int, pid: int) -> bool:
    """Tell whether who listens there may be told the token, and believed: the file outlives a
    killed monitor, and another user may have taken its port by now."""
    listener = listener_at(("127.0.0.1", port))
    if listener is not Peer.UNKNOWN:
        return listener is Peer.OURS
    try:
        os.kill(pid, 0)
    except OSError:
        return False  # it has ended, or another user's program has its number by now
    return True


def _ask(method: str, port: int, path: str, timeout: float, token: str) -> _Answer | None:
    """Return what is answered, None if nothing is. The token is shown only if it is asked for."""
    answer = _sent(method, port, path, timeout, {})
    if answer is not None and answer.status == 401 and token:
        answer = _sent(method, port, path, timeout, {"Authorization": f"Bearer {token}"})
    return answer


def _sent(
    method: str, port: int, path: str, timeout: float, headers: dict[str, str]
) -> _Answer | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, headers={"Host": f"localhost:{port}", **headers})
        response = connection.getresponse()
        return _Answer(response.status, response.read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
