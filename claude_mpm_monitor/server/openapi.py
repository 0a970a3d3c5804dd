"""The OpenAPI description of the REST interface, made from the routes that are served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from werkzeug.wrappers import Request, Response

from claude_mpm_monitor import __version__
from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.server.api.documents import COLLECTIONS, SORTS
from claude_mpm_monitor.server.api.timeline import NARROWEST, WIDEST
from claude_mpm_monitor.server.http import Route, json_response

PATH = "/api/v1/openapi.json"
_VARIABLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_FLAG: dict[str, Any] = {"type": "string", "enum": ["0", "1"]}
_DAY: dict[str, Any] = {"type": "string", "format": "date"}
_TEXT: dict[str, Any] = {"type": "string"}

#: What the parameters of queries may be; a text where nothing is said.
_SCHEMAS: dict[str, dict[str, Any]] = {
    "after": _NUMBER,
    "before": _NUMBER,
    "cursor": _NUMBER,
    "width": {"type": "integer", "minimum": NARROWEST, "maximum": WIDEST, "default": 1_000},
    "limit": {**_NUMBER, "default": 200},
    "order": {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
    "sort": {"type": "string", "enum": list(SORTS)},
    "count": _FLAG,
    "noise": _FLAG,
    "payload": _FLAG,
    "snippet": _FLAG,
    "from": _DAY,
    "to": _DAY,
}
#: Of a timeline, a moment (µs) rather than a day.
_WINDOW = {"from": _NUMBER, "to": _NUMBER}
_LIST = ("session", "agent", "project", "q", "after", "before", "limit", "order")
_DOCUMENTS = (
    *(*_LIST, "status", "tool_name", "tool_use_id", "prompt_id", "model", "forked_from", "sha"),
    *("path", "sort", "past", "key", "from", "to", "tz"),
)
_REPORT = ("q", "session", "project")
#: Which parameters a path takes.
_QUERIES: dict[str, tuple[str, ...]] = {
    "/api/v1/events": (
        *(*_LIST, "kind", "event_id", "count", "tool_use_id", "noise", "payload", "snippet"),
    ),
    "/api/v1/projections/<topic>": _DOCUMENTS,
    "/api/v1/costs": ("by", "session", "project", "from", "to", "tz", "limit"),
    "/api/v1/context": ("session", "agent"),
    "/api/v1/counts": ("session", "project"),
    "/api/v1/overview": ("project",),
    "/api/v1/timeline": ("session", "project", "width", *_WINDOW),
    "/api/v1/search/complete": ("q", "cursor"),
    "/api/v1/search/facets": ("q", "session", "project", "agent", "kind", "tool_use_id", "noise"),
    "/api/v1/sessions/<session_id>/export": ("format",),
    "/api/v1/analysis/<name>": _REPORT,
    **{f"/api/v1/{path}": _DOCUMENTS for path in COLLECTIONS},
}
_TAKES_A_BODY = frozenset({"POST", "PUT"})


def route_of(routes: Iterable[tuple[str, str, Any]]) -> Route:
    """Return the route that answers the description of `routes` and of itself."""
    description: dict[str, Any] = {}

    def openapi(request: Request) -> Response:
        """Answer this description."""
        return json_response(description)

    route: Route = ("GET", PATH, openapi)
    description.update(describe([*routes, route]))
    return route


def describe(routes: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of the routes."""
    paths: dict[str, dict[str, Any]] = {}
    for method, rule, handler in routes:
        path = _VARIABLE.sub(r"{\2}", rule)
        paths.setdefault(path, {})[method.lower()] = _operation(method, rule, handler)
    return {
        "openapi": "3.1.0",
        "info": {"title": "claude-mpm-monitor", "version": __version__},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {
                "Problem": {
                    "type": "object",
                    "required": ["title", "detail", "status"],
                    "properties": {
                        "title": _TEXT,
                        "detail": _TEXT,
                        "status": {"type": "integer"},
                    },
                }
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Programs that the system says are this user's need nothing.
        "security": [{}, {"token": []}],
    }


def _operation(method: str, rule: str, handler: Any) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _NUMBER if converter == "int" else _TEXT,
        }
        for converter, name in _VARIABLE.findall(rule)
    ]
    schemas = {**_SCHEMAS, **_WINDOW} if rule == "/api/v1/timeline" else _SCHEMAS
    parameters += [
        {"name": name, "in": "query", "schema": schemas.get(name, _TEXT)}
        for name in _QUERIES.get(rule, ())
    ]
    operation: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{method.lower()}{rule}").strip("_"),
        "summary": _summary(handler),
        "parameters": parameters,
        "responses": {
            "2XX": {"description": "What was asked for, or that it is done."},
            "default": {
                "description": "What is wrong.",
                "content": {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                },
            },
        },
    }
    if method in _TAKES_A_BODY:
        operation["requestBody"] = {
            "description": f"{MAX_BODY_BYTES // 2**20} MiB at most.",
            "content": {"application/json": {"schema": {}}},
        }
    return operation


def _summary(handler: Any) -> str:
    while isinstance(handler, partial):
        handler = handler.func
    return (handler.__doc__ or "").strip().partition("\n")[0].rstrip(".")
