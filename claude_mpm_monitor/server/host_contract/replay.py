"""Replay: a session's events sent again to one client."""

from __future__ import annotations

from datetime import datetime

import socketio

from claude_mpm_monitor.server.host_contract.clients import Clients
from claude_mpm_monitor.server.host_contract.shape import Json

#: Never slower than this, however long the session paused (seconds).
LONGEST_PAUSE = 5.0
SHORTEST_PAUSE = 0.1


def replay(
    server: socketio.Server, clients: Clients, sid: str, events: list[Json], speed: object
) -> None:
    """Send `events` one by one until the client leaves. A green thread of its own."""
    pace = float(speed) if isinstance(speed, (int, float)) and speed > 0 else 1.0
    clients.send(sid, "hook:replay:started", {"event_count": len(events), "speed": pace})
    before = None
    for index, event in enumerate(events):
        moment = datetime.fromisoformat(event["timestamp"])
        if before is not None:
            pause = (moment - before).total_seconds() / pace
            server.sleep(min(max(pause, SHORTEST_PAUSE), LONGEST_PAUSE))
        if sid not in clients.by_sid:
            return
        before = moment
        message = {"index": index, "total": len(events), "event": event}
        clients.send(sid, "hook:replay:event", message)
    clients.send(sid, "hook:replay:completed", {"event_count": len(events)})
