"""What an enricher is: it completes an event before it is stored."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from claude_mpm_monitor.model.event import Event


@runtime_checkable
class Enricher(Protocol):
    """Adds what the source did not know. Called on the writer thread, so it must be quick.

    `kinds`, a set of event kinds, is optional: with it, only events of those kinds are handed over.
    """

    name: str

    def enrich(self, event: Event) -> Event:
        """Return the event, or a copy (`msgspec.structs.replace`) with other fields filled in.

        Allowed are `project`, `branch`, `agent_id`, `prompt_id`, `tool_name` and `summary`; what
        else differs in the copy is ignored.
        """
