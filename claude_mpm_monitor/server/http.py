"""Answers: JSON, and problems that say what is wrong (RFC 9457)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import msgspec
from werkzeug.wrappers import Request, Response

from claude_mpm_monitor.reporting.days import zone_of
from claude_mpm_monitor.search.language import QueryError

T = TypeVar("T")
Handler = Callable[..., Response]
#: (method, Werkzeug rule, handler); the handler gets the request and the rule's variables.
Route = tuple[str, str, Handler]


#: A JSON answer of this size (bytes) goes compressed to who takes that. Below, it fits into a
#: packet or two; above, the hub would be held up for longer than that is worth (1 ms for 100 kB).
COMPRESSED_FROM, COMPRESSED_TO = 2_000, 2_000_000


def json_response(value: Any, status: int = 200) -> Response:
    """Answer with `value` as JSON that no cache keeps."""
    response = Response(
        msgspec.json.encode(value), status=status, content_type="application/json; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: int, title: str, detail: str) -> Response:
    """Answer that something is wrong: `title` names the kind of problem, `detail` this one."""
    body = {"title": title, "detail": detail, "status": status}
    return Response(
        msgspec.json.encode(body), status=status, content_type="application/problem+json"
    )


def tagged(request: Request, response: Response) -> Response:
    """Return the answer to a GET with an ETag if it is JSON; without a body to who has that one."""
    is_json = response.mimetype == "application/json" and not response.is_streamed
    if request.method == "GET" and response.status_code == 200 and is_json:
        # Weak: the same answer may go compressed.
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def compressed(request: Request, response: Response) -> Response:
    """Return the answer, compressed if it is JSON, worth it, and the client takes it."""
    is_plain = response.status_code != 304 and "Content-Encoding" not in response.headers
    if response.mimetype != "application/json" or not is_plain:
        return response
    size = response.calculate_content_length() or 0
    if COMPRESSED_FROM <= size <= COMPRESSED_TO and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def query_problem(error: QueryError) -> Response:
    """Answer what is wrong with a query, and where in it."""
    body = {
        "title": "Not a query",
        "detail": f"{error}",
        "status": 400,
        "position": error.position,
        "length": error.length,
        "suggestion": error.suggestion,
    }
    return Response(msgspec.json.encode(body), status=400, content_type="application/problem+json")


class Busy(Exception):
    """The store does not answer in time; the message is for the caller."""


class BadParameter(ValueError):
    """A query parameter that cannot be used; the message is for the caller."""


def json_body(request: Request, content: type[T], most: int, what: str, expected: str) -> T:
    """Return what a JSON body of at most so many bytes holds.

    `what` names it for a caller who sends too much, `expected` says it to one who sends another.
    """
    if (request.content_length or 0) > most:
        raise BadParameter(f"{what} of at most {most} bytes was expected")
    try:
        return msgspec.json.decode(request.get_data(), type=content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadParameter(f"{expected}: {error}") from None


def integer(request: Request, name: str, default: int = 0) -> int:
    """Return a whole-number parameter that is not negative."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadParameter(f"{name} must be a whole number, not {text!r}")
    return int(text)


def choice(request: Request, name: str, choices: tuple[str, ...]) -> str:
    """Return a parameter that is one of `choices`, the first when it is not given."""
    text = request.args.get(name, choices[0])
    if text not in choices:
        raise BadParameter(f"{name} must be one of {', '.join(choices)}, not {text!r}")
    return text


def day(request: Request, name: str) -> str:
    """Return a parameter that is a date like 2026-03-01, "" when it is not given."""
    text = request.args.get(name, "")
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadParameter(f"{name} must be a date like 2026-03-01, not {text!r}") from None


def clock(request: Request) -> str:
    """Return the parameter `tz`, the name of a time zone; "" (UTC) when it is not given."""
    name = request.args.get("tz", "")
    try:
        zone_of(name)
    except ValueError as error:
        raise BadParameter(f"tz: {error}") from None
    return name


def flag(request: Request, name: str) -> bool:
    """Return a parameter that is 0 or 1."""
    return choice(request, name, ("0", "1")) == "1"
