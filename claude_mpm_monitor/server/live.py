"""LiveNamespace: the dashboard's Socket.IO namespace, /v1.

A page asks for what it missed with `resume {after: seq}` and is then told everything as it is
stored, so a lost connection, a restart and a first visit are one and the same. What is published
while it reads is kept for it, or under load it would never have caught up. What it read may also
be ahead of what was published; that part is not told again. All of that happens on the hub's one
thread: nothing can slip in between.
"""

from __future__ import annotations

from typing import Any

import msgspec
import socketio

from claude_mpm_monitor import __version__
from claude_mpm_monitor.model.analyzer import Change
from claude_mpm_monitor.model.event import Event, is_noise
from claude_mpm_monitor.server.asking import Asking
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.event_filter import EventFilter

NAMESPACE = "/v1"
#: Pages that are told about documents and the monitor itself; and those told about every event.
LIVE = "live"
FOLLOWING = "following"
#: A page further behind than this reads what it needs by REST instead.
FAR_BEHIND = 5_000
CATCH_UP = 500
#: A client with more packets than this waiting is too slow and has to come back.
MAX_WAITING = 256


class LiveNamespace(socketio.Namespace):  # type: ignore[misc]
    """Tells pages what is stored and derived. Green threads of the gateway only."""

    def __init__(self, services: Services) -> None:
        super().__init__(NAMESPACE)
        self._services = services
        self._asking = Asking(services)
        self._published = 0
        #: Pages that read what they miss, and what was published since each began to.
        self._reading: dict[str, list[dict[str, Any]]] = {}
        #: Pages that go live, and the last seq each of them has read.
        self._joining: dict[str, int] = {}
        #: Which of a page's `resume`s is the latest.
        self._resumes: dict[str, int] = {}
        self._pages: set[str] = set()

    def publish_events(self, events: list[Event]) -> None:
        """Tell every live page about new events. Pages that come later ask for what they miss."""
        self._published = last_seq = events[-1].seq
        heads = heads_of(events) if self._pages else []
        for kept in self._reading.values():
            kept += heads
        if heads:
            self._tell_all(FOLLOWING, "events", {"events": heads, "last_seq": last_seq})
        for sid, read in list(self._joining.items()):
            self._tell_rest(sid, heads, read)
            if last_seq >= read:
                self._follow(sid)

    def publish_changes(self, changes: list[dict[str, Any]]) -> None:
        """Tell every live page about documents that changed."""
        self._tell_all(LIVE, "changes", {"changes": changes})

    def publish_reset(self, last_seq: int) -> None:
        """Tell every live page that what it knows is not to be added to: it shall read anew."""
        self._published = last_seq
        self.emit("reset", {"last_seq": last_seq}, room=LIVE)
        for sid, kept in list(self._reading.items()):
            kept.clear()
            self.emit("reset", {"last_seq": last_seq}, room=sid)
        for sid in list(self._joining):
            self._follow(sid)

    def publish_stats(self, stats: dict[str, Any]) -> None:
        """Tell every live page how the monitor itself is doing."""
        self.emit("stats", stats, room=LIVE)

    def clients(self) -> int:
        """How many pages are connected. Any thread."""
        return len(self._pages)

    def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        """Greet a page."""
        self._pages.add(sid)
        hello = {
            "version": __version__,
            "server_id": self._services.server_id,
            "last_seq": self._services.offload(self._services.query.last_seq),
        }
        self.emit("hello", hello, room=sid)

    def on_disconnect(self, sid: str, reason: object = None) -> None:
        """Forget a page."""
        self._pages.discard(sid)
        self._reading.pop(sid, None)
        self._joining.pop(sid, None)
        self._resumes.pop(sid, None)

    def on_resume(self, sid: str, message: object = None, *more: object) -> None:
        """Send what the page misses, then let it live. What else it says is ignored."""
        after = message.get("after") if isinstance(message, dict) else None
        if not isinstance(after, int) or isinstance(after, bool) or after < 0:
            after = 0
        number = self._resumes[sid] = self._resumes.get(sid, 0) + 1
        self.leave_room(sid, FOLLOWING)
        self._joining.pop(sid, None)
        last_seq = self._services.offload(self._services.query.last_seq)
        if last_seq - after > FAR_BEHIND or after > last_seq:
            self.emit("reset", {"last_seq": last_seq}, room=sid)
            after = last_seq
        read = self._catch_up(sid, number, after)
        if read is None:
            return
        self.enter_room(sid, LIVE)
        self._tell_rest(sid, self._reading.pop(sid), read)
        self._joining[sid] = read
        if read <= self._published:
            self._follow(sid)

    def on_ask(self, sid: str, message: object = None, *more: object) -> dict[str, Any]:
        """Have a plugin answer; the answer is the acknowledgement."""
        return self._asking.answer(sid, message)

    def _catch_up(self, sid: str, number: int, after: int) -> int | None:
        """Send what the page misses; return up to which seq, None when it went or asked anew."""
        unread = True
        while unread and self._resumes.get(sid) == number:
            self._reading[sid] = []
            heads, after, unread = self._services.offload(self._read_after, after)
            if heads and self._resumes.get(sid) == number:
                self.emit("events", {"events": heads, "last_seq": after}, room=sid)
        return after if self._resumes.get(sid) == number else None

    def _tell_all(self, room: str, name: str, message: dict[str, Any]) -> None:
        """Emit to a room: the same packet, put into JSON by msgspec in a tenth of the time.

        Socket.IO's own encoder can be exchanged for all servers of a process only, of which the
        host has one, too (https://socket.io/docs/v4/socket-io-protocol/#packet-encoding).
        """
        server = self.server
        packet = f"2{NAMESPACE},{msgspec.json.encode([name, message]).decode()}"
        for _, client in server.manager.get_participants(NAMESPACE, room):
            server.eio.send(client, packet)

    def _tell_rest(self, sid: str, heads: list[dict[str, Any]], read: int) -> None:
        """Tell a page what it has not read itself."""
        rest = [head for head in heads if head["seq"] > read]
        if rest:
            self.emit("events", {"events": rest, "last_seq": self._published}, room=sid)

    def _follow(self, sid: str) -> None:
        self._joining.pop(sid, None)
        self.enter_room(sid, FOLLOWING)

    def _read_after(self, seq: int) -> tuple[list[dict[str, Any]], int, bool]:
        """Return what follows, the seq up to which that is all, and whether there is more."""
        last_seq = self._services.query.last_seq()
        wanted = EventFilter(after=seq, newest_first=False, noise=True, limit=CATCH_UP)
        events = self._services.query.events(wanted)
        more = len(events) == CATCH_UP
        newest = events[-1].seq if events else seq
        return heads_of(events), newest if more else max(newest, last_seq), more

    def let_slow_go(self) -> None:
        """Hang up on clients that do not take what they are told; they may come back."""
        for client in list(self.server.eio.sockets.values()):
            if client.queue.qsize() > MAX_WAITING:
                client.close(wait=False, abort=True)


def heads_of(events: list[Event]) -> list[dict[str, Any]]:
    """Return what pages are told about events: all but their payloads, and no noise."""
    return [event.head() for event in events if not is_noise(event)]


def changes_of(changes: list[Change]) -> list[dict[str, Any]]:
    """Return what pages are told about changed documents: not an analyzer's own notes."""
    return [
        {
            "topic": change.topic,
            "key": change.key,
            "session_id": change.session_id,
            "seq": change.seq,
            "value": change.value,
        }
        for change in changes
        if not change.topic.startswith("_")
    ]
