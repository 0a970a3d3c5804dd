"""What ``mpm-monitor export --format jsonl`` has written: an event a line, brought back as it was.

Each keeps its id, time and source, so that a session which is there already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.model.event import LATEST_AT, Event, Raw, one_line

DIALECT = "exported"
#: Who brought the file in; an event in it says itself how it once came.
SOURCE = "import"
#: No line that was exported is longer: no payload is (bytes).
LINE_BYTES = 64 * 1024 * 1024


class _Line(msgspec.Struct):
    """One event as `export.jsonl` writes it; what names it is never left out."""

    event_id: str
    session_id: str
    kind: str
    at: int
    payload: msgspec.Raw
    source: str = SOURCE
    agent_id: str = ""
    tool_use_id: str = ""
    prompt_id: str = ""
    project: str = ""
    branch: str = ""
    tool_name: str = ""
    summary: str = ""
    #: The payload where it is no JSON.
    payload_text: str | None = None


_line = msgspec.json.Decoder(_Line)


class ExportedDecoder:
    """Decodes one line. Writer thread."""

    dialect = DIALECT

    def decode(self, raw: Raw) -> list[Event]:
        """Return the event, or raise DecodeError."""
        try:
            line = _line.decode(raw.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DecodeError(f"not an exported event: {error}") from None
        if not line.kind or not 0 <= line.at <= LATEST_AT:
            raise DecodeError("not an exported event: it has no kind, or no time there is")
        text = line.payload_text
        fields = {name: getattr(line, name) for name in _KEPT}
        fields["event_id"] = _event_id(line.event_id)
        payload = bytes(line.payload) if text is None else text.encode(errors="replace")
        return [Event(**fields, summary=one_line(line.summary), payload=payload)]


def _event_id(text: str) -> str:
    """Return the id as the store writes it, so that it is the same one there; or DecodeError.

    Of any length: a plugin's decoder makes ids of its own.
    """
    try:
        known = bytes.fromhex(text).hex()
    except ValueError:
        known = ""
    if not known:
        raise DecodeError(f"not an exported event: {text!r} is no event_id")
    return known


_KEPT = tuple(
    name for name in _Line.__struct_fields__ if name not in {"summary", "payload", "payload_text"}
)


class ExportedEvents:
    """Reads files of exported events."""

    name = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl",)

    def reads(self, path: Path) -> bool:
        """Tell by the first line."""
        with path.open("rb") as file:
            try:
                _line.decode(file.readline(LINE_BYTES))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return False
        return True

    def read(self, path: Path) -> Iterator[Raw]:
        """Yield the lines."""
        at = path.stat().st_mtime_ns // 1_000
        with path.open("rb") as file:
            while line := file.readline(LINE_BYTES):
                if line.strip():
                    yield Raw(dialect=DIALECT, body=line.rstrip(b"\n"), at=at, source=SOURCE)
