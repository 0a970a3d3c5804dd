"""What an analyzer is, and the documents it keeps.

An analyzer turns events into documents: small JSON objects filed under a topic and a key. The
consumer stores what changed in the same transaction as its own position in the log, so documents
survive a crash exactly as far as the log was read, and can be dropped and rebuilt by replay.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import msgspec

from claude_mpm_monitor.model.event import Event

Json = dict[str, Any]


class Change(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A document that is new or different: what the store keeps and the dashboard is told.

    `text` is the document as JSON. Any thread.
    """

    topic: str
    key: str
    session_id: str
    agent_id: str
    seq: int
    at: int
    text: str

    @property
    def value(self) -> Json:
        """The document; parsed when it is first asked for, since mostly nobody does."""
        known: Json | None = self.__dict__.get("_value")
        if known is None:
            known = self.__dict__["_value"] = msgspec.json.decode(self.text)
        return known


class Documents(Protocol):
    """An analyzer's view of its documents while it handles one event. Consumer thread only."""

    def get(self, topic: str, key: str) -> Json | None:
        """Return the document, or None. It may be changed in place and then `put` again."""

    def put(
        self,
        topic: str,
        key: str,
        value: Json,
        *,
        session_id: str = "",
        agent_id: str = "",
        event: Event | None = None,
    ) -> None:
        """Store `value` under `topic` and `key`, stamped with the event being handled.

        One that puts it off until `settle` says which `event` that was.
        """


@runtime_checkable
class Analyzer(Protocol):
    """Turns events into documents, one event at a time, in store order, on the consumer thread.

    Raising `version` drops the documents of `topics` and replays the log through the analyzer.
    `apply` must depend on the event and the documents alone, so that live and replay agree.

    Two members are optional. `kinds`, a set of event kinds, spares the analyzer all others.
    ``settle(documents)`` is called before documents are committed, after one event or hundreds:
    work that many events in a row would repeat can wait until then.
    """

    name: str
    version: int
    topics: tuple[str, ...]

    def apply(self, event: Event, documents: Documents) -> None:
        """Handle one event. Raising costs this analyzer the event, nobody else."""
