"""Facts about waiting: that a person was asked, that they answered, how long a call waited.

Hooks tell when a permission was asked for, not of which call and not when it was given: that is
estimated (see `waits`). A source that measures it yields a `ToolWait`, which overrules the
estimate. To add one, add its reader to `_READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from claude_mpm_monitor.model.event import Event

PERMISSION, QUESTION = "permission", "question"
#: Tools whose whole work is to put a question to the user.
ASKING_TOOLS = frozenset({"AskUserQuestion", "ExitPlanMode"})


class Asked(msgspec.Struct, frozen=True):
    """A person was asked about a call: the agent's latest of this tool and input, before that.

    `tool_name` "" is any tool; one that ends in "*" is any with that beginning. Without
    `tool_input` any input will do.
    """

    kind: str
    tool_name: str = ""
    tool_input: Any = None


class Answered(msgspec.Struct, frozen=True):
    """A person answered what was asked in the midst of a call, which goes on."""

    tool_name: str


class ToolWait(msgspec.Struct, frozen=True):
    """A call waited for a person, from `since` to `until` (µs since the epoch), as measured."""

    tool_use_id: str
    kind: str
    since: int
    until: int


WaitFact = Asked | Answered | ToolWait


def wait_facts(event: Event) -> Iterator[WaitFact]:
    """Yield what the event says about waiting for a person."""
    reader = _READERS.get(event.kind)
    if reader is not None:
        yield from reader(event.data())


def _request(data: dict[str, Any]) -> Iterator[WaitFact]:
    yield Asked(PERMISSION, _text(data, "tool_name"), data.get("tool_input"))


def _notification(data: dict[str, Any]) -> Iterator[WaitFact]:
    if data.get("notification_type") == "permission_prompt":
        yield Asked(PERMISSION)


def _elicitation(data: dict[str, Any]) -> Iterator[WaitFact]:
    yield Asked(QUESTION, _tools_of(data))


def _elicited(data: dict[str, Any]) -> Iterator[WaitFact]:
    yield Answered(_tools_of(data))


def _tools_of(data: dict[str, Any]) -> str:
    return f"mcp__{_text(data, 'mcp_server_name')}__*"


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


_READERS: dict[str, Callable[[dict[str, Any]], Iterator[WaitFact]]] = {
    "PermissionRequest": _request,
    "Notification": _notification,
    "Elicitation": _elicitation,
    "ElicitationResult": _elicited,
}
