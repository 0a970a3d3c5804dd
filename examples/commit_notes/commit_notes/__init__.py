"""A git note on every commit Claude makes: which session, for what prompt, with how much work.

    git log --notes=claude

shows them. Notes stand beside commits and change none of them.
"""

from __future__ import annotations

import queue
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from claude_mpm_monitor import Event, Monitor, hookimpl

REF = "claude"
SECONDS = 10.0


class Annotating:
    """Writes notes on a thread of its own: git may take its time."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._noted: set[str] = set()
        self._calls: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="commit-notes", daemon=True)
        self._thread.start()
        self._subscription = monitor.subscribe(self._take, kinds=["PostToolUse"])

    def close(self) -> None:
        """Write what waits."""
        self._subscription.close()
        self._calls.put(None)
        self._thread.join(SECONDS)

    def _take(self, event: Event) -> None:
        command = event.data().get("tool_input", {}).get("command", "")
        if event.tool_name == "Bash" and "git" in command and "commit" in command:
            self._calls.put(event)

    def _run(self) -> None:
        while (event := self._calls.get()) is not None:
            until = time.monotonic() + SECONDS
            while self._monitor.status()["consumer"]["seq"] < event.seq:
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
            try:
                for commit in self._commits(event):
                    self._annotate(Path(event.data().get("cwd", ".")), commit)
            except (OSError, subprocess.SubprocessError) as error:
                self._failed(str(error))  # the folder is gone, git is: the next commit has its turn

    def _commits(self, event: Event) -> list[dict[str, Any]]:
        found = self._monitor.query.documents("commit", session_id=event.session_id)
        return [one.value for one in found if one.value["tool_use_id"] == event.tool_use_id]

    def _annotate(self, directory: Path, commit: dict[str, Any]) -> None:
        if commit["sha"] in self._noted:
            return
        self._noted.add(commit["sha"])
        note = note_of(self._monitor.query, commit)
        command = ["git", "notes", f"--ref={REF}", "add", "--force", "-m", note, commit["sha"]]
        done = subprocess.run(
            command, cwd=directory, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        if done.returncode:
            self._failed(done.stderr.strip())

    def _failed(self, said: str) -> None:
        self._monitor.emit("commit_notes.failed", {"error": said}, summary=said)


def note_of(query: Any, commit: dict[str, Any]) -> str:
    """Return the text of the note."""
    session = query.document("session", commit["session_id"])
    # Hooks of an older Claude Code do not say the prompt: it is the session's present one.
    prompt_id = commit["prompt_id"] or (session.value["prompt_id"] if session else "")
    turn = query.document("turn", f"{commit['session_id']}/{prompt_id}")
    usage = query.document("usage", f"session/{commit['session_id']}")
    lines = [f"Claude-Session: {commit['session_id']}"]
    if turn is not None:
        lines.append(f"Claude-Prompt: {' '.join(turn.value['prompt'].split())[:200]}")
    if session is not None:
        told = session.value
        lines.append(f"Claude-Work: {told['tool_calls']} tool calls, {told['errors']} errors")
    if usage is not None and usage.value["calls"]:
        lines.append(f"Claude-Cost: {usage.value['cost']['total'] / 1e12:.2f} USD so far")
    return "\n".join(lines)


class CommitNotes:
    """The plugin as an object: it has to end what it has begun."""

    def __init__(self) -> None:
        self._annotating: dict[int, Annotating] = {}

    @hookimpl
    def monitor_started(self, monitor: Monitor) -> None:
        """Begin to listen."""
        self._annotating[id(monitor)] = Annotating(monitor)

    @hookimpl
    def monitor_stopping(self, monitor: Monitor) -> None:
        """Write what waits and end."""
        if annotating := self._annotating.pop(id(monitor), None):
            annotating.close()


plugin = CommitNotes()
