"""An alert when the same command keeps failing, edit after edit: Claude may need a hint.

The built-in rule "loop" sees equal calls in a row. This one sees through the edits in between: an
analyzer counts, a rule looks at what it counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claude_mpm_monitor import Analyzer, Condition, Documents, Event, Rule, Setting, hookimpl

TOPIC = "retries"


class Retries:
    """Keeps one document an agent: the command that fails, how often, and since when."""

    name = "retries"
    version = 1
    topics = (TOPIC,)
    kinds = frozenset({"PostToolUse", "PostToolUseFailure", "UserPromptSubmit"})

    def apply(self, event: Event, documents: Documents) -> None:
        """A failure of the same command counts; its success, or a word of the user, ends it."""
        key = f"{event.session_id}/{event.agent_id}"
        known = documents.get(TOPIC, key)
        if event.kind == "UserPromptSubmit":
            told = None
        elif event.tool_name != "Bash":
            return  # reading and editing in between change nothing
        else:
            told = self._after(event, known)
        if told is not None or known is not None:
            fresh = {"command": "", "failures": 0, "since": 0, "error": ""}
            value = {"session_id": event.session_id, "agent_id": event.agent_id, **(told or fresh)}
            documents.put(TOPIC, key, value)

    def _after(self, event: Event, known: dict[str, Any] | None) -> dict[str, Any] | None:
        data = event.data()
        command = str(data.get("tool_input", {}).get("command", ""))
        same = known is not None and known["command"] == command
        if event.kind == "PostToolUse":
            return None if same or known is None else known
        return {
            "command": command,
            "failures": known["failures"] + 1 if same and known else 1,
            "since": known["since"] if same and known else event.at,
            "error": str(data.get("error", ""))[:200],
        }


class RetryRule:
    """Fires when a command has failed so often."""

    name = "retries"
    topics = (TOPIC,)

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def conditions(self, change: Any) -> Iterable[Condition]:
        """Look at one agent's document."""
        told = change.value
        yield Condition(
            key=change.key,
            holds=told["failures"] >= self.failures,
            since=told["since"],
            title=f"Failed {told['failures']} times: {told['command'][:80]}",
            detail=told["error"],
            session_id=told["session_id"],
            agent_id=told["agent_id"],
        )


@hookimpl
def monitor_register_settings() -> list[Setting]:
    """Let the user choose, in plugins.toml under [retry_alarm]."""
    return [Setting(name="failures", default=4, minimum=2, help="So many failures are an alert.")]


@hookimpl
def monitor_register_analyzers() -> list[Analyzer]:
    """What counts."""
    return [Retries()]


@hookimpl
def monitor_register_rules(settings: Any) -> list[Rule]:
    """What looks at the count."""
    return [RetryRule(settings.failures)]
