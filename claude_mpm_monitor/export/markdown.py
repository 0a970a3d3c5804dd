"""A session as something to read: prompts, answers, and what was done in between."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, BinaryIO

from claude_mpm_monitor.export.began import began
from claude_mpm_monitor.model.exporter import Recording

Json = dict[str, Any]
_FENCE = re.compile(r"`{3,}")


class Markdown:
    """One heading a turn, its prompt, a list of its tool calls, its answer. Times are UTC."""

    name = "markdown"
    suffix = ".md"
    media_type = "text/markdown"

    def export(self, recording: Recording, out: BinaryIO) -> None:
        """Write the recording."""
        session = recording.session()
        calls: dict[str, list[Json]] = {}
        for call in sorted(recording.documents("tool_call"), key=began):
            calls.setdefault(call["prompt_id"], []).append(call)
        turns = sorted(recording.documents("turn"), key=began)
        paragraphs = [
            f"# {_line(session['title']) or 'A session without a title'}",
            _about(session),
        ]
        for number, turn in enumerate(turns, 1):
            paragraphs += _turn(number, turn, calls.pop(turn["prompt_id"], []))
        rest = [call for found in calls.values() for call in found]
        if rest:
            paragraphs += ["## Outside any turn", _calls(rest)]
        out.write(("\n\n".join(paragraphs) + "\n").encode(errors="replace"))


def _about(session: Json) -> str:
    facts = {
        "Session": f"`{session['session_id']}`",
        "Project": _line(session["project"]),
        "Model": _line(session["model"]),
        "Started": _time(session["started_at"]),
    }
    return "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)


def _turn(number: int, turn: Json, calls: list[Json]) -> list[str]:
    parts = [
        f"## {number}. {_time(turn['started_at'])} ({turn['status']})",
        _quoted(turn["prompt"]),
    ]
    if calls:
        parts.append(_calls(calls))
    if turn["answer"]:
        parts.append(_block(turn["answer"]))
    return parts


def _calls(calls: list[Json]) -> str:
    return "\n".join(
        f"- {call['tool_name'] or 'unknown'} {_code(call['detail'])} ({call['status']})"
        + (f": {_line(call['error'])}" if call["error"] else "")
        for call in calls
    )


def _quoted(text: str) -> str:
    lines = text.replace("<", "&lt;").splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines)


def _block(text: str) -> str:
    """Return `text` fenced, so that nothing in it can end the fence or be markup."""
    longest = max((len(fence) for fence in _FENCE.findall(text)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _code(text: str) -> str:
    return f"`{_line(text).replace('`', chr(39))}`" if text else ""


def _line(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
