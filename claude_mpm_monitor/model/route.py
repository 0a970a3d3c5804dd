"""What a route of a plugin is, what its handler is given, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from claude_mpm_monitor.storage.query import Query


class Refused(Exception):
    """A handler raises this when the call cannot be answered: the caller's mistake, not its own.

    `detail` is a sentence for the caller; `status` is 400 to 499.
    """

    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `variables` are those of the path, `parameters` those behind the ``?``.

    `query` reads the store: `query.events`, `query.documents` and the rest of `Monitor.query`.
    """

    method: str
    path: str
    variables: Mapping[str, Any]
    parameters: Mapping[str, str]
    body: bytes
    query: Query

    def json(self, kind: Any = Any) -> Any:
        """Return the body as JSON of a type such as ``dict[str, int]``; raises Refused (400)."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise Refused(f"The body is not what was expected: {error}.") from None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not just JSON with the status 200."""

    body: bytes = b""
    content_type: str = "application/json"
    status: int = 200


class RouteSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One route: what answers a method and a path.

    `path` has no slash at its beginning and is a Werkzeug rule ("tickets/<int:number>"); it is
    served below ``/api/v1/plugins/<plugin>/``. `handler` returns what JSON can tell, or an Answer.
    `summary` says in a sentence what it answers.
    """

    path: str
    handler: Callable[[Call], Any]
    summary: str
    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"

    @property
    def name(self) -> str:
        """Method and path, as people write them."""
        return f"{self.method} {self.path}"
