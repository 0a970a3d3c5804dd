"""What a plugin answers over Socket.IO, and what its handler is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from claude_mpm_monitor.model.route import Refused

if TYPE_CHECKING:
    from claude_mpm_monitor.storage.query import Query


class MessageCall(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `data` is what its sender said; `query` reads the store, as `Call.query`."""

    data: Any
    query: Query

    def as_type(self, kind: Any) -> Any:
        """Return the data as a type such as ``dict[str, int]``; raises Refused (400)."""
        try:
            return msgspec.convert(self.data, kind)
        except msgspec.ValidationError as error:
            raise Refused(f"The data is not what was expected: {error}.") from None


class MessageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of request: what answers ``ask {plugin, name, data}`` on namespace ``/v1``.

    `handler` returns what JSON can tell, 8 MiB at most. `summary` says in a sentence what that is.
    """

    name: str
    handler: Callable[[MessageCall], Any]
    summary: str
