"""Draft: the documents of a session that events change, each read once and written once."""

from __future__ import annotations

import msgspec

from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event


class Draft:
    """One session's documents, from an event on until they are written. Consumer thread only.

    Keys are those of the documents without the session: an agent's id, a prompt's, a path.
    `event` is the one being handled.
    """

    __slots__ = ("_changed", "_documents", "_known", "_prefix", "_put", "_session_id", "event")

    def __init__(self, event: Event, documents: Documents) -> None:
        self.event = event
        self._documents = documents
        self._session_id = event.session_id
        self._prefix = f"{event.session_id}/"
        self._known: dict[tuple[str, str], Json | None] = {}
        #: What the event at hand has put, with its agent.
        self._put: dict[tuple[str, str], str] = {}
        #: What was put before: its agent, the event that changed it last, and its text then.
        self._changed: dict[tuple[str, str], tuple[str, Event, bytes]] = {}

    def get(self, topic: str, name: str) -> Json | None:
        """Return a document of the event's session, None when there is none. Change, then `put`."""
        place = (topic, name)
        try:
            return self._known[place]
        except KeyError:
            found = self._known[place] = self._documents.get(topic, self._key(name))
            return found

    def put(self, topic: str, name: str, value: Json, agent_id: str = "") -> None:
        """Have the document written at the end."""
        place = (topic, name)
        self._known[place] = value
        self._put[place] = agent_id

    def stamp(self) -> None:
        """The event is done with: what it put otherwise than it was is changed by it."""
        for place, agent_id in self._put.items():
            hidden = place[0][0] == "_"
            text = b"" if hidden else msgspec.json.encode(self._known[place])
            before = self._changed.get(place)
            if before is None or before[2] != text or hidden:
                self._changed[place] = (agent_id, self.event, text)
        self._put.clear()

    def write(self, documents: Documents) -> None:
        """Hand over what was put."""
        self.stamp()
        for (topic, name), (agent_id, event, _) in self._changed.items():
            value = self._known[topic, name]
            assert value is not None
            key, place = self._key(name), {"session_id": self._session_id, "agent_id": agent_id}
            documents.put(topic, key, value, **place, event=event)

    def _key(self, name: str) -> str:
        return self._session_id if name is SESSION else self._prefix + name


#: The name of the session's own document.
SESSION = "\0session"
