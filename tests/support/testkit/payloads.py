"""Claude Code's hook payloads, built field by field."""

from __future__ import annotations

import json
from typing import Any

Payload = dict[str, Any]


class Talk:
    """One session's hook payloads. Every method returns one payload."""

    def __init__(self, session_id: str = "s-1", *, prompt_id: str = "p-1") -> None:
        self.session_id = session_id
        self.prompt_id = prompt_id

    def say(self, kind: str, **fields: Any) -> Payload:
        """Any event at all."""
        return {
            "session_id": self.session_id,
            "transcript_path": f"/home/dev/.claude/projects/-work/{self.session_id}.jsonl",
            "cwd": "/nowhere/work",
            "prompt_id": self.prompt_id,
            "hook_event_name": kind,
            **fields,
        }

    def start(self, source: str = "startup") -> Payload:
        return self.say("SessionStart", source=source, model="claude-opus-4-5")

    def prompt(self, text: str = "Do it.", prompt_id: str = "") -> Payload:
        self.prompt_id = prompt_id or self.prompt_id
        return self.say("UserPromptSubmit", prompt=text)

    def pre(self, use: str, tool: str = "Bash", agent: str = "", **given: Any) -> Payload:
        return self.say("PreToolUse", **_call(use, tool, agent, given))

    def post(
        self, use: str, tool: str = "Bash", agent: str = "", response: Any = None, **given: Any
    ) -> Payload:
        told = {"stdout": "ok", "interrupted": False} if response is None else response
        call = _call(use, tool, agent, given)
        return self.say("PostToolUse", **call, tool_response=told, duration_ms=12)

    def failure(
        self,
        use: str,
        tool: str = "Bash",
        agent: str = "",
        error: str = "Exit code 1",
        interrupt: bool = False,
        **given: Any,
    ) -> Payload:
        told = {"error": error, "is_interrupt": interrupt, "duration_ms": 7}
        return self.say("PostToolUseFailure", **_call(use, tool, agent, given), **told)

    def denied(self, use: str, tool: str = "Bash", reason: str = "too risky") -> Payload:
        return self.say("PermissionDenied", **_call(use, tool, "", {}), reason=reason)

    def batch(self, *calls: tuple[str, str, Any], agent: str = "") -> Payload:
        """`calls` are (tool use id, tool name, response)."""
        told = [
            {"tool_use_id": use, "tool_name": tool, "tool_input": {}, "tool_response": response}
            for use, tool, response in calls
        ]
        return self.say("PostToolBatch", **_agent(agent), tool_calls=told)

    def stop(self, answer: str = "Done.", **fields: Any) -> Payload:
        return self.say("Stop", last_assistant_message=answer, **fields)

    def stop_failure(self, agent: str = "") -> Payload:
        return self.say("StopFailure", **_agent(agent), error="api_error", error_details="500")

    def agent_start(self, agent: str, agent_type: str = "explorer") -> Payload:
        return self.say("SubagentStart", agent_id=agent, agent_type=agent_type)

    def agent_stop(
        self, agent: str, agent_type: str = "explorer", answer: str = "Found."
    ) -> Payload:
        told = {"agent_id": agent, "agent_type": agent_type, "last_assistant_message": answer}
        return self.say("SubagentStop", **told)

    def end(self, reason: str = "prompt_input_exit") -> Payload:
        return self.say("SessionEnd", reason=reason)


def body(payload: Payload) -> bytes:
    """The payload as Claude Code sends it."""
    return json.dumps(payload).encode()


def _call(use: str, tool: str, agent: str, given: Payload) -> Payload:
    tool_input = given or {"command": f"make {use}"}
    return {"tool_name": tool, "tool_input": tool_input, "tool_use_id": use, **_agent(agent)}


def _agent(agent: str) -> Payload:
    return {"agent_id": agent, "agent_type": "explorer"} if agent else {}
