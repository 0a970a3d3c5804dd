"""The files in which claude-mpm keeps records of its own, and what they tell.

``<project>/.claude-mpm/responses`` has what agents were asked and answered, one object a file,
where the user has switched that on: ``<session>-<agent>-<time>.json``, in early versions
``<session>/response_001.json``. ``~/.claude-mpm/commit-costs.jsonl`` has a line for each commit
made where the host's git hook is installed (version 6), whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path, PurePath
from typing import Any

from claude_mpm_monitor.errors import DecodeError
from claude_mpm_monitor.ingest.hooks import text
from claude_mpm_monitor.ingest.identity import fact_id
from claude_mpm_monitor.model.event import (
    COMMIT_COST,
    RESPONSE,
    TASK_REPORT,
    Event,
    Raw,
    one_line,
)
from claude_mpm_monitor.model.jsontext import canonical, loads

DIALECT = "mpm_record"
SOURCE = "claude_mpm_file"
HOST_FOLDER = ".claude-mpm"
COMMIT_COSTS = "commit-costs.jsonl"
_RESPONSES = "responses"
#: The host renamed these between versions.
_REQUEST = ("request", "request_summary")
_ANSWER = ("response", "response_content")
#: Nobody has more records of one project than a computer of theirs can list in a second.
_MOST_FILES = 100_000

Json = dict[str, Any]


class RecordDecoder:
    """Decodes the host's own records. Writer thread."""

    dialect = DIALECT

    def decode(self, raw: Raw) -> list[Event]:
        """Return the event of one record, or raise DecodeError."""
        try:
            record = loads(raw.body.removeprefix(b"\xef\xbb\xbf"))
        except ValueError as error:
            raise DecodeError(str(error)) from None
        if not isinstance(record, dict):
            raise DecodeError("a record of claude-mpm that holds no object")
        if "commit_sha" in record:
            return [_commit_cost(record, raw)]
        if any(name in record for name in _ANSWER):
            return [_response(record, raw)]
        raise DecodeError(
            "a file of claude-mpm that is neither a response nor the cost of a commit"
        )


def responses_folder(project: Path) -> Path:
    """Where the host keeps the responses of a project."""
    return project / HOST_FOLDER / _RESPONSES


def is_record(path: PurePath) -> bool:
    """Tell a record of the host's from a transcript."""
    return path.name == COMMIT_COSTS or (path.suffix == ".json" and _RESPONSES in path.parts)


def is_of_session(name: str, session_id: str) -> bool:
    """Tell whether an entry of the folder of responses is the session's: a file, or its folder."""
    return name == session_id or (name.startswith(f"{session_id}-") and name.endswith(".json"))


def record_files(projects: Iterable[Path]) -> Iterator[Path]:
    """Yield the responses kept in the projects; none where there is no such folder."""
    for project in projects:
        folder = responses_folder(project)
        try:
            found = sorted([*folder.glob("*.json"), *folder.glob("*/*.json")])
        except OSError:
            continue  # not readable: as good as none
        yield from found[:_MOST_FILES]


def _response(record: Json, raw: Raw) -> Event:
    metadata = record.get("metadata")
    told = metadata if isinstance(metadata, dict) else {}
    report = told.get("structured_response")
    session_id = text(record, "session_id")
    agent = text(record, "agent") or text(record, "agent_name") or text(told, "agent")
    if isinstance(report, dict) and report:
        kind, words = TASK_REPORT, _of_report(report)
    else:
        kind, words = RESPONSE, [_first(record, _REQUEST), _first(record, _ANSWER)]
    return Event(
        event_id=fact_id(session_id, kind, _digest(raw.body)),
        kind=kind,
        session_id=session_id,
        at=_moment(record.get("timestamp")) or raw.at,
        source=SOURCE,
        project=text(told, "working_directory") or _project(raw.origin),
        summary=_summary([agent, *words]),
        payload=raw.body,
    )


def _of_report(report: Json) -> list[str]:
    """What an agent says of its task in the form that the host asks it for."""
    files, remember = report.get("files_modified"), report.get("remember")
    memories = report.get("MEMORIES")
    return [
        "completed" if report.get("task_completed") is True else "not completed",
        f"{len(files)} files" if isinstance(files, list) and files else "",
        f"{len(remember)} to remember" if isinstance(remember, list) and remember else "",
        f"{len(memories)} memories" if isinstance(memories, list) and memories else "",
        one_line(report.get("results")) or one_line(report.get("instructions")),
    ]


def _commit_cost(record: Json, raw: Raw) -> Event:
    printed = one_line(record.get("git_output"))
    return Event(
        event_id=fact_id("", COMMIT_COST, _digest(raw.body)),
        kind=COMMIT_COST,
        session_id="",
        at=_moment(record.get("timestamp")) or raw.at,
        source=SOURCE,
        project=text(record, "cwd"),
        summary=_summary(
            [
                text(record, "commit_sha"),
                _count(record.get("tokens_in"), "in"),
                _count(record.get("tokens_out"), "out"),
                "" if printed.startswith("[hook]") else printed,
            ]
        ),
        payload=raw.body,
    )


def _count(value: object, unit: str) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return f"{value:,} {unit}" if is_number else ""


def _first(record: Json, names: tuple[str, ...]) -> str:
    return next(filter(None, (one_line(record.get(name)) for name in names)), "")


def _summary(words: Iterable[str]) -> str:
    return one_line(" · ".join(word for word in words if word))


def _moment(stamp: object) -> int | None:
    """Return a time in microseconds; versions before 4.3 wrote the clock on the wall."""
    if not isinstance(stamp, str):
        return None
    try:
        return round(datetime.fromisoformat(stamp).timestamp() * 1e6)
    except (ValueError, OverflowError, OSError):
        return None


def _project(origin: str) -> str:
    parents = PurePath(origin.rpartition("#")[0] or origin).parents
    return next((str(p.parent) for p in parents if p.name == HOST_FOLDER), "")


def _digest(body: bytes) -> str:
    """A record that is written anew is the same, whatever its white space."""
    with suppress(ValueError):  # read leniently: then the text itself is what there is
        body = canonical(body)
    return blake2b(body, digest_size=16).hexdigest()
