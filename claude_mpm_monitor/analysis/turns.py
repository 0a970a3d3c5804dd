"""Turns: from a prompt to the answer, or to whatever ended it."""

from __future__ import annotations

from claude_mpm_monitor.model.analyzer import Documents, Json
from claude_mpm_monitor.model.event import Event, one_line

TOPIC = "turn"


def prompt_of(event: Event) -> str | None:
    """Return the prompt that the event starts a turn with, or None."""
    data = event.data()
    if event.kind == "UserPromptSubmit":
        return _text(data.get("prompt"))
    if event.kind != "transcript.user" or event.agent_id or data.get("isMeta"):
        return None
    if data.get("toolUseResult") is not None or data.get("isCompactSummary"):
        return None
    return spoken(event) or None


def turn_id(event: Event) -> str:
    """Return the id of the turn that a prompt starts; older releases gave prompts none."""
    return event.prompt_id or _text(event.data().get("uuid")) or f"seq-{event.seq}"


def is_final_answer(event: Event) -> bool:
    """Tell whether a transcript line is the answer that ends a turn."""
    message = event.data().get("message")
    return (
        event.kind == "transcript.assistant"
        and not event.agent_id
        and isinstance(message, dict)
        and message.get("stop_reason") == "end_turn"
    )


def spoken(event: Event) -> str:
    """Return the text of a transcript line, "" when it only carries tool calls or results."""
    message = event.data().get("message")
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        blocks = [block for block in content if isinstance(block, dict)]
        texts = [_text(block.get("text")) for block in blocks if block.get("type") == "text"]
        return "\n".join(text for text in texts if text)
    return _text(content)


def note_prompt(event: Event, prompt: str, documents: Documents) -> tuple[str, bool]:
    """Start a turn; return its id and whether it is new, not a known prompt told again."""
    prompt_id = turn_id(event)
    key = f"{event.session_id}/{prompt_id}"
    new = documents.get(TOPIC, key) is None
    if new:
        turn: Json = {
            "session_id": event.session_id,
            "prompt_id": prompt_id,
            "prompt": one_line(prompt, 2_000),
            "status": "running",
            "started_at": event.at,
            "ended_at": None,
            "tool_calls": 0,
            "errors": 0,
            "answer": "",
        }
        documents.put(TOPIC, key, turn)
    return prompt_id, new


def note_end(
    event: Event, prompt_id: str, status: str, documents: Documents, answer: object = ""
) -> None:
    """End the turn. A later end of the same turn replaces an earlier one: agents may go on."""
    turn = documents.get(TOPIC, f"{event.session_id}/{prompt_id}")
    if turn is None:
        return
    turn["status"], turn["ended_at"] = status, event.at
    turn["answer"] = one_line(answer, 2_000) or turn["answer"]
    documents.put(TOPIC, f"{event.session_id}/{prompt_id}", turn)


def is_running(session_id: str, prompt_id: str, documents: Documents) -> bool:
    """Tell whether the turn is known and not over."""
    turn = documents.get(TOPIC, f"{session_id}/{prompt_id}")
    return turn is not None and turn["status"] == "running"


def count(event: Event, prompt_id: str, deltas: dict[str, int], documents: Documents) -> None:
    """Add to the counters of the turn."""
    key = f"{event.session_id}/{prompt_id}"
    turn = documents.get(TOPIC, key)
    if turn is not None:
        turn["tool_calls"] += deltas["tool_calls"]
        turn["errors"] += deltas["errors"]
        documents.put(TOPIC, key, turn)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
