"""Session: a made-up Claude Code session, told as hooks, transcript lines and telemetry tell it."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from claude_mpm_monitor.model.event import Event, Raw
from claude_mpm_monitor.sample.recorder import Delegation, Recorder, Step

if TYPE_CHECKING:
    from claude_mpm_monitor.monitor import Monitor

Json = dict[str, Any]
SECOND = 1_000_000
RECENTLY = 300 * SECOND
MODEL = "claude-opus-5"


class _Told(NamedTuple):
    """One delivery, `at` seconds after the beginning of the session."""

    at: float
    dialect: str
    source: str
    body: Json


class Session:
    """One session. Each method is one moment of it; time passes only as they say.

    `began` is in microseconds since the epoch, five minutes ago by default: so nothing is in the
    future, and alerts are not fired over what is older than an hour. Nothing is told to anybody
    before `tell`, `raws` or `events`.
    """

    def __init__(
        self, session_id: str = "", *, directory: str = "/work/shop", began: int | None = None
    ) -> None:
        self.began = time.time_ns() // 1_000 - RECENTLY if began is None else began
        self._main = Recorder(session_id=session_id or str(uuid.uuid4()), directory=directory)
        self._others: list[_Told] = []
        self._told = 0

    @property
    def session_id(self) -> str:
        """The session's id."""
        return self._main.session_id

    @property
    def now(self) -> int:
        """The session's present time, in microseconds since the epoch."""
        return self.began + round(self._main.now * SECOND)

    # ---- what happens

    def hook(self, kind: str, **fields: Any) -> Session:
        """Add a hook event of any kind, with whatever fields it has."""
        self._main.hook(kind, **fields)
        return self

    def replay(self, steps: Iterable[Step]) -> Session:
        """Add steps of a recorded story as they are, from the beginning of the session."""
        self._main.steps.extend(steps)
        self._main.now = max(step.at for step in self._main.steps)
        return self

    def wait(self, seconds: float) -> Session:
        """Let time pass."""
        self._main.wait(seconds)
        return self

    def start(self, source: str = "startup", model: str = MODEL) -> Session:
        """The session begins."""
        return self.hook("SessionStart", source=source, model=model)

    def prompt(self, text: str) -> Session:
        """The user writes: a turn begins."""
        self._main.prompt(text)
        return self

    def tool(
        self, tool: str, tool_input: Json, response: Any = "ok", *, seconds: float = 0.1
    ) -> Session:
        """A tool call that works. A text as response stands for what a command prints."""
        if isinstance(response, str):
            response = {"stdout": response, "stderr": "", "interrupted": False}
        self._main.tool(tool, tool_input, response, seconds)
        return self

    def bash(self, command: str, output: str = "ok", *, seconds: float = 0.1) -> Session:
        """A shell command that works."""
        return self.tool("Bash", {"command": command}, output, seconds=seconds)

    def failing(
        self, tool: str, tool_input: Json, error: str = "Exit code 1", *, seconds: float = 0.1
    ) -> Session:
        """A tool call that fails."""
        self._main.failing(tool, tool_input, error, seconds)
        return self

    def denied(self, tool: str, tool_input: Json, reason: str, *, seconds: float = 5.0) -> Session:
        """A tool call the user is asked about for `seconds`, and refuses."""
        self._main.denied(tool, tool_input, reason, seconds)
        return self

    def asks(self, tool: str, tool_input: Json) -> Session:
        """A tool call that needs a permission nobody has given yet."""
        call = {"tool_name": tool, "tool_input": tool_input}
        use = f"toolu_asks_{uuid.uuid4().hex[:16]}"
        self.hook("PreToolUse", **call, tool_use_id=use)
        self.wait(0.2)
        self.hook("PermissionRequest", **call)
        message = f"Claude needs your permission to use {tool}"
        return self.hook("Notification", message=message, notification_type="permission_prompt")

    def delegate(self, kind: str, description: str, prompt: str = "") -> Delegation:
        """Start a subagent: `worker` of what is returned acts, and `finish(answer)` ends it."""
        return self._main.delegate(kind, description, prompt or description)

    def answer(self, model: str = MODEL, **usage: int) -> Session:
        """The API answers, as the transcript has it; `usage` are its counts of tokens."""
        counted = {"input_tokens": 10, "output_tokens": 5, **usage}
        name = uuid.uuid4().hex[:24]
        message = {
            "id": f"msg_{name}",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [{"type": "text", "text": "Done."}],
            "usage": counted,
        }
        return self.line("assistant", requestId=f"req_{name}", message=message)

    def line(self, kind: str, **fields: Any) -> Session:
        """Add a line of the transcript."""
        moment = datetime.fromtimestamp(self.now / SECOND, UTC)
        body = {
            "type": kind,
            "uuid": str(uuid.uuid4()),
            "sessionId": self.session_id,
            "cwd": self._main.directory,
            **({"promptId": self._main.prompt_id} if self._main.prompt_id else {}),
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **fields,
        }
        self._others.append(_Told(self._main.now, "transcript", "transcript", body))
        return self

    def telemetry(self, name: str, **attributes: str | int | float | bool) -> Session:
        """Add a record of Claude Code's telemetry, such as ``api_request``."""
        given = {"event.name": name, "session.id": self.session_id, **attributes}
        record = {
            "timeUnixNano": str(self.now * 1_000),
            "body": {"stringValue": f"claude_code.{name}"},
            "attributes": [{"key": key, "value": _value(value)} for key, value in given.items()],
        }
        logs = {"resource": {"attributes": []}, "scopeLogs": [{"logRecords": [record]}]}
        self._others.append(_Told(self._main.now, "otlp", "otel", {"resourceLogs": [logs]}))
        return self

    def stop(self, answer: str = "Done.") -> Session:
        """Claude has answered and waits for the user."""
        self._main.stop(answer)
        return self

    def end(self, reason: str = "prompt_input_exit") -> Session:
        """The session ends."""
        return self.hook("SessionEnd", reason=reason)

    # ---- who is told

    def raws(self) -> list[Raw]:
        """Return everything that happened, in order, as deliveries that nobody has understood."""
        hooks = [_hook(step) for step in self._main.steps]
        return [self._raw(told) for told in sorted([*hooks, *self._others], key=_moment)]

    def events(self) -> list[Event]:
        """Return everything that happened as events, numbered as a store would number them."""
        return decoded(self.raws())

    def tell(self, monitor: Monitor) -> Session:
        """Have the monitor take in what happened since the last call, and derive from it.

        Raises AssertionError when it cannot understand something.
        """
        from claude_mpm_monitor.testing.settled import settled

        raws = self.raws()
        for raw, outcome in zip(
            raws[self._told :], monitor.ingest_many(raws[self._told :]), strict=True
        ):
            assert not outcome.error, f"{outcome.error}: {raw.body.decode()}"
        self._told = len(raws)
        settled(monitor)
        return self

    def _raw(self, told: _Told) -> Raw:
        return Raw(
            dialect=told.dialect,
            body=json.dumps(told.body, ensure_ascii=False).encode(),
            at=self.began + round(told.at * SECOND),
            source=told.source,
        )


def decoded(raws: list[Raw]) -> list[Event]:
    """Return the events in deliveries of the built-in dialects, numbered from 1 in their order."""
    from claude_mpm_monitor.ingest.api import ApiDecoder
    from claude_mpm_monitor.ingest.hooks import HookDecoder
    from claude_mpm_monitor.ingest.otlp import OtlpDecoder
    from claude_mpm_monitor.ingest.transcript import TranscriptDecoder

    known = (HookDecoder(), TranscriptDecoder(), OtlpDecoder(), ApiDecoder())
    decoders = {decoder.dialect: decoder for decoder in known}
    events = [event for raw in raws for event in decoders[raw.dialect].decode(raw)]
    return [msgspec.structs.replace(event, seq=seq) for seq, event in enumerate(events, 1)]


def _hook(step: Step) -> _Told:
    return _Told(step.at, "claude_hook", "http_hook", step.payload)


def _moment(told: _Told) -> float:
    return told.at


def _value(value: str | int | float | bool) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}
