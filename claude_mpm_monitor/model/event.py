"""Event: one immutable fact about a session, and Raw: a delivery not yet understood."""

from __future__ import annotations

from typing import Any

import msgspec

from claude_mpm_monitor.model.jsontext import loads

#: What claude-mpm's own files tell. A response repeats what hooks and transcripts have; a report
#: has what an agent says of its task; the cost of a commit names no session.
RESPONSE = "mpm.response"
TASK_REPORT = "mpm.task_report"
COMMIT_COST = "mpm.commit_cost"
#: They make no session: versions of the host before 4 had ids of their own for them.
RECORD_KINDS = frozenset({RESPONSE, TASK_REPORT, COMMIT_COST})
#: Kinds that report on the reporting itself, or repeat what others tell. They are stored, but no
#: view shows them unless asked.
NOISE_KINDS = frozenset(
    {
        RESPONSE,
        "mpm.hook_execution",
        "mpm.command_acknowledged",
        "otel.log.hook_execution_start",
        "otel.log.hook_execution_complete",
        "otel.log.hook_registered",
        "otel.log.managed_settings_resolved",
        "otel.log.plugin_loaded",
    }
)
#: Kinds that begin so are noise, too: many, and what they tell is in the documents.
NOISE_PREFIXES = ("otel.metric.", "otel.span.")
#: The source of lines read from the transcript of a live session. Hooks have told what they tell,
#: except for what the agents say between their tool calls, so all but that is noise.
LIVE_TRANSCRIPT = "transcript_live"

SUMMARY_LIMIT = 200
#: The last microsecond of the year 9999: what dates can be made of, here and in browsers.
LATEST_AT = 253_402_300_799_999_999


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery as it arrived, before anything is known about it.

    ``dialect`` names the decoder ("claude_hook", "mpm", "transcript", "api" or a plugin's own),
    ``at`` is the time of arrival in microseconds since the epoch, ``source`` says how it came,
    and ``delivery_id`` is set when the sender may repeat the same delivery.
    """

    dialect: str
    body: bytes
    at: int
    source: str
    delivery_id: str = ""
    #: The registration that sent it, where one source has several; otherwise the source.
    channel: str = ""
    #: Where the body came from when that matters to the decoder (a transcript's path).
    origin: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """An immutable fact. Times are microseconds since the epoch, UTC.

    ``kind`` is Claude Code's own name for a hook event ("PreToolUse"), "transcript.<type>" for a
    transcript line, "mpm.<subtype>" for what only the host reports, or any name a caller of
    ``Monitor.emit`` chose. ``payload`` is the original JSON text, ``seq`` the order in the store
    (0 before it is stored), ``event_id`` the identity that makes a second delivery a no-op.
    """

    kind: str
    session_id: str
    at: int
    source: str
    payload: bytes
    event_id: str = ""
    seq: int = 0
    agent_id: str = ""
    tool_use_id: str = ""
    prompt_id: str = ""
    project: str = ""
    #: The git branch checked out in `project` when the event arrived, where that was looked up.
    branch: str = ""
    tool_name: str = ""
    summary: str = ""

    def data(self) -> dict[str, Any]:
        """Return the payload as a dictionary ({} when it is JSON of another type).

        It is parsed once and shared: whoever asks must leave it as it is. A payload that is no
        JSON (a plugin's decoder may have stored anything) has no data either.
        """
        known: dict[str, Any] | None = self.__dict__.get("_data")
        if known is None:
            try:
                value = loads(self.payload)
            except ValueError:
                value = None
            known = self.__dict__["_data"] = value if isinstance(value, dict) else {}
        return known

    def as_stored(self, seq: int, event_id: str) -> Event:
        """Return the event as it has its place in the store, with what was parsed of it."""
        return self.with_fields(seq=seq, event_id=event_id)

    def with_fields(self, **fields: Any) -> Event:
        """Return the event with these fields, none of them the payload, and what was parsed."""
        changed = msgspec.structs.replace(self, **fields)
        if "_data" in self.__dict__:
            changed.__dict__["_data"] = self.__dict__["_data"]
        return changed

    def parsed_as(self, data: dict[str, Any]) -> Event:
        """Spare `data` the parsing: this is what the payload says, as the decoder has read it."""
        self.__dict__["_data"] = data
        return self

    def head(self) -> dict[str, Any]:
        """Return everything but the payload, as the dashboard's lists show it."""
        return {
            "seq": self.seq,
            "event_id": self.event_id,
            "session_id": self.session_id,
            "kind": self.kind,
            "at": self.at,
            "source": self.source,
            "agent_id": self.agent_id,
            "tool_use_id": self.tool_use_id,
            "prompt_id": self.prompt_id,
            "project": self.project,
            "branch": self.branch,
            "tool_name": self.tool_name,
            "summary": self.summary,
        }


def is_noise(event: Event) -> bool:
    """Tell whether the event is left out of lists unless asked for."""
    if event.source == LIVE_TRANSCRIPT:
        said = event.kind == "transcript.assistant" and event.summary and not event.tool_use_id
        return not said
    return event.kind in NOISE_KINDS or event.kind.startswith(NOISE_PREFIXES)


def one_line(text: object, limit: int = SUMMARY_LIMIT) -> str:
    """Return `text` as one readable line of at most `limit` characters."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text[: limit * 4].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
