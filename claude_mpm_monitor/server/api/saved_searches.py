"""/api/v1/searches: the searches that are kept under a name."""

from __future__ import annotations

from datetime import datetime

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.errors import StoreError
from claude_mpm_monitor.model.saved_search import LONGEST_NAME
from claude_mpm_monitor.search.compiler import compile_query
from claude_mpm_monitor.search.parser import parse
from claude_mpm_monitor.server.http import BadParameter, Route, json_body, json_response, problem
from claude_mpm_monitor.server.services import Services

MAX_BYTES = 2**16


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a page or a program sends to have it kept."""

    name: str
    query: str


class SavedSearchesApi:
    """The saved searches of this home. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/searches", self.searches),
            ("POST", "/api/v1/searches", self.save),
            ("DELETE", "/api/v1/searches/<search_id>", self.delete),
        ]

    def searches(self, request: Request) -> Response:
        """Answer the saved searches by name."""
        return json_response({"searches": self._services.offload(self._services.searches.all)})

    def save(self, request: Request) -> Response:
        """Keep a search under its name; the one that had the name makes way."""
        wanted = _wanted(request)
        try:
            saved, new = self._services.offload(
                self._services.searches.save, wanted.name, wanted.query
            )
        except StoreError as error:
            return problem(507, "Not stored", f"{error}")
        return json_response(saved, 201 if new else 200)

    def delete(self, request: Request, search_id: str) -> Response:
        """Keep a search no longer, and answer what it was."""
        try:
            deleted = self._services.offload(self._services.searches.delete, search_id)
        except StoreError as error:
            return problem(507, "Not stored", f"{error}")
        if deleted is None:
            return problem(404, "Not found", f"There is no saved search {search_id!r}.")
        return json_response(deleted)


def _wanted(request: Request) -> Wanted:
    """Return what shall be kept. Raises BadParameter, and QueryError for what is no query."""
    expected = "a name and a query were expected"
    sent = json_body(request, Wanted, MAX_BYTES, "a saved search", expected)
    name, query = " ".join(sent.name.split()), sent.query.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise BadParameter(f"a name of 1 to {LONGEST_NAME} letters was expected")
    if not query:
        raise BadParameter("there is no query to keep")
    # Before it is kept, not when somebody wants to use it.
    compile_query(parse(query), datetime.now().astimezone())
    return Wanted(name=name, query=query)
