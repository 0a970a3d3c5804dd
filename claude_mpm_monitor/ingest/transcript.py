"""Lines of Claude Code's transcripts, ``<config dir>/projects/<project>/<session>.jsonl``.

One line is one JSON object, as a rule. Real files also hold objects joined without a line break,
lines cut off by a crash and continued by the next run, and text that is not UTF-8; whatever can
be read of a line becomes events, and what cannot is kept beside them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from pathlib import PurePath
from typing import Any

import msgspec

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.hooks import text
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.ingest.transcript_wording import describe_line
from claude_mpm_monitor.model.event import Event, Raw, one_line
from claude_mpm_monitor.model.jsontext import loads
from claude_mpm_monitor.model.transcript import transcript_tool_calls

AGENT_META = "transcript.agent_meta"
UNREADABLE = "transcript.unreadable"
META_SUFFIX = ".meta.json"
#: The agent of a sidechain line whose version of Claude Code did not say which.
UNKNOWN_AGENT = "sidechain"
KIND_LIMIT = 80
_AGENT_FILE = "agent-"
_CALL_ID = "toolu_"
#: What may stand between joined objects: files put together bring their byte order marks along.
_BLANK = " \t\r\n\ufeff"

Parsed = tuple[dict[str, Any], bytes]


class TranscriptDecoder:
    """Decodes transcript lines and agents' meta files. Writer thread."""

    dialect = "transcript"

    def decode(self, raw: Raw) -> list[Event]:
        """Return the events of one line, or raise DecodeError."""
        return decode_line(raw)


class Place(msgspec.Struct, frozen=True):
    """Where a line stands, out of `Raw.origin`: ``<path>#<byte offset>``, or a path alone."""

    path: PurePath
    offset: str

    @classmethod
    def of(cls, origin: str) -> Place:
        """Take an origin apart."""
        path, mark, offset = origin.rpartition("#")
        if mark and offset.isdigit():
            return cls(_path(path), offset)
        return cls(_path(origin), "")

    @property
    def agent_id(self) -> str:
        """The agent whose file it is, "" for the main agent's."""
        name = self.path.name.removesuffix(META_SUFFIX).removesuffix(".jsonl")
        return name.removeprefix(_AGENT_FILE) if name.startswith(_AGENT_FILE) else ""

    @property
    def session_id(self) -> str:
        """The session whose file it is; "" when the path does not tell."""
        if "subagents" in self.path.parts[:-1]:
            return self.path.parts[self.path.parts.index("subagents") - 1]
        return "" if self.agent_id else self.path.name.removesuffix(".jsonl")

    def moved(self, distance: int) -> Place:
        """Return the place so many bytes further on.

        An object behind another one in a line has the place it has when it is read by itself,
        because the line did not go on yet.
        """
        return Place(self.path, str(int(self.offset) + distance) if self.offset else "")

    def key(self, body: bytes) -> str:
        """Name this line for good: the same text at the same place is the same fact."""
        digest = blake2b(body, digest_size=16).hexdigest()
        return "/".join((*self.path.parts[-2:], self.offset, digest))


@lru_cache(maxsize=64)
def _path(text: str) -> PurePath:
    """Every line of a file comes from the same one, and taking a path apart is slow."""
    return PurePath(text)


def decode_line(raw: Raw) -> list[Event]:
    """Return the events of one line (one, unless objects were joined), or raise DecodeError."""
    place = Place.of(raw.origin)
    if place.path.name.endswith(META_SUFFIX):
        return [_agent_meta(raw, place)]
    try:
        value = loads(raw.body)
    except ValueError as error:
        return _mend(raw, place, str(error))
    if not isinstance(value, dict):
        raise DecodeError(f"a transcript line holds {type(value).__name__}, not an object")
    return [_event((value, raw.body), raw, place)]


def _event(parsed: Parsed, raw: Raw, place: Place) -> Event:
    line, body = parsed
    line_type = one_line(line.get("type"), KIND_LIMIT)
    if not line_type:
        raise DecodeError("a transcript line without type")
    kind = f"transcript.{line_type}"
    session_id = text(line, "sessionId") or place.session_id
    calls = transcript_tool_calls(line)
    return Event(
        event_id=_identity(session_id, kind, text(line, "uuid"), place, body),
        kind=kind,
        session_id=session_id,
        at=line_time(line.get("timestamp")) or raw.at,
        source=raw.source,
        agent_id=_agent(line, place),
        tool_use_id=calls[0].tool_use_id if calls else _related_call(line),
        prompt_id=text(line, "promptId"),
        project=text(line, "cwd"),
        tool_name=calls[0].name if calls else "",
        summary=describe_line(line),
        payload=body,
    ).parsed_as(line)


def _identity(session_id: str, kind: str, uuid: str, place: Place, body: bytes) -> str:
    if uuid:
        return fact_id(session_id, kind, uuid)
    return fact_id(session_id, kind, place.key(body)) if place.offset else ""


def line_time(stamp: object) -> int | None:
    """Return an ISO timestamp as microseconds since the epoch, None when it is not one."""
    if not isinstance(stamp, str):
        return None
    try:
        moment = datetime.fromisoformat(stamp)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)
    except (ValueError, OverflowError):
        return None


def _agent(line: dict[str, Any], place: Place) -> str:
    data = line.get("data")
    of_data = text(data, "agentId") if isinstance(data, dict) else ""
    named = text(line, "agentId") or of_data or place.agent_id
    return named or (UNKNOWN_AGENT if line.get("isSidechain") is True else "")


def _related_call(line: dict[str, Any]) -> str:
    """The call that a progress, system or attachment line is about, if it is about one.

    The same fields also hold ids of hook runs, which are no calls.
    """
    attachment = line.get("attachment")
    of_attachment = text(attachment, "toolUseID") if isinstance(attachment, dict) else ""
    ids = (text(line, "parentToolUseID"), text(line, "toolUseID"), of_attachment)
    return next((name for name in ids if name.startswith(_CALL_ID)), "")


def _agent_meta(raw: Raw, place: Place) -> Event:
    try:
        meta = loads(raw.body)
    except ValueError as error:
        raise DecodeError(str(error)) from None
    if not isinstance(meta, dict):
        raise DecodeError("an agent's meta file that holds no object")
    what = " · ".join(filter(None, (text(meta, "agentType"), text(meta, "description"))))
    digest = blake2b(raw.body, digest_size=16).hexdigest()
    return Event(
        event_id=fact_id(place.session_id, AGENT_META, f"{place.agent_id}/{digest}"),
        kind=AGENT_META,
        session_id=place.session_id,
        at=raw.at,
        source=raw.source,
        agent_id=place.agent_id,
        tool_use_id=text(meta, "toolUseId"),
        summary=one_line(what),
        payload=raw.body,
    )


def _mend(raw: Raw, place: Place, problem: str) -> list[Event]:
    """Read what can be read of a damaged line; raise DecodeError when that is nothing."""
    content = raw.body.decode("utf-8", errors="replace")
    parsed: list[tuple[Parsed, Place]] = []
    unread: list[str] = []
    offset = 0
    for value, piece in _pieces(content):
        body = piece.encode("utf-8", errors="replace")
        if value is not None:
            parsed.append(((value, body), place.moved(offset)))
        elif piece.strip(_BLANK):
            unread.append(piece)
        offset += len(body)
    if not parsed:
        raise DecodeError(problem)
    events = [_event(entry, raw, its_place) for entry, its_place in parsed]
    return events + [_unreadable(piece, problem, raw, events[0], place) for piece in unread]


def _pieces(content: str) -> Iterator[tuple[dict[str, Any] | None, str]]:
    """Yield the text in parts: the objects that stand in it, and with None what lies between."""
    position, unread = 0, 0
    decoder = json.JSONDecoder()
    while (start := content.find("{", position)) >= 0:
        try:
            value, end = decoder.raw_decode(content, start)
        except (ValueError, RecursionError):
            position = start + 1
            continue
        if not _is_line(value, content[end:].lstrip(_BLANK)):
            position = start + 1
            continue
        yield None, content[unread:start]
        yield value, content[start:end]
        position = unread = end
    yield None, content[unread:]


def _is_line(value: dict[str, Any], rest: str) -> bool:
    """Tell a whole line from an object inside a damaged one."""
    named = "sessionId" in value or "uuid" in value or "leafUuid" in value or "snapshot" in value
    return "type" in value and named and (not rest or rest.startswith("{"))


def _unreadable(piece: str, problem: str, raw: Raw, beside: Event, place: Place) -> Event:
    body = msgspec.json.encode({"type": "unreadable", "text": piece, "problem": problem})
    return Event(
        event_id=fact_id(beside.session_id, UNREADABLE, place.key(body)),
        kind=UNREADABLE,
        session_id=beside.session_id,
        at=beside.at,
        source=raw.source,
        agent_id=beside.agent_id,
        project=beside.project,
        summary=one_line(f"a part of a line that cannot be read: {piece}"),
        payload=body,
    )
