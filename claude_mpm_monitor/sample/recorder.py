"""Recorder: writes a session as the hook payloads Claude Code would have sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One hook payload, `at` seconds after the beginning of the session."""

    at: float
    payload: Json


@dataclass
class Recorder:
    """One line of work, the main agent's or a subagent's, with a clock of its own.

    Lines that work at the same time share `steps`; `story()` puts them in order.
    """

    session_id: str
    directory: str
    steps: list[Step] = field(default_factory=list)
    now: float = 0.0
    prompt_id: str = ""
    agent: Json = field(default_factory=dict)

    def hook(self, name: str, **fields: Any) -> None:
        """Add one event at the present time of this line."""
        project = self.directory.replace("/", "-")
        payload = {
            "session_id": self.session_id,
            "transcript_path": f"/sample/.claude/projects/{project}/{self.session_id}.jsonl",
            "cwd": self.directory,
            **(
                {"prompt_id": self.prompt_id, "permission_mode": "default"}
                if self.prompt_id
                else {}
            ),
            **self.agent,
            "hook_event_name": name,
            **fields,
        }
        self.steps.append(Step(self.now, payload))

    def wait(self, seconds: float) -> None:
        """Let time pass: Claude thinks, or writes."""
        self.now += seconds

    def prompt(self, text: str) -> None:
        """The user asks for something."""
        self.prompt_id = str(uuid.uuid4())
        self.hook("UserPromptSubmit", prompt=text)

    def tool(
        self, tool: str, arguments: Json, response: Any, seconds: float, **fields: Any
    ) -> None:
        """A tool call that works."""
        call = self._begin(tool, arguments, **fields)
        self.wait(seconds)
        self.hook("PostToolUse", **call, tool_response=response, duration_ms=int(seconds * 1000))
        self.wait(0.6)

    def failing(self, tool: str, arguments: Json, error: str, seconds: float) -> None:
        """A tool call that fails."""
        call = self._begin(tool, arguments)
        self.wait(seconds)
        self.hook(
            "PostToolUseFailure",
            **call,
            error=error,
            is_interrupt=False,
            duration_ms=int(seconds * 1000),
        )
        self.wait(1.2)

    def denied(self, tool: str, arguments: Json, reason: str, seconds: float) -> None:
        """A tool call the user is asked about, and refuses."""
        call = self._begin(tool, arguments)
        self.wait(0.2)
        self.hook("PermissionRequest", tool_name=tool, tool_input=arguments)
        self.hook(
            "Notification",
            message=f"Claude needs your permission to use {tool}",
            notification_type="permission_prompt",
        )
        self.wait(seconds)
        self.hook("PermissionDenied", **call, reason=reason)
        self.wait(0.8)

    def stop(self, answer: str) -> None:
        """The main agent answers and waits for the user."""
        self.hook(
            "Stop",
            stop_hook_active=False,
            last_assistant_message=answer,
            background_tasks=[],
            session_crons=[],
        )

    def delegate(self, kind: str, description: str, prompt: str) -> Delegation:
        """Start a subagent; it works at the same time as whatever else this line does."""
        arguments = {"description": description, "prompt": prompt, "subagent_type": kind}
        call = self._begin("Agent", arguments)
        agent_id = uuid.uuid4().hex[:16]
        worker = Recorder(
            session_id=self.session_id,
            directory=self.directory,
            steps=self.steps,
            now=self.now + 0.3,
            prompt_id=self.prompt_id,
            agent={"agent_id": agent_id, "agent_type": kind},
        )
        worker.hook("SubagentStart")
        worker.wait(1.0)
        return Delegation(self, worker, call, self.now)

    def story(self) -> list[Step]:
        """Return everything that happened, in order."""
        return sorted(self.steps, key=lambda step: step.at)

    def _begin(self, tool: str, arguments: Json, **fields: Any) -> Json:
        call = {
            "tool_name": tool,
            "tool_input": arguments,
            "tool_use_id": f"toolu_sample_{uuid.uuid4().hex[:20]}",
            **fields,
        }
        self.hook("PreToolUse", **call)
        return call


@dataclass
class Delegation:
    """A subagent at work."""

    caller: Recorder
    worker: Recorder
    call: Json
    began: float

    def finish(self, answer: str) -> None:
        """The subagent hands back its answer; the caller waits for it if it has to."""
        worker, caller = self.worker, self.caller
        worker.hook(
            "SubagentStop",
            stop_hook_active=False,
            last_assistant_message=answer,
            background_tasks=[],
            session_crons=[],
        )
        caller.now = max(caller.now, worker.now + 0.1)
        caller.hook(
            "PostToolUse",
            **self.call,
            tool_response={
                "status": "completed",
                "agentId": worker.agent["agent_id"],
                "agentType": worker.agent["agent_type"],
                "content": [{"type": "text", "text": answer}],
                "totalDurationMs": int((worker.now - self.began) * 1000),
            },
            duration_ms=int((worker.now - self.began) * 1000),
        )
