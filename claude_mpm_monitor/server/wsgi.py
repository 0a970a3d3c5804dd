"""The WSGI application: the ingest routes first, then everything else by its route."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.config import MAX_BODY_BYTES
from claude_mpm_monitor.errors import StoreBusy
from claude_mpm_monitor.model.route import Refused
from claude_mpm_monitor.search.language import QueryError
from claude_mpm_monitor.server.http import (
    BadParameter,
    Busy,
    Handler,
    Route,
    compressed,
    problem,
    query_problem,
    tagged,
)
from claude_mpm_monitor.server.ingest import IngestRoutes
from claude_mpm_monitor.server.plugin_calls import PluginFailed


class Application:
    """Routes requests to handlers. Green threads of the gateway."""

    def __init__(
        self,
        ingest: IngestRoutes,
        routes: Iterable[Route],
        log: structlog.typing.FilteringBoundLogger,
    ) -> None:
        self._ingest = ingest
        self._log = log
        self._handlers: dict[str, Handler] = {}
        # Deliveries are answered before routes are looked for. Whoever asks by another method is
        # told that there is this one.
        rules = [Rule(path, methods=[method], endpoint=path) for method, path, _ in ingest.routes()]
        for method, rule, handler in routes:
            endpoint = f"{method} {rule}"
            self._handlers[endpoint] = handler
            rules.append(Rule(rule, methods=[method], endpoint=endpoint))
        self._map = Map(rules, merge_slashes=False, redirect_defaults=False)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if self._ingest.handles(environ):
            return self._deliver(environ, start_response)
        request = Request(environ)
        if (request.content_length or 0) > MAX_BODY_BYTES:
            detail = f"A body may have {MAX_BODY_BYTES // 2**20} MiB at most."
            return problem(413, "Too large", detail)(environ, start_response)
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            detail = "A body must say how long it is, with Content-Length."
            return problem(411, "Length required", detail)(environ, start_response)
        answer = tagged(request, self._respond(request))
        return compressed(request, answer)(environ, start_response)

    def _deliver(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        try:
            return self._ingest(environ, start_response)
        except Exception as error:  # noqa: BLE001  the server's boundary: the log gets the rest
            return self._failed("POST", environ["PATH_INFO"], error)(environ, start_response)

    def _failed(self, method: str, path: str, error: Exception) -> Response:
        self._log.exception("a request failed", method=method, path=path)
        return problem(500, "Internal error", f"{type(error).__name__}; the log has the rest.")

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, variables = self._map.bind_to_environ(request.environ).match()
            return self._handlers[endpoint](request, **variables)
        except HTTPException as error:
            name = error.name or "Not found"
            detail = f"{request.method} {request.path}: {name}."
            answer = problem(error.code or 500, name, detail)
            if isinstance(error, MethodNotAllowed):
                answer.headers["Allow"] = ", ".join(error.valid_methods or ())
            return answer
        except Busy as error:
            return problem(503, "Busy", f"{error}.")
        except StoreBusy as error:
            return problem(503, "Busy", f"{error}")
        except PluginFailed as error:
            return problem(500, "The plugin failed", f"{error}")
        except Refused as error:
            return problem(error.status, "Refused", error.detail)
        except QueryError as error:
            return query_problem(error)
        except BadParameter as error:
            return problem(400, "Bad parameter", f"{error}.")
        except Exception as error:  # noqa: BLE001  the server's boundary: the log gets the rest
            return self._failed(request.method, request.path, error)
