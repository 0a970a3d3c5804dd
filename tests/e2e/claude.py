"""Plays a Claude Code session: posts hook payloads the way its HTTP hooks do."""

from __future__ import annotations

import http.client
import json
import uuid
from typing import Any


class Claude:
    """One session. Each method is one moment of it."""

    def __init__(self, port: int, cwd: str = "/home/dev/work/shop") -> None:
        self.session_id = str(uuid.uuid4())
        self._port = port
        self._cwd = cwd
        self._calls = 0

    def hook(self, kind: str, **fields: Any) -> None:
        """Post one hook payload and wait until it is stored."""
        base = {"session_id": self.session_id, "cwd": self._cwd, "prompt_id": "p1"}
        payload = {**base, "hook_event_name": kind, "permission_mode": "default", **fields}
        self._post("/hooks/claude", json.dumps(payload))

    def start(self) -> None:
        """Begin the session."""
        self.hook("SessionStart", source="startup", model="claude-opus-5-5")

    def prompt(self, text: str) -> None:
        """The user writes."""
        self.hook("UserPromptSubmit", prompt=text)

    def stop(self, answer: str) -> None:
        """Claude has finished answering."""
        self.hook("Stop", last_assistant_message=answer)

    def begin(self, tool: str, tool_input: dict[str, Any], **fields: Any) -> str:
        """Start a tool call; return its id."""
        self._calls += 1
        call = f"toolu_{self.session_id[:8]}_{self._calls}"
        self.hook("PreToolUse", tool_name=tool, tool_input=tool_input, tool_use_id=call, **fields)
        return call

    def tool(self, tool: str, tool_input: dict[str, Any], answer: Any, **fields: Any) -> str:
        """Make a tool call that succeeds; return its id."""
        call = self.begin(tool, tool_input, **fields)
        about = {"tool_name": tool, "tool_input": tool_input, "tool_use_id": call, **fields}
        self.hook("PostToolUse", **about, tool_response=answer, duration_ms=12)
        return call

    def bash(self, command: str, stdout: str = "") -> str:
        """Run a command that succeeds."""
        answer = {"stdout": stdout, "stderr": "", "interrupted": False}
        return self.tool("Bash", {"command": command}, answer)

    def failing_bash(self, command: str, error: str) -> str:
        """Run a command that fails."""
        call = self.begin("Bash", {"command": command})
        about = {"tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": call}
        self.hook("PostToolUseFailure", **about, error=error, is_interrupt=False)
        return call

    def many(self, count: int, batch: int = 500) -> None:
        """Post `count` events as fast as the wire takes them."""
        for first in range(0, count, batch):
            events = [self._numbered(first + i) for i in range(min(batch, count - first))]
            self._post("/api/v1/events", json.dumps(events))

    def _numbered(self, number: int) -> dict[str, Any]:
        return {
            "kind": "UserPromptSubmit",
            "session_id": self.session_id,
            "payload": {"prompt": f"number {number}", "cwd": self._cwd},
        }

    def _post(self, path: str, body: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        assert status in (200, 204), status
