"""The host's Socket.IO namespace "/": every event name its clients of any version send."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import socketio

from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.server.host_contract.clients import (
    NAMESPACE,
    OUTBOX,
    Client,
    Clients,
    Message,
)
from claude_mpm_monitor.server.host_contract.dashboard import DashboardEvents
from claude_mpm_monitor.server.host_contract.history import (
    DEFAULT_EVENTS,
    FIRST_EVENTS,
    History,
    wanted_number,
)
from claude_mpm_monitor.server.host_contract.replay import replay
from claude_mpm_monitor.server.host_contract.shape import (
    Json,
    host_event,
    is_shown,
    iso,
    socketio_event,
    version_3_event,
)
from claude_mpm_monitor.server.services import Services

#: Events sent by clients and not yet told to them; those are handed on in a shape of their own.
REMEMBERED = 1_000
#: A handler process connects, sends one event and leaves; it is not sent the history (seconds).
GREETING_DELAY = 0.05
HEARTBEAT = 180.0


class HostNamespace:
    """Answers the host's clients. Green threads of the gateway only."""

    def __init__(self, services: Services, clients: Clients) -> None:
        self._services = services
        self._clients = clients
        self._history = History(services)
        self._dashboard = DashboardEvents(services, clients)
        self._heartbeats = 0
        self._beating = False
        self._sent_by_clients: deque[int] = deque(maxlen=REMEMBERED)

    def register(self, server: socketio.Server) -> None:
        """Take over the namespace of `server`."""
        self._server = server
        server.on("connect", self.connect, namespace=NAMESPACE)
        server.on("disconnect", self.disconnect, namespace=NAMESPACE)
        handlers: dict[str, Callable[[str, Json], None]] = {
            "claude_event": self.take,
            "hook:ingest": self.take_checked,
            "hook:session:start": self.session_start,
            "hook:session:end": self.session_end,
            "hook:session:info": self.session_info,
            "hook:sessions:list": self.sessions,
            "hook:history:get": self.history_get,
            "hook:replay:start": self.replay_start,
            "get_history": self.history,
            "request_history": self.history,
            "request.history": self.history,
            **self._dashboard.handlers(),
        }
        for name, handler in handlers.items():
            server.on(name, self._guarded(handler), namespace=NAMESPACE)

    def broadcast(self, events: list[Event]) -> None:
        """Queue new events for every client; nothing is computed while there is none."""
        if not self._clients:
            return
        for event in filter(is_shown, events):
            messages, version_3 = self._messages(event)
            for client in self._clients.by_sid.values():
                told = version_3 if client.version_3 else messages
                self._clients.tell(client, event.seq, *told)

    def _messages(self, event: Event) -> tuple[list[Message], list[Message]]:
        """Return what clients are told about the event, and what those of version 3 are told."""
        if hash(event.payload) in self._sent_by_clients:
            body = socketio_event(event)
            messages = [("hook:event", body), ("claude_event", body)]
            return messages, messages
        body = host_event(event)
        category = body["type"]
        version_3 = [("claude_event", version_3_event(body))]
        if category != "claude_event":
            version_3.append((category, body))
        return [(category, body)], version_3

    def connect(self, sid: str, environ: Json, auth: object = None) -> None:
        """Greet a client, and send it the latest events soon."""
        client = Client(
            sid=sid,
            connected_at=time.time(),
            user_agent=environ.get("HTTP_USER_AGENT", "Unknown"),
            remote_addr=environ.get("REMOTE_ADDR", "Unknown"),
            outbox=deque(maxlen=OUTBOX),
        )
        self._clients.add(client)
        self._dashboard.welcome(sid)
        self._server.start_background_task(self._begin, client)
        if not self._beating:
            self._beating = True
            self._server.start_background_task(self._beat)

    def disconnect(self, sid: str, reason: object = None) -> None:
        """Forget a client."""
        self._clients.remove(sid)
        self._dashboard.count()

    def take(self, sid: str, data: Json) -> None:
        """Store an event that a client sends; it comes back by `broadcast` once stored."""
        # The standard encoder: it alone takes half an emoji, which browsers do send.
        body = json.dumps({"event": "claude_event", "data": data}, default=str).encode()
        self._remember(data)
        raw = Raw(
            dialect="mpm",
            body=body,
            at=time.time_ns() // 1_000,
            source="claude_mpm",
            channel="socketio",
        )
        outcome = self._services.submit(raw)
        if outcome is None or outcome.error:
            reason = outcome.error if outcome is not None else "not stored in time"
            self._error(sid, f"Claude event processing error: {reason}")

    def take_checked(self, sid: str, data: Json) -> None:
        """Store an event of the stricter form."""
        if "type" not in data or "timestamp" not in data:
            self._error(sid, "Invalid hook data format")
            return
        self.take(sid, data)

    def session_start(self, sid: str, data: Json) -> None:
        """Store that a client says a session begins."""
        self._session_told(sid, data, "started")

    def session_end(self, sid: str, data: Json) -> None:
        """Store that a client says a session ends."""
        self._session_told(sid, data, "ended")

    def session_info(self, sid: str, data: Json) -> None:
        """Answer what is known of one session."""
        session_id = self._session_id(sid, data)
        if not session_id:
            return
        session = self._history.session(session_id)
        if session is None:
            self._error(sid, f"Session not found: {session_id}")
        else:
            self._clients.send(sid, "hook:session:info:response", session)

    def sessions(self, sid: str, data: Json) -> None:
        """Answer all sessions."""
        sessions = self._history.sessions()
        answer = {"sessions": sessions, "total": len(sessions)}
        self._clients.send(sid, "hook:sessions:response", answer)

    def history_get(self, sid: str, data: Json) -> None:
        """Answer the latest events, by type or session if asked."""
        wanted, limit = data.get("type"), wanted_number(data.get("limit"), DEFAULT_EVENTS)
        types = (wanted,) if isinstance(wanted, str) else ()
        events, total, _ = self._history.latest(limit, _text(data, "session_id"), types)
        filters = {"type": wanted, "session_id": data.get("session_id"), "limit": limit}
        answer = {"events": events, "total": len(events), "filters": filters}
        self._clients.send(sid, "hook:history:response", answer)
        self._send_history(sid, events, total)

    def history(self, sid: str, data: Json) -> None:
        """Answer the latest events as version 3 did."""
        wanted = data.get("event_types")
        types = tuple(t for t in wanted if isinstance(t, str)) if isinstance(wanted, list) else ()
        limit = wanted_number(data.get("limit"), DEFAULT_EVENTS)
        events, total, _ = self._history.latest(limit, "", types)
        self._dashboard.is_version_3(sid)
        self._send_history(sid, events, total)

    def replay_start(self, sid: str, data: Json) -> None:
        """Send a session's events again, at the pace they came or a multiple of it."""
        session_id = self._session_id(sid, data)
        if not session_id:
            return
        events, _, _ = self._history.latest(1_000, session_id)
        if not events:
            self._error(sid, f"No events found for session: {session_id}")
            return
        self._server.start_background_task(
            replay, self._server, self._clients, sid, events, data.get("speed")
        )

    # ---- below: helpers

    def _guarded(self, handler: Callable[[str, Json], None]) -> Callable[..., None]:
        """Return the handler as clients call it: with anything, or with nothing at all."""

        def handle(sid: str, *arguments: object) -> None:
            data = arguments[0] if arguments else None
            if data is not None and not isinstance(data, dict):
                self._error(sid, f"an object was expected, not {type(data).__name__}")
                return
            try:
                handler(sid, data or {})
            except sqlite3.Error as error:
                self._error(sid, f"the monitor's store cannot answer: {error}")

        return handle

    def _remember(self, data: Json) -> None:
        """Note the payloads that the event of a client may be stored with."""
        for payload in (data, data.get("data")):
            self._sent_by_clients.append(hash(json.dumps(payload, default=str).encode()))

    def _begin(self, client: Client) -> None:
        self._server.sleep(GREETING_DELAY)
        if client.sid not in self._clients.by_sid:
            return
        try:
            events, total, covered = self._history.latest(FIRST_EVENTS)
        except sqlite3.Error as error:
            self._error(client.sid, f"the monitor's store cannot answer: {error}")
            events, total, covered = [], 0, 0
        self._send_history(client.sid, events, total)
        self._clients.live(client, covered)

    def _send_history(self, sid: str, events: list[Json], total: int) -> None:
        counts = {"count": len(events), "total_available": total}
        version_3 = [version_3_event(body) for body in events]
        self._clients.send(sid, "history", {"events": version_3, **counts})
        self._clients.send(sid, "event_history", {"events": events, **counts})

    def _session_told(self, sid: str, data: Json, what: str) -> None:
        session_id = self._session_id(sid, data)
        if not session_id:
            return
        now = time.time()
        told = {
            "session_id": session_id,
            "status": "running" if what == "started" else "ended",
            "last_activity": now,
            "metadata": data.get("metadata") or {},
        }
        self._clients.send_all(f"hook:session:{what}", told)
        event = {"type": f"session.{what}", "session_id": session_id, "data": told}
        self.take(sid, {**event, "timestamp": iso(int(now * 1e6))})

    def _session_id(self, sid: str, data: Json) -> str:
        session_id = _text(data, "session_id")
        if not session_id:
            self._error(sid, "No session ID provided")
        return session_id

    def _error(self, sid: str, sentence: str) -> None:
        self._clients.send(sid, "hook:error", {"error": sentence})

    def _beat(self) -> None:
        while self._clients:
            self._server.sleep(HEARTBEAT)
            self._heartbeats += 1
            self._dashboard.heartbeat(self._heartbeats)
        self._beating = False


def _text(data: Json, name: str) -> str:
    value: Any = data.get(name)
    return value if isinstance(value, str) else ""
