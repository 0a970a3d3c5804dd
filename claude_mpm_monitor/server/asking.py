"""Asking: Socket.IO requests that plugins answer.

What a client says is handled in order, one message after the other; a plugin that takes its time
must hold up neither the rest nor the answers to pings, so each `ask` is answered beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import socketio

from claude_mpm_monitor.errors import PluginError, StoreBusy
from claude_mpm_monitor.model.message import MessageCall, MessageSpec
from claude_mpm_monitor.model.route import Refused
from claude_mpm_monitor.search.language import QueryError
from claude_mpm_monitor.server.http import Busy
from claude_mpm_monitor.server.plugin_calls import PluginFailed, call_plugin
from claude_mpm_monitor.server.services import Services

ASK = "ask"
#: How long a handler of a plugin may take (seconds).
ASK_SECONDS = 10.0
#: A client may wait for so many answers at once.
MOST_ASKED = 32
#: An answer is no larger than a message may be (bytes).
ANSWER_BYTES = 8 * 1024 * 1024


class AskableServer(socketio.Server):  # type: ignore[misc]
    """A Socket.IO server on which `ask` is answered beside the client's other messages."""

    def _handle_event_internal(self, *arguments: Any) -> None:
        handle = partial(super()._handle_event_internal, *arguments)
        _server, _sid, _eio_sid, data, *_ = arguments
        if data[0] == ASK:
            self.start_background_task(self._logged, handle)
        else:
            handle()

    def _logged(self, handle: Callable[[], None]) -> None:
        try:
            handle()
        except Exception:
            self.logger.exception("a message could not be answered")


class Asking:
    """Finds who is asked and has them answer. Green threads of the gateway only."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: Counter[str] = Counter()

    def answer(self, sid: str, message: object) -> dict[str, Any]:
        """Return ``{status, body}``, or ``{status, detail}`` with a sentence why there is none."""
        if self._waiting[sid] >= MOST_ASKED:
            return _without(503, f"{MOST_ASKED} questions wait for answers; ask again later.")
        self._waiting[sid] += 1
        try:
            return {"status": 200, "body": self._body(message)}
        except Refused as error:
            return _without(error.status, error.detail)
        except QueryError as error:
            return _without(400, f"{error}")
        except (Busy, StoreBusy) as error:
            return _without(503, f"{error}")
        except PluginFailed as error:
            return _without(500, f"{error}")
        finally:
            self._waiting[sid] -= 1
            if not self._waiting[sid]:
                del self._waiting[sid]

    def _body(self, message: object) -> Any:
        asked = message if isinstance(message, dict) else {}
        plugin, name = asked.get("plugin"), asked.get("name")
        if not isinstance(plugin, str) or not isinstance(name, str):
            raise Refused("Whom do you ask what? `plugin` and `name` are expected, two texts.")
        found = self._services.registry.shelves.messages.find_of(plugin, name)
        if found is None:
            raise Refused(f"No plugin {plugin!r} answers {name!r}.", 404)
        call = MessageCall(data=asked.get("data"), query=self._services.query)
        what = f"answering {name}"
        return call_plugin(self._services, found, what, ASK_SECONDS, _answered, found.item, call)


def _answered(spec: MessageSpec, call: MessageCall) -> Any:
    """Return the handler's answer as JSON tells it. The plugin's thread."""
    text = msgspec.json.encode(spec.handler(call))
    if len(text) > ANSWER_BYTES:
        size, most = len(text) // 2**20, ANSWER_BYTES // 2**20
        raise PluginError(f"its answer to {spec.name} has {size} MiB, {most} at most are sent")
    return msgspec.json.decode(text)


def _without(status: int, detail: str) -> dict[str, Any]:
    return {"status": status, "detail": detail}
