"""GET /api/v1/sessions, /turns, /agents, /tool-calls, /files, /api-calls, /projections/<topic>."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.costs import Question
from claude_mpm_monitor.server.http import (
    BadParameter,
    Route,
    choice,
    clock,
    day,
    integer,
    json_response,
    problem,
)
from claude_mpm_monitor.server.services import Services
from claude_mpm_monitor.storage.document import Document
from claude_mpm_monitor.storage.document_order import Sorting
from claude_mpm_monitor.storage.event_filter import DEFAULT_LIMIT, MAX_LIMIT

#: path → (topic, name of the list in the answer)
COLLECTIONS = {
    "sessions": ("session", "sessions"),
    "turns": ("turn", "turns"),
    "agents": ("agent", "agents"),
    "tool-calls": ("tool_call", "tool_calls"),
    "files": ("file", "files"),
    "api-calls": ("api_call", "api_calls"),
    "api-errors": ("api_error", "api_errors"),
    "commits": ("commit", "commits"),
}
#: Parameters that are compared with the field of the same name, one or several by commas.
_MATCHED = ("status", "tool_name", "tool_use_id", "prompt_id", "model", "forked_from", "sha")
#: Fields that lists can be ordered by, and what stands for one that a document lacks.
SORTS: dict[str, int | str] = {
    "started_at": 0,
    "last_at": 0,
    "duration_us": -1,
    "tool_name": "",
    "detail": "",
    "agent_type": "",
    "status": "",
    "path": "",
    "events": 0,
    "title": "",
    "project": "",
    "branch": "",
    "busy_us": -1,
    "waited_us": -1,
    "turns": 0,
    "agents": 0,
    "tool_calls": 0,
    "errors": 0,
    "context_tokens": 0,
}


class DocumentsApi:
    """Reads documents. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        collections: list[Route] = [
            ("GET", f"/api/v1/{path}", partial(self.collection, topic=topic, name=name))
            for path, (topic, name) in COLLECTIONS.items()
        ]
        return [
            *collections,
            ("GET", "/api/v1/sessions/<session_id>", self.session),
            ("GET", "/api/v1/projections/<topic>", self.projection),
            ("GET", "/api/v1/counts", self.counts),
            ("GET", "/api/v1/projects", self.projects),
        ]

    def collection(self, request: Request, topic: str, name: str) -> Response:
        """Answer one page of a built-in topic: the values themselves."""
        documents, more, last_seq = self._page(request, topic)
        values = [{**document.value, "seq": document.seq} for document in documents]
        return json_response({name: values, "next": more, "last_seq": last_seq})

    def projection(self, request: Request, topic: str) -> Response:
        """Answer one page of any topic, a plugin's too."""
        documents, more, last_seq = self._page(request, topic)
        return json_response({"documents": documents, "next": more, "last_seq": last_seq})

    def session(self, request: Request, session_id: str) -> Response:
        """Answer one session."""
        found = self._services.offload(self._services.query.document, "session", session_id)
        if found is None:
            return problem(404, "Not found", f"There is no session {session_id!r}.")
        return json_response({**found.value, "seq": found.seq})

    def counts(self, request: Request) -> Response:
        """Answer how much there is, in one session or in all."""
        session_id = request.args.get("session", "")
        project = request.args.get("project", "")
        counts = self._services.offload(self._services.query.counts, session_id, project)
        return json_response(counts)

    def projects(self, request: Request) -> Response:
        """Answer the projects there are sessions of."""
        return json_response({"projects": self._services.offload(self._services.query.projects)})

    def _page(self, request: Request, topic: str) -> tuple[list[Document], str | None, int]:
        if topic.startswith("_"):
            raise BadParameter("topics that begin with _ are an analyzer's own notes")
        descending = choice(request, "order", ("desc", "asc")) == "desc"
        limit = max(1, min(integer(request, "limit", DEFAULT_LIMIT), MAX_LIMIT))
        sorting = sorting_of(request, descending)
        wanted: dict[str, Any] = {
            "session_id": request.args.get("session", ""),
            "agent_id": request.args.get("agent"),
            "matching": _matching(request),
            "project": request.args.get("project", ""),
            "text": request.args.get("q", ""),
            "sorting": sorting,
            "after": integer(request, "after"),
            "before": integer(request, "before"),
            "beyond_key": request.args.get("key", ""),
            "newest_first": descending,
            "limit": limit,
        }
        if topic == "tool_call" and "path" in wanted["matching"]:
            wanted["matching"]["file", "path"] = wanted["matching"].pop("path")
        if topic == "turn":
            wanted["matching"]["same_as"] = ""
        if topic == "api_call":
            # A call may be shared with a fork, and may have gone by other names.
            wanted["via"] = "_api_call_of"
            wanted["matching"] = _calls_matching(wanted)
            wanted["project"] = ""
            wanted["between"] = _days(request)
        documents, last_seq = self._services.offload(self._read, topic, wanted)
        more = None
        if len(documents) == limit and sorting is not None:
            more = _further(request, sorting, documents[-1])
        elif len(documents) == limit:
            edge = "before" if descending else "after"
            arguments = [(k, v) for k, v in request.args.items() if k not in (edge, "key")]
            last = documents[-1]
            more = urlencode([*arguments, (edge, str(last.seq)), ("key", last.key)])
        return documents, more, last_seq

    def _read(self, topic: str, wanted: dict[str, Any]) -> tuple[list[Document], int]:
        query = self._services.query
        last_seq = query.last_seq()
        return query.documents(topic, **wanted), last_seq


def sorting_of(request: Request, descending: bool) -> Sorting | None:
    """Return the order that `sort`, `past` and `key` ask for; raises BadParameter."""
    field = choice(request, "sort", ("", *SORTS))
    if not field:
        return None
    missing = SORTS[field]
    past: int | str | None = request.args.get("past")
    if past is not None and isinstance(missing, int):
        past = -1 if past == "-1" else integer(request, "past")
    return Sorting(
        field=field,
        missing=missing,
        descending=descending,
        past=past,
        past_key=request.args.get("key", ""),
    )


def _further(request: Request, sorting: Sorting, last: Document) -> str:
    """Return the query string of the page after the one that ends with `last`."""
    value = last.value.get(sorting.field)
    past = sorting.missing if value is None else value
    arguments = [(k, v) for k, v in request.args.items() if k not in ("past", "key")]
    return urlencode([*arguments, ("past", str(past)), ("key", last.key)])


def _matching(request: Request) -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    """Return what fields of the value have to equal."""
    matching: dict[str | tuple[str, ...], str | tuple[str, ...]] = {
        name: tuple(request.args[name].split(",")) for name in _MATCHED if name in request.args
    }
    if "path" in request.args:
        matching["path"] = request.args["path"]  # a path may have commas in it
    return matching


def _calls_matching(
    wanted: dict[str, Any],
) -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    """Return what a call has to match: a call that sessions share has a turn in each."""
    matching: dict[str | tuple[str, ...], str | tuple[str, ...]]
    matching = {**wanted["matching"], "same_as": ""}
    if wanted["project"]:
        matching["project"] = wanted["project"]
    if wanted["session_id"] and "prompt_id" in matching:
        matching["turns", wanted["session_id"]] = matching.pop("prompt_id")
    return matching


def _days(request: Request) -> tuple[int, int] | None:
    """Return the time that the days `from` and `to` include both, None when neither is given.

    Raises BadParameter.
    """
    first, last = day(request, "from"), day(request, "to")
    return Question(by="day", first_day=first, last_day=last, clock=clock(request)).span
