"""Holdings: what plugins keep in memory and in the store, counted when somebody asks."""

from __future__ import annotations

import threading
import time
from typing import Any

import msgspec

from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.document_sizes import document_sizes

#: How long counting may take, objects and documents each, and how long what it came to holds
#: (seconds): a page that shows it asks every second.
COUNTING_SECONDS = 0.25
REMEMBERED_SECONDS = 10.0


class Holdings:
    """Any thread that may block; those that ask at the same time wait for one count."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._counting = threading.Lock()
        self._counted: dict[str, dict[str, Any]] = {}
        self._counted_at = float("-inf")

    def of_each(self) -> dict[str, dict[str, Any]]:
        """Return `memory` and `stored` of each plugin."""
        with self._counting:
            if time.monotonic() - self._counted_at > REMEMBERED_SECONDS:
                self._counted = self._count()
                self._counted_at = time.monotonic()
            return self._counted

    def _count(self) -> dict[str, dict[str, Any]]:
        registry, query = self._services.registry, self._services.query
        memory = registry.footprints(COUNTING_SECONDS)
        until = time.monotonic() + COUNTING_SECONDS
        return {
            name: {
                "memory": msgspec.to_builtins(memory[name]),
                "stored": msgspec.to_builtins(document_sizes(query, topics, until)),
            }
            for name, topics in registry.topics().items()
        }
