"""Scene: plays a Claude Code session and writes down what hooks and transcripts tell of it.

Both come from one description, stamped as they would be: a line with Claude Code's own time, a hook
with the time of its arrival, a little later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from claude_mpm_monitor.ingest.hooks import HookDecoder
from claude_mpm_monitor.ingest.transcript import TranscriptDecoder
from claude_mpm_monitor.model.event import Event, Raw

from .analysis import START
from .payloads import Payload

MILLISECOND = 1_000
#: A hook arrives this long after what it tells of (µs).
LATER = 7 * MILLISECOND
PROJECTS = "/home/dev/.claude/projects/-work"
DENIAL = "The user doesn't want to proceed with this tool use. The tool use was rejected"


class Scene:
    """One session. Its methods are what happens, in order; `hooks` and `lines` are the record."""

    def __init__(
        self,
        session_id: str = "s-1",
        *,
        at: int = START,
        numbered: bool = True,
        reasons: bool = True,
        hooks_numbered: bool = True,
    ) -> None:
        self.session_id = session_id
        self.at = at
        self.hooks: list[Event] = []
        self.lines: list[Event] = []
        self.types: dict[str, str] = {}
        self._numbered = numbered
        #: Releases around 2.1.100 number prompts in transcripts and not in hooks.
        self._hooks_numbered = hooks_numbered
        #: Some releases do not write down why a model's answer was over.
        self._reasons = reasons
        self._prompt_id = ""
        self._prompts, self._calls, self._lines = count(1), count(1), count(1)

    # ---- what happens

    def start(self, source: str = "startup") -> None:
        self._hook("SessionStart", source=source)

    def prompt(self, text: str = "Do it.") -> None:
        self._prompt_id = f"{self.session_id}-p-{next(self._prompts)}" if self._numbered else ""
        self._user(text)
        self._hook("UserPromptSubmit", prompt=text)

    def notice(self, task: str, status: str = "completed") -> None:
        """Claude Code tells its model, within the turn, that a task in the background is over."""
        text = f"<task-notification>\n<task-id>{task}</task-id>\n<status>{status}</status>"
        self._line({"type": "queue-operation", "operation": "enqueue", "content": text})
        self._hook("UserPromptSubmit", prompt=text)

    def call(self, tool: str = "Bash", agent: str = "", **given: Any) -> str:
        """A call is made; return its id."""
        number = next(self._calls)
        use = f"toolu_{self.session_id}_{number}"
        tool_input = given or {"command": f"make {number}"}
        block = {"type": "tool_use", "id": use, "name": tool, "input": tool_input}
        self._assistant([block], "tool_use", agent)
        self._hook("PreToolUse", agent, **self._called(use, tool, tool_input))
        self._made = getattr(self, "_made", {}) | {use: (tool, tool_input, agent)}
        return use

    def ask(self, use: str) -> None:
        tool, tool_input, agent = self._made[use]
        self._hook("PermissionRequest", agent, tool_name=tool, tool_input=tool_input)

    def done(self, use: str, response: Any = None) -> None:
        tool, tool_input, agent = self._made[use]
        told = {"stdout": "fine", "interrupted": False} if response is None else response
        self._result(use, "fine", told, agent)
        called = self._called(use, tool, tool_input)
        self._hook("PostToolUse", agent, **called, tool_response=told, duration_ms=3)

    def failed(self, use: str, error: str = "Exit code 1") -> None:
        tool, tool_input, agent = self._made[use]
        self._result(use, error, f"Error: {error}", agent, is_error=True)
        told = {"error": error, "is_interrupt": False, "duration_ms": 3}
        self._hook("PostToolUseFailure", agent, **self._called(use, tool, tool_input), **told)

    def denied(self, use: str) -> None:
        """The user says no: hooks tell that by the batch alone."""
        tool, _, agent = self._made[use]
        self._result(use, DENIAL, f"Error: {DENIAL}", agent, is_error=True)
        call = {"tool_use_id": use, "tool_name": tool, "tool_response": DENIAL}
        self._hook("PostToolBatch", agent, tool_calls=[call])

    def agent(
        self, agent: str, agent_type: str = "qa", parent: str = "", *, background: bool = False
    ) -> str:
        """A call hands work to an agent, which begins; return the call's id."""
        given = {"subagent_type": agent_type, "description": f"task of {agent}", "prompt": "Go."}
        if background:
            given |= {"run_in_background": True}
        use = self.call("Agent", parent, **given)
        self.types[agent] = agent_type
        self._user("Go.", agent)
        self._hook("SubagentStart", agent)
        self._meta(agent, use, parent, background, given)
        if background:
            self.done(use, {"status": "async_launched", "agentId": agent})
        return use

    def agent_done(self, agent: str, use: str = "") -> None:
        """The agent answers, and so does the call that waited for it."""
        self._assistant([{"type": "text", "text": f"{agent} is done."}], "end_turn", agent)
        self._hook("SubagentStop", agent, last_assistant_message=f"{agent} is done.")
        if use:
            self.done(use, {"status": "completed", "agentId": agent})

    def agent_killed(self, agent: str, use: str) -> None:
        """An API error ends the agent: there is no SubagentStop."""
        self._api_error("API Error: 400", agent)
        self.failed(use, "API Error: 400")

    def answer(self, text: str = "Done.") -> None:
        self._assistant([{"type": "text", "text": text}], "end_turn")
        self._hook("Stop", last_assistant_message=text)

    def api_error(self) -> None:
        self._api_error("API Error: 529 Overloaded")

    def interrupt(self) -> None:
        """The user presses Escape: no hook tells of it."""
        self._user("[Request interrupted by user]")

    def compact(self) -> None:
        self._hook("PreCompact", trigger="auto")
        self._hook("SubagentStop", agent_id=f"phantom-{self.at}", agent_type="")
        self._line({"type": "system", "subtype": "compact_boundary", "content": "Compacted"})
        self._hook("SessionStart", source="compact")
        self._hook("PostCompact", trigger="auto")

    def end(self, reason: str = "other") -> None:
        line = {"type": "cost-state", "sessionId": self.session_id, "totalCostUSD": 0.1}
        body = json.dumps(line | {"number": next(self._lines)}).encode()
        raw = Raw(dialect="transcript", body=body, at=self.at, source="transcript")
        self.lines += TranscriptDecoder().decode(raw)
        self._hook("SessionEnd", reason=reason)

    def fork(self, session_id: str) -> Scene:
        """Another session goes on from here; its transcript repeats this one's."""
        fork = Scene(session_id, at=self.at + 1_000 * MILLISECOND)
        fork._prompts = self._prompts
        fork._prompt_id = f"{session_id}-p-{next(self._prompts)}"
        fork.start("fork")
        for event in self.lines:
            line = json.loads(event.payload)
            if event.agent_id or "timestamp" not in line:
                continue
            line["sessionId"] = session_id
            if line["type"] == "assistant":
                line["requestSessionId"] = self.session_id
            elif "promptId" in line:
                line["promptId"] = fork._prompt_id
            fork._store_line(line, event.at)
        return fork

    # ---- how it is written down

    def _called(self, use: str, tool: str, tool_input: Payload) -> Payload:
        return {"tool_use_id": use, "tool_name": tool, "tool_input": tool_input}

    def _hook(self, kind: str, agent: str = "", **fields: Any) -> None:
        payload: Payload = {
            "session_id": self.session_id,
            "transcript_path": f"{PROJECTS}/{self.session_id}.jsonl",
            "cwd": "/nowhere/work",
            "hook_event_name": kind,
        }
        if self._prompt_id and self._hooks_numbered and kind != "SessionStart":
            payload["prompt_id"] = self._prompt_id
        if agent:
            payload |= {"agent_id": agent, "agent_type": self.types[agent]}
        self._tick()
        body = json.dumps(payload | fields).encode()
        raw = Raw(dialect="claude_hook", body=body, at=self.at + LATER, source="http_hook")
        self.hooks += HookDecoder().decode(raw)

    def _user(self, text: str, agent: str = "") -> None:
        self._line({"type": "user", "message": {"role": "user", "content": text}}, agent)

    def _assistant(self, content: list[Payload], reason: str, agent: str = "") -> None:
        told = reason if self._reasons else None
        message = {"role": "assistant", "content": content, "stop_reason": told}
        self._line({"type": "assistant", "message": {"model": "opus", **message}}, agent)

    def _result(
        self, use: str, text: str, result: Any, agent: str, *, is_error: bool = False
    ) -> None:
        block = {"type": "tool_result", "tool_use_id": use, "content": text, "is_error": is_error}
        message = {"role": "user", "content": [block]}
        self._line({"type": "user", "message": message, "toolUseResult": result}, agent)

    def _api_error(self, text: str, agent: str = "") -> None:
        message = {"model": "<synthetic>", "content": [{"type": "text", "text": text}]}
        self._line({"type": "assistant", "message": message, "isApiErrorMessage": True}, agent)
        self._hook("StopFailure", agent, error="unknown", last_assistant_message=text)

    def _meta(self, agent: str, use: str, parent: str, background: bool, given: Payload) -> None:
        meta = {"agentType": given["subagent_type"], "description": given["description"]}
        meta |= {"toolUseId": use, "requestShape": "background" if background else "foreground"}
        meta |= {"parentAgentId": parent} if parent else {}
        body = json.dumps(meta).encode()
        path = f"{PROJECTS}/{self.session_id}/subagents/agent-{agent}.meta.json"
        raw = Raw(dialect="transcript", body=body, at=START, source="transcript", origin=path)
        self.lines += TranscriptDecoder().decode(raw)

    def _line(self, line: Payload, agent: str = "") -> None:
        self._tick()
        line |= {"sessionId": self.session_id, "cwd": "/nowhere/work", "version": "2.1.330"}
        if agent:
            line |= {"agentId": agent, "isSidechain": True}
        if line["type"] == "user" and self._prompt_id:
            line["promptId"] = self._prompt_id
        self._store_line(line, self.at)

    def _store_line(self, line: Payload, at: int) -> None:
        seconds, micro = divmod(at, 1_000_000)
        stamp = f"{_iso(seconds)}.{micro // 1_000:03d}Z"
        line |= {"timestamp": stamp, "uuid": f"{self.session_id}-{next(self._lines)}"}
        raw = Raw(dialect="transcript", body=json.dumps(line).encode(), at=at, source="transcript")
        self.lines += TranscriptDecoder().decode(raw)

    def _tick(self) -> None:
        self.at += 40 * MILLISECOND


class Improviser:
    """Plays a session out of single steps; a step that makes no sense now does nothing."""

    STEPS = (
        *("prompt", "call", "call", "fail", "deny", "leave_open", "agent", "background", "nest"),
        *("work", "work", "agent_done", "agent_done", "kill", "answer", "answer", "interrupt"),
        *("api_error", "compact", "resume", "notice"),
    )

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._agents: dict[str, tuple[str, str]] = {}
        self._named = count(1)
        self._in_turn = False

    def play(self, steps: Iterable[str]) -> Scene:
        """Play the steps, each the name of a method below, and return the scene."""
        self.scene.start()
        for step in steps:
            if not self._in_turn and step not in ("resume", "work", "agent_done", "notice"):
                self.prompt()
            getattr(self, step)()
        self.scene.end()
        return self.scene

    def prompt(self) -> None:
        self._in_turn = True
        self.scene.prompt(f"Step {self.scene.at}")

    def call(self) -> None:
        use = self.scene.call("Edit", file_path="/f", old_string="a", new_string="b")
        self.scene.ask(use)
        self.scene.done(use)

    def fail(self) -> None:
        self.scene.failed(self.scene.call())

    def deny(self) -> None:
        use = self.scene.call("Write", file_path="/g", content="x")
        self.scene.ask(use)
        self.scene.denied(use)

    def leave_open(self) -> None:
        self.scene.call()

    def agent(self) -> None:
        self._begin("", background=False)

    def background(self) -> None:
        self._begin("", background=True)

    def nest(self) -> None:
        if self._agents:
            self._begin(next(iter(self._agents)), background=False)

    def work(self) -> None:
        for name in self._agents:
            self.scene.done(self.scene.call("Read", name, file_path="/f"))

    def agent_done(self) -> None:
        if self._agents:
            name, (use, waits) = self._agents.popitem()
            self.scene.agent_done(name, use if waits else "")

    def kill(self) -> None:
        if self._agents:
            name, (use, waits) = self._agents.popitem()
            if waits:
                self.scene.agent_killed(name, use)

    def notice(self) -> None:
        if self._in_turn:
            self.scene.notice("some-shell")

    def answer(self) -> None:
        self._in_turn = False
        self._forget()
        self.scene.answer()

    def interrupt(self) -> None:
        self._in_turn = False
        self._forget()
        self.scene.interrupt()
        self.prompt()

    def api_error(self) -> None:
        self._in_turn = False
        self._forget()
        self.scene.api_error()

    def compact(self) -> None:
        self.scene.compact()

    def resume(self) -> None:
        if not self._in_turn:
            self._agents.clear()
            self.scene.end()
            self.scene.start("resume")

    def _begin(self, parent: str, *, background: bool) -> None:
        name = f"a-{next(self._named)}"
        use = self.scene.agent(name, "qa", parent, background=background)
        self._agents[name] = (use, "" if background else "waits")

    def _forget(self) -> None:
        """The turn is over: agents it waited for are heard of no more."""
        self._agents = {name: call for name, call in self._agents.items() if not call[1]}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
