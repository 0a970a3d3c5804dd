"""POST /api/v1/lookup: many documents by key at once, for what a page shows beside its rows."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.server.http import BadParameter, Route, json_body, json_response
from claude_mpm_monitor.server.services import Services

#: Keys in one question, over all topics; SQLite takes 32,766.
MAX_KEYS = 1_000
MAX_BYTES = 2**20


class LookupApi:
    """Reads documents by topic and key. Green threads of the gateway.

    It only reads; it is a POST because the keys of a screenful do not fit into an address.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [("POST", "/api/v1/lookup", self.find)]

    def find(self, request: Request) -> Response:
        """Answer the documents that there are, by topic and key."""
        expected = "an object of topics, each with its keys"
        wanted = json_body(request, dict[str, list[str]], MAX_BYTES, "a question", expected)
        if sum(map(len, wanted.values())) > MAX_KEYS:
            raise BadParameter(f"at most {MAX_KEYS} keys can be asked for at once")
        return json_response(self._services.offload(self._read, wanted))

    def _read(self, wanted: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
        """Reader thread."""
        query = self._services.query
        return {
            topic: {
                document.key: {"seq": document.seq, "value": document.value}
                for document in query.documents_by_key(topic, keys)
            }
            for topic, keys in wanted.items()
            if not topic.startswith("_")
        }
