"""/api/v1/plugins: how plugins are doing, switching them on and off, and their own routes."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.model.route import Answer, Call, RouteSpec
from claude_mpm_monitor.plugins.loader import BUILTIN
from claude_mpm_monitor.plugins.shelf import Contribution
from claude_mpm_monitor.server.holdings import Holdings
from claude_mpm_monitor.server.http import Route, json_response, problem
from claude_mpm_monitor.server.plugin_calls import call_plugin
from claude_mpm_monitor.server.services import Services

#: How long a handler of a plugin may take (seconds).
ROUTE_SECONDS = 10.0


def path_of(plugin: str, route: RouteSpec) -> str:
    """Return the rule under which a plugin's route is served."""
    base = "/api/v1" if plugin == BUILTIN[0] else f"/api/v1/plugins/{plugin}"
    return f"{base}/{route.path}"


class PluginsApi:
    """Answers for the plugins. Green threads of the gateway."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._holdings = Holdings(services)

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            ("GET", "/api/v1/plugins", self.plugins),
            ("POST", "/api/v1/plugins/<name>/enable", partial(self.switch, on=True)),
            ("POST", "/api/v1/plugins/<name>/disable", partial(self.switch, on=False)),
        ]

    def plugins(self, request: Request) -> Response:
        """Answer what became of each plugin, the time it took, and what it keeps."""
        kept = self._services.offload(self._holdings.of_each)
        states = self._services.registry.states()
        return json_response({"plugins": [{**state, **kept[state["name"]]} for state in states]})

    def switch(self, request: Request, name: str, *, on: bool) -> Response:
        """Give a plugin another chance, or leave it alone; it stays so until the next start."""
        registry = self._services.registry
        known = any(state["name"] == name for state in registry.states())
        if not known:
            return problem(404, "Not found", f"There is no plugin {name!r}.")
        if not (registry.enable(name) if on else registry.disable(name)):
            if on:
                return problem(409, "Not loaded", f"{name} takes a new start of the monitor.")
            return problem(409, "Built in", f"{name} cannot be switched off.")
        return json_response({"plugin": next(s for s in registry.states() if s["name"] == name)})


class PluginRoutes:
    """The routes that plugins register, the built-in one's as well."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The routes of this part."""
        return [
            (found.item.method, path_of(found.plugin, found.item), partial(self.answer, found))
            for found in self._services.registry.shelves.routes.contributions()
        ]

    def answer(
        self, found: Contribution[RouteSpec], request: Request, **variables: Any
    ) -> Response:
        """Have the plugin's handler answer."""
        call = Call(
            method=request.method,
            path=request.path,
            variables=variables,
            parameters=request.args.to_dict(),
            body=request.get_data(),
            query=self._services.query,
        )
        what = f"answering {found.item.name}"
        answer: Answer = call_plugin(
            self._services, found, what, ROUTE_SECONDS, _answered, found.item, call
        )
        response = Response(answer.body, status=answer.status, content_type=answer.content_type)
        response.headers["Cache-Control"] = "no-store"
        return response


def _answered(route: RouteSpec, call: Call) -> Answer:
    """Return the handler's answer as bytes. The plugin's thread."""
    value = route.handler(call)
    if isinstance(value, Answer):
        return value
    return Answer(body=msgspec.json.encode(value), content_type="application/json; charset=utf-8")
