"""Entrance: which requests are let through, and which need the token first.

Programs of this user, as the system tells, need nothing when they come by a name of this machine.
Everybody else shows the token: by `Authorization: Bearer`, or once in a link, which leaves a
cookie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from werkzeug.wrappers import Response

from claude_mpm_monitor.access import Token
from claude_mpm_monitor.server.http import problem
from claude_mpm_monitor.server.ingest import is_delivery
from claude_mpm_monitor.server.security import (
    HEADERS,
    WsgiApp,
    is_asked_by_us,
    is_local_address,
    is_loopback,
)

YEAR = 366 * 86_400


class Entrance:
    """WSGI middleware. Gateway thread. `shared`: other machines may come."""

    def __init__(self, app: WsgiApp, token: Token, *, shared: bool) -> None:
        self._app = app
        self._token = token
        self._shared = shared

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        def hardened(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, *HEADERS], *rest)

        answer = _refusal(environ, shared=self._shared) or self._without_token(environ)
        return (answer or self._app)(environ, hardened)

    def _without_token(self, environ: dict[str, Any]) -> Response | None:
        """Return what to answer to a request that shows no token and needs one, or by a link."""
        query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        linked = next((value for name, value in query if name == "token"), "")
        if linked and environ["REQUEST_METHOD"] == "GET" and self._token.fits(linked):
            rest = urlencode([pair for pair in query if pair[0] != "token"])
            return self._let_in(environ, linked, rest)
        if _is_vouched_for(environ) or any(map(self._token.fits, _shown(environ))):
            return None
        answer = problem(
            401,
            "Token needed",
            "Whoever the system does not vouch for needs the token: open the dashboard by "
            "`mpm-monitor open`, or send `Authorization: Bearer` with what is in the file `token` "
            "in the monitor's home folder.",
        )
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    def _let_in(self, environ: dict[str, Any], token: str, query: str) -> Response:
        # Relative, and never to another host: "//evil.example" is an address as well.
        # WSGI has the path's bytes as Latin-1.
        path = quote("/" + environ["PATH_INFO"].lstrip("/\\"), encoding="latin-1")
        answer = Response(status=303, headers={"Location": f"{path}?{query}" if query else path})
        answer.autocorrect_location_header = False
        answer.headers["Cache-Control"] = "no-store"
        answer.set_cookie(_cookie_name(environ), token, max_age=YEAR, httponly=True, samesite="Lax")
        return answer


def lets_in(environ: dict[str, Any], *, shared: bool) -> bool:
    """Tell whether a request needs nothing more to be let through."""
    return _is_vouched_for(environ) and _refusal(environ, shared=shared) is None


def _refusal(environ: dict[str, Any], *, shared: bool) -> Response | None:
    host = environ.get("HTTP_HOST", "")
    if not is_loopback(host) and not shared:
        detail = f"The host {host!r} is not this machine's loopback address."
        return problem(403, "Foreign host", detail)
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return problem(403, "Foreign origin", f"Pages of {origin!r} may not use this server.")
    if not is_asked_by_us(environ):
        detail = "Another page may link to the monitor's pages, but not embed or read them."
        return problem(403, "Foreign page", detail)
    return None


def _is_vouched_for(environ: dict[str, Any]) -> bool:
    if not is_loopback(environ.get("HTTP_HOST", "")):
        return False
    if environ["mpm_monitor.proven"]:
        return True
    # Hooks deliver without: they find out nothing. Health is how programs recognise us.
    is_harmless = is_delivery(environ) or environ["PATH_INFO"] == "/health"
    return is_harmless and is_local_address(environ["REMOTE_ADDR"])


def _shown(environ: dict[str, Any]) -> list[str]:
    kind, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    shown = [token.strip()] if kind.lower() == "bearer" else []
    try:
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return shown
    cookie = cookies.get(_cookie_name(environ))
    return [*shown, cookie.value] if cookie is not None else shown


def _cookie_name(environ: dict[str, Any]) -> str:
    """Return a name of this port's own: all ports of a host share their cookies."""
    return f"mpm-monitor-{environ['SERVER_PORT']}"
