"""The host's wire: what claude-mpm's own hook handlers send, in each of the shapes they use.

A body is either a request of POST /api/events, ``{"namespace", "event", "data": {...}}``, or the
data of a Socket.IO ``claude_event`` or ``hook:ingest`` by itself. Its data names the event by
``subtype`` (by ``type: "hook.pre_tool"`` in version 3) and holds, under ``data``, either the hook
JSON of Claude Code untouched, or the handler's own flattened and poorer account of it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.hooks import event_from_hook
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.wording import describe
from claude_mpm_monitor.model.event import Event, Raw, one_line
from claude_mpm_monitor.model.jsontext import loads

#: The host's names for facts that Claude Code reports under a name of its own.
HOOK_EVENTS = {
    "pre_tool": "PreToolUse",
    "post_tool": "PostToolUse",
    "user_prompt": "UserPromptSubmit",
    "session_start": "SessionStart",
    "session_end": "SessionEnd",
    "stop": "Stop",
    "subagent_start": "SubagentStart",
    "subagent_stop": "SubagentStop",
    "notification": "Notification",
    "permission_request": "PermissionRequest",
    "pre_compact": "PreCompact",
    "post_compact": "PostCompact",
    "config_change": "ConfigChange",
    "task_completed": "TaskCompleted",
    "teammate_idle": "TeammateIdle",
    "worktree_create": "WorktreeCreate",
    "worktree_remove": "WorktreeRemove",
}
DEFAULT_SOURCE = "claude_mpm"
KIND_LIMIT = 80
#: What the host adds to a tool's input; it says nothing about the call.
_ADDED_PARAMETERS = frozenset({"input_type", "param_keys"})

Layers = list[dict[str, Any]]


class MpmDecoder:
    """Decodes the host's wire. Writer thread."""

    dialect = "mpm"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the one event in `raw`, or raise DecodeError."""
        return decode_mpm(raw)


class _Envelope(msgspec.Struct):
    """Where the next layer lies in the text, so that it can be kept to the letter."""

    data: msgspec.Raw = msgspec.Raw(b"")


_envelope = msgspec.json.Decoder(_Envelope)


def decode_mpm(raw: Raw) -> list[Event]:
    """Return the one event that a delivery of the host reports, or raise DecodeError."""
    outer = _object(raw.body, "the body")
    told, body = outer, raw.body
    if "type" not in outer and "subtype" not in outer and "data" in outer:
        told, body = _inner(outer, body, "data")
    account: dict[str, Any] = {}
    if isinstance(told.get("data"), dict):
        account, account_body = _inner(told, body, "data.data")
        if _is_hook_payload(account):
            source = _first_text([told], "source") or DEFAULT_SOURCE
            return [event_from_hook(account, _derived(raw, account_body, source))]
    return [_event(raw, body, [told, account])]


def _event(raw: Raw, body: bytes, layers: Layers) -> Event:
    told, account = layers
    session_id = _first_text(layers, "session_id") or _first_text(layers, "sessionId")
    kind = _kind(layers, session_id)
    tool_use_id = _first_text(layers, "tool_use_id")
    of_agent = kind in ("SubagentStart", "SubagentStop")
    return Event(
        event_id=fact_id(session_id, kind, tool_use_id) if tool_use_id else "",
        kind=kind,
        session_id=session_id,
        at=raw.at,
        source=_first_text(layers, "source") or DEFAULT_SOURCE,
        agent_id=_first_text(layers, "agent_id") if of_agent else "",
        tool_use_id=tool_use_id,
        prompt_id=_first_text(layers, "prompt_id"),
        project=_first_text(layers, "cwd") or _first_text(layers, "working_directory"),
        tool_name=_first_text([account, told], "tool_name"),
        summary=_summary(kind, account or told),
        payload=body,
    )


def _kind(layers: Layers, session_id: str) -> str:
    told, account = layers
    subtype = _text(told, "subtype") or _text(told, "type").removeprefix("hook.")
    if subtype in ("", "hook", "unknown"):
        subtype = _text(account, "event_type") or subtype
    if subtype == "subagent_start" and _is_delegation(account, session_id):
        return "mpm.subagent_start"
    known = HOOK_EVENTS.get(subtype) or _first_text(layers, "hook_event_name")
    if known:
        return one_line(known, KIND_LIMIT)
    subtype = one_line(subtype or _text(told, "event"), KIND_LIMIT)
    if not subtype:
        raise DecodeError("the host's event names neither subtype nor type")
    return f"mpm.{subtype}"


def _is_delegation(account: dict[str, Any], session_id: str) -> bool:
    """Tell the host's guess at a delegation, made before any agent exists, from a real start."""
    made_up = f"{account.get('agent_type')}_{session_id}"
    return bool(session_id) and account.get("agent_id") == made_up


def _is_hook_payload(account: dict[str, Any]) -> bool:
    named = isinstance(account.get("hook_event_name"), str)
    return named and ("transcript_path" in account or "cwd" in account)


def _summary(kind: str, account: dict[str, Any]) -> str:
    parameters = account.get("tool_parameters")
    if isinstance(parameters, dict):
        tool_input = {k: v for k, v in parameters.items() if k not in _ADDED_PARAMETERS}
        return describe(kind, {**account, "tool_input": tool_input})
    for name in ("prompt_text", "result_summary", "prompt_preview"):
        line = one_line(account.get(name))
        if line:
            return line
    if isinstance(account.get("todos"), list):
        return f"{len(account['todos'])} todos"
    return describe(kind, account)


def _inner(layer: dict[str, Any], body: bytes, where: str) -> tuple[dict[str, Any], bytes]:
    """Return the object under ``data`` and the text it was read from."""
    if not isinstance(layer["data"], dict):
        raise DecodeError(f"{where} is {_type_name(layer['data'])}, an object was expected")
    try:
        text = bytes(_envelope.decode(body).data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = msgspec.json.encode(layer["data"])  # read leniently, so there is no exact text
    return layer["data"], text


def _derived(raw: Raw, body: bytes, source: str) -> Raw:
    return msgspec.structs.replace(raw, body=body, source=source)


def _object(body: bytes, where: str) -> dict[str, Any]:
    try:
        value = loads(body)
    except ValueError as error:
        raise DecodeError(str(error)) from None
    if not isinstance(value, dict):
        raise DecodeError(f"{where} is {_type_name(value)}, an object was expected")
    return value


def _first_text(layers: Layers, name: str) -> str:
    for layer in layers:
        value = _text(layer, name)
        if value:
            return value
    return ""


def _text(layer: dict[str, Any], name: str) -> str:
    """Return a text, "" for what is missing or null; anything else does not fit the wire."""
    value = layer.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DecodeError(f"{name} is {_type_name(value)}, a text was expected")
    return value


def _type_name(value: object) -> str:
    names = {
        "NoneType": "null",
        "bool": "true or false",
        "int": "a number",
        "float": "a number",
        "str": "a text",
        "list": "an array",
        "dict": "an object",
    }
    return names.get(type(value).__name__, type(value).__name__)
